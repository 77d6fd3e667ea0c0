package org.bqx.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
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
    Properties url = Driver.parseURL(DATABASE.jdbcUrl(), null);
    ConnectionSettings settings =
        new ConnectionSettings(
            url.getProperty("PGHOST"),
            Integer.parseInt(url.getProperty("PGPORT")),
            url.getProperty("user"),
            DATABASE.name(),
            Map.of("password", url.getProperty("password", "")));
    try (Database writing = new Database(settings, "test");
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
}
