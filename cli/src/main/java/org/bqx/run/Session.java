package org.bqx.run;

import java.sql.Connection;
import java.sql.SQLException;
import org.bqx.connection.Database;
import org.bqx.failure.Failure;
import org.bqx.nodes.NodeMap;
import org.jooq.exception.DataAccessException;

/**
 * One connection, and with it one backend and its JVM, kept from one use to the next and replaced
 * when it is lost. Used by one thread at a time.
 */
public final class Session implements AutoCloseable {
  private static final int ANSWER_SECONDS = 10;

  /** Makes a connection ready. */
  @FunctionalInterface
  public interface Opening {
    /** Returns a new connection. */
    Connection open() throws SQLException;
  }

  /** What is done on a connection, from its beginning each time. */
  @FunctionalInterface
  public interface Use<T> {
    /** Does it, and leaves no transaction open. */
    T on(Connection connection) throws SQLException;
  }

  private final Database database;
  private final boolean ofFront;
  private final Opening opening;
  private Connection connection;

  /**
   * @param database by whose end nothing is tried again
   * @param ofFront whether it has nodes whose loss ends the use at once: a new connection does not
   *     mend it
   */
  public Session(Database database, boolean ofFront, Opening opening) {
    this.database = database;
    this.ofFront = ofFront;
    this.opening = opening;
  }

  /**
   * Does something, again after failures that pass, as {@link RetryPolicy} has it.
   *
   * @throws DataAccessException or SQLException when the last attempt failed, or another would fail
   *     too
   * @throws Failure when the server cannot be reached any more
   */
  public <T> T use(Use<T> use) throws SQLException, InterruptedException {
    return use(RetryPolicy.COMPUTATIONS, use);
  }

  /**
   * Does something, and not again. A connection that it has lost is replaced by the next use.
   *
   * @throws DataAccessException or SQLException when it failed
   * @throws Failure when the server cannot be reached any more
   */
  public <T> T useOnce(Use<T> use) throws SQLException, InterruptedException {
    try {
      return use(1, use);
    } catch (SQLException | RuntimeException refused) {
      passes(refused);
      throw refused;
    }
  }

  private <T> T use(int attempts, Use<T> use) throws SQLException, InterruptedException {
    try {
      return RetryPolicy.retry(
          attempts, this::passes, database::isCancelled, () -> use.on(connection()));
    } catch (SQLException | RuntimeException | InterruptedException known) {
      throw known;
    } catch (Exception unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }

  /** After a failure that passes, the next attempt has a connection of its own. */
  private boolean passes(Exception refused) {
    boolean passes =
        !(refused instanceof Failure)
            && RetryPolicy.isTransient(refused, connection)
            && !isOfNode(refused);
    if (passes) {
      close();
    }
    return passes;
  }

  /** Whether it is a node that was lost, and not the front. */
  private boolean isOfNode(Exception refused) {
    try {
      return ofFront
          && NodeMap.isLoss(RetryPolicy.sqlState(refused))
          && connection != null
          && connection.isValid(ANSWER_SECONDS);
    } catch (SQLException unasked) {
      return false;
    }
  }

  private Connection connection() throws InterruptedException {
    if (connection == null) {
      try {
        connection =
            RetryPolicy.retry(
                RetryPolicy.CONNECTIONS,
                refused -> RetryPolicy.isTransient(RetryPolicy.sqlState(refused)),
                database::isCancelled,
                opening::open);
      } catch (InterruptedException interrupted) {
        throw interrupted;
      } catch (Exception refused) {
        throw Failure.of(refused);
      }
    }
    return connection;
  }

  @Override
  public void close() {
    if (connection == null) {
      return;
    }
    try {
      connection.close();
    } catch (SQLException gone) {
      // The driver closes the socket whatever the server still says.
      connection = null;
    }
    connection = null;
  }
}
