package org.bqx.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.Driver;

/** A database for those who only read: what its connections may not do. */
class DatabaseIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  @Test
  void whoOnlyReadsWritesNothingAndDoesNotStayLong() throws SQLException {
    try (Database writing = new Database(settings(), "test");
        Database reading = writing.forReading(1)) {
      for (Connection connection : new Connection[] {reading.connect(), reading.connectForWork()}) {
        try (Statement statement = connection.createStatement()) {
          assertThatThrownBy(() -> statement.execute("CREATE TABLE public.written ()"))
              .isInstanceOfSatisfying(
                  SQLException.class,
                  refused -> assertThat(refused.getSQLState()).isEqualTo("25006"));
          assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(20)"))
              .isInstanceOfSatisfying(
                  SQLException.class, ended -> assertThat(ended.getSQLState()).isEqualTo("57014"));
        }
      }
      try (Statement statement = writing.connect().createStatement()) {
        statement.execute("CREATE TABLE public.written ()");
      }
    }
  }

  @Test
  void whoConnectsNextGetsTheSessionThatWasGivenBackAsLongAsItLives() throws SQLException {
    Connection other;
    try (Database database = new Database(settings(), "test")) {
      Connection first = database.connect();
      int session = session(first);
      database.giveBack(first);
      Connection again = database.connect();
      assertThat(session(again)).isEqualTo(session);
      other = database.connect();
      assertThat(session(other)).isNotEqualTo(session);

      database.giveBack(again);
      try (Statement statement = other.createStatement()) {
        statement.execute("SELECT pg_terminate_backend(%d, 10000)".formatted(session));
      }
      assertThat(session(database.connect())).isNotEqualTo(session);
      database.giveBack(other);
    }
    assertThat(other.isClosed()).isTrue();
  }

  private static int session(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static ConnectionSettings settings() {
    Properties url = Driver.parseURL(DATABASE.jdbcUrl(), null);
    return new ConnectionSettings(
        url.getProperty("PGHOST"),
        Integer.parseInt(url.getProperty("PGPORT")),
        url.getProperty("user"),
        DATABASE.name(),
        Map.of("password", url.getProperty("password", "")));
  }
}
