package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The mutations, computed and verified by the client where the server has no Java. */
class ClientVerifyIT extends VerifyContract {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.inOwnCluster(Map.of());

  private static final ManagedServer SERVER = new ManagedServer(DATABASE);

  ClientVerifyIT() {
    super(DATABASE, SERVER.runner(), "eurusd", "2024-08-01 05:07 UTC", "2024-08-01 13:00 UTC");
  }

  @BeforeAll
  static void makeBars() throws SQLException {
    SERVER.migrate();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      VerifyIT.makeBars(sql, "eurusd", 1.1, "2024-07-31 12:00Z", "2024-08-01 11:59Z");
    }
  }

  @Test
  void theFactsAreThoseOfTheServersEngine() {
    assertThat(SERVER.runner().run("verify", "--full", "--json").out())
        .contains("\"rows against the reference\":", "\"rows computed again\":\"720\"");
  }
}
