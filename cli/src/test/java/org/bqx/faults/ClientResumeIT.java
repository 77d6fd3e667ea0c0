package org.bqx.faults;

import java.sql.SQLException;
import java.util.Map;
import org.bqx.cli.ManagedServer;
import org.bqx.engine.ByClient;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kills while the client computes. */
@Tag("slow")
class ClientResumeIT extends ResumeContract {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.inOwnCluster(Map.of());

  private static final ManagedServer SERVER = new ManagedServer(DATABASE);

  ClientResumeIT() {
    super(DATABASE, SERVER.runner(), new ByClient());
  }

  @Override
  void migrate() throws SQLException {
    SERVER.migrate();
  }
}
