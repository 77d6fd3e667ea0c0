package org.bqx.faults;

import java.sql.SQLException;
import java.util.Map;
import org.bqx.cli.ManagedServer;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** While the client computes. */
@Tag("slow")
class ClientRandomKillIT extends RandomKillContract {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.inOwnCluster(Map.of());

  private static final ManagedServer SERVER = new ManagedServer(DATABASE);

  ClientRandomKillIT() {
    super(DATABASE, SERVER.runner(), 5);
  }

  @Override
  void migrate() throws SQLException {
    SERVER.migrate();
  }
}
