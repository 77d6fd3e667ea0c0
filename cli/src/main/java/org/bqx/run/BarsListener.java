package org.bqx.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.bqx.connection.Database;
import org.bqx.failure.Failure;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Hears of changed bars from the triggers of {@code bqx.m1}; connects again when it must. */
final class BarsListener implements AutoCloseable {
  /** How long an interrupt may go unnoticed. */
  private static final int SLICE_MILLIS = 200;

  private static final int ANSWER_SECONDS = 10;

  private final Database database;
  private Connection connection;

  BarsListener(Database database) throws SQLException {
    this.database = database;
    connect();
  }

  /**
   * Waits until bars change.
   *
   * @param poll the longest to wait
   * @return the pairs whose bars changed, none after {@code poll} or after a lost connection, which
   *     both are reasons to look
   */
  Set<String> await(Duration poll) throws InterruptedException {
    long end = System.nanoTime() + poll.toNanos();
    Set<String> pairs = new TreeSet<>();
    try {
      while (pairs.isEmpty() && System.nanoTime() < end && !database.isCancelled()) {
        PGNotification[] heard =
            connection.unwrap(PGConnection.class).getNotifications(SLICE_MILLIS);
        for (PGNotification notification : heard == null ? new PGNotification[0] : heard) {
          pairs.add(notification.getParameter().split(" ")[0]);
        }
      }
      // Who only listens does not notice that nobody speaks any more.
      if (pairs.isEmpty() && !database.isCancelled() && !connection.isValid(ANSWER_SECONDS)) {
        reconnect();
      }
    } catch (SQLException lost) {
      reconnect();
    }
    return pairs;
  }

  private void reconnect() throws InterruptedException {
    for (int attempt = 1; !database.isCancelled(); attempt++) {
      try {
        connect();
        return;
      } catch (Failure | SQLException refused) {
        if (attempt == RetryPolicy.CONNECTIONS) {
          throw Failure.of(refused);
        }
        RetryPolicy.sleep(
            RetryPolicy.pause(attempt, ThreadLocalRandom.current()), database::isCancelled);
      }
    }
  }

  private void connect() throws SQLException {
    connection = database.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN bqx_bars");
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
