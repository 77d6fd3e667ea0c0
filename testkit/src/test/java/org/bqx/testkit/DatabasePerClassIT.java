package org.bqx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.bqx.cluster.PostgresCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabasePerClassIT {

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension static final TestDatabase other = TestDatabase.create();

  @AfterAll
  static void dropRole() throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP ROLE IF EXISTS bqx_testkit_guest");
    }
  }

  @Test
  void eachIsADatabaseOfItsOwn() throws SQLException {
    assertThat(value(database.connect(), "SELECT current_database()")).isEqualTo(database.name());
    assertThat(database.name()).isNotEqualTo(other.name());
    assertThat(value(database.connect(), "SELECT rolsuper FROM pg_roles WHERE rolname = user"))
        .isEqualTo("t");
  }

  @Test
  void aSessionOfARoleHasItsRightsOnly() throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE bqx_testkit_guest");
      statement.execute("CREATE TABLE closed (n integer)");
    }
    assertThat(value(database.connectAs("bqx_testkit_guest"), "SELECT session_user"))
        .isEqualTo("bqx_testkit_guest");
    assertThatThrownBy(() -> value(database.connectAs("bqx_testkit_guest"), "SELECT n FROM closed"))
        .hasMessageContaining("permission denied for table closed");
    PsqlResult refused = database.psqlAs("bqx_testkit_guest", "-c", "SELECT n FROM closed");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.errors()).contains("permission denied for table closed");
  }

  @Test
  void psqlRunsArguments() {
    // Java cannot pass on the letter itself where the locale is C.
    assertThat(database.psql("-c", "SELECT 1, chr(233)"))
        .isEqualTo(new PsqlResult(0, "1|\u00e9", ""));
  }

  @Test
  void theServerCanBeKilledWhereItIsPrivate() throws Exception {
    PostgresCluster cluster = database.assumeLocal();
    Connection connection = database.connect();
    ProcessHandle server = ProcessHandle.of(cluster.processId().orElseThrow()).orElseThrow();
    server.destroyForcibly();
    server.onExit().get(10, TimeUnit.SECONDS);
    cluster.start();
    assertThat(connection.isValid(5)).isFalse();
    assertThat(value(database.connect(), "SELECT 1")).isEqualTo("1");
  }

  @Nested
  class InsideAnother {
    @Test
    void theDatabaseIsTheSame() throws SQLException {
      assertThat(value(database.connect(), "SELECT current_database()")).isEqualTo(database.name());
    }
  }

  @Test
  void aUrlWithoutADatabaseIsRefused() {
    assertThatThrownBy(() -> TestServer.at("postgresql://localhost/x"))
        .hasMessageContaining("BQX_TEST_URL is not of the form jdbc:postgresql:");
    assertThat(TestServer.at("jdbc:postgresql://h:1/a?user=u").url("b"))
        .isEqualTo("jdbc:postgresql://h:1/b?user=u");
    assertThat(DriverManager.drivers()).isNotEmpty();
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
