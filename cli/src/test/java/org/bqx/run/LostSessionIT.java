package org.bqx.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the driver says of a session that the server has ended, which {@link RetryPolicy} reads. */
class LostSessionIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  @Test
  void aStatementThatEndsItsSessionIsTriedAgainWhateverItsCode() throws Exception {
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET idle_in_transaction_session_timeout = 10");
        TimeUnit.MILLISECONDS.sleep(500);
        SQLException ended =
            catchThrowableOfType(SQLException.class, () -> statement.execute("SELECT 1"));
        assertThat(ended.getSQLState()).isEqualTo("25P03");
        assertThat(RetryPolicy.isTransient("25P03")).isFalse();
        assertThat(RetryPolicy.isTransient(ended, connection)).isTrue();
      }
    }
  }

  @Test
  void aStatementThatFailsInASessionThatGoesOnIsNot() throws SQLException {
    try (Connection connection = DATABASE.connect();
        Statement statement = connection.createStatement()) {
      SQLException failed =
          catchThrowableOfType(SQLException.class, () -> statement.execute("SELECT 1 / 0"));
      assertThat(RetryPolicy.isTransient(failed, connection)).isFalse();
    }
  }
}
