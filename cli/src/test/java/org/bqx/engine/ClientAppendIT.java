package org.bqx.engine;

import java.sql.SQLException;
import java.util.Map;
import org.bqx.cli.ManagedServer;
import org.bqx.testkit.AppendContract;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Appended bars, computed by the client where the server has no Java. */
class ClientAppendIT extends AppendContract {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.inOwnCluster(Map.of());

  ClientAppendIT() {
    super(DATABASE, new ByClient());
  }

  @BeforeAll
  static void migrate() throws SQLException {
    new ManagedServer(DATABASE).migrate();
  }
}
