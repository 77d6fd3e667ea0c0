package org.bqx.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.bqx.connection.Database;
import org.bqx.failure.Failure;
import org.bqx.nodes.NodeMap;
import org.bqx.partition.Partition;
import org.bqx.partition.Work;
import org.jooq.exception.DataAccessException;

/**
 * One connection, and with it one backend and its JVM, kept from partition to partition and
 * replaced when it is lost. Used by one thread at a time.
 */
final class Worker implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final int ANSWER_SECONDS = 10;

  private final Database database;
  private final Work work;
  private final RunSettings settings;
  private final boolean ofFront;
  private Connection connection;
  private PartitionStore store;

  /**
   * @param ofFront whether the database has nodes, whose loss a new session does not mend
   */
  Worker(Database database, Work work, RunSettings settings, boolean ofFront) {
    this.database = database;
    this.work = work;
    this.settings = settings;
    this.ofFront = ofFront;
  }

  /**
   * Computes a partition, again after failures that pass.
   *
   * @return the rows written
   * @throws DataAccessException when the last attempt failed, or another would fail too
   * @throws Failure when the server cannot be reached any more
   */
  long compute(Partition partition, boolean force) throws InterruptedException {
    return retrying(() -> store().backfill(partition, force));
  }

  /** Leaves a failure where every session sees it. */
  void record(PartitionFailure failure) throws InterruptedException {
    retrying(
        () -> {
          store().recordFailure(failure);
          return null;
        });
  }

  /** Asks something of the database. */
  <T> T read(Function<PartitionStore, T> question) throws InterruptedException {
    return retrying(() -> question.apply(store()));
  }

  private <T> T retrying(Callable<T> statement) throws InterruptedException {
    try {
      return RetryPolicy.retry(
          RetryPolicy.COMPUTATIONS, this::passes, database::isCancelled, statement);
    } catch (RuntimeException | InterruptedException known) {
      throw known;
    } catch (Exception unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }

  /** After a failure that passes, the next attempt has a connection of its own. */
  private boolean passes(Exception refused) {
    boolean passes =
        refused instanceof DataAccessException failed
            && RetryPolicy.isTransient(failed, connection)
            && !isOfNode(failed);
    if (passes) {
      discard();
    }
    return passes;
  }

  /** Whether it is a node that was lost, and not the front. */
  private boolean isOfNode(DataAccessException refused) {
    try {
      return ofFront
          && NodeMap.isLoss(refused.sqlState())
          && connection != null
          && connection.isValid(ANSWER_SECONDS);
    } catch (SQLException unasked) {
      return false;
    }
  }

  private PartitionStore store() throws InterruptedException {
    if (connection == null) {
      connection = connect();
    }
    return store;
  }

  private Connection connect() throws InterruptedException {
    try {
      return RetryPolicy.retry(
          RetryPolicy.CONNECTIONS,
          refused -> RetryPolicy.isTransient(RetryPolicy.sqlState(refused)),
          database::isCancelled,
          () -> {
            Connection connected = database.connect();
            store = PartitionStore.on(connected, work, settings);
            limitWaiting(connected);
            return connected;
          });
    } catch (InterruptedException interrupted) {
      throw interrupted;
    } catch (Exception refused) {
      throw Failure.of(refused);
    }
  }

  /** For a server that is gone without a word: one that is there answers, if only with an error. */
  private void limitWaiting(Connection connected) throws SQLException {
    if (!settings.statementTimeout().isZero()) {
      connected.setNetworkTimeout(
          Runnable::run, Math.toIntExact(settings.statementTimeout().plus(GRACE).toMillis()));
    }
  }

  private void discard() {
    close();
    connection = null;
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
  }
}
