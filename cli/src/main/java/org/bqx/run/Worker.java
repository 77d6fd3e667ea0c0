package org.bqx.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bqx.connection.Database;
import org.bqx.failure.Failure;
import org.bqx.partition.Partition;
import org.bqx.partition.Work;
import org.jooq.exception.DataAccessException;

/** Computes one partition after the other in a {@link Session}. Used by one thread at a time. */
final class Worker implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Database database;
  private final Work work;
  private final RunSettings settings;
  private final Session session;
  private PartitionStore store;

  /**
   * @param ofFront whether the database has nodes, whose loss a new session does not mend
   */
  Worker(Database database, Work work, RunSettings settings, boolean ofFront) {
    this.database = database;
    this.work = work;
    this.settings = settings;
    session = new Session(database, ofFront, this::connect);
  }

  /**
   * Computes a partition, again after failures that pass.
   *
   * @return the rows written
   * @throws DataAccessException when the last attempt failed, or another would fail too
   * @throws Failure when the server cannot be reached any more
   */
  long compute(Partition partition, boolean force) throws InterruptedException {
    return retrying(() -> store.backfill(partition, force));
  }

  /** Leaves a failure where every session sees it. */
  void record(PartitionFailure failure) throws InterruptedException {
    retrying(
        () -> {
          store.recordFailure(failure);
          return null;
        });
  }

  /** Asks something of the database. */
  <T> T read(Function<PartitionStore, T> question) throws InterruptedException {
    return retrying(() -> question.apply(store));
  }

  private <T> T retrying(Supplier<T> statement) throws InterruptedException {
    try {
      return session.use(connection -> statement.get());
    } catch (SQLException unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }

  private Connection connect() throws SQLException {
    Connection connected = database.connect();
    store = PartitionStore.on(connected, work, settings);
    limitWaiting(connected);
    return connected;
  }

  /** For a server that is gone without a word: one that is there answers, if only with an error. */
  private void limitWaiting(Connection connected) throws SQLException {
    if (!settings.statementTimeout().isZero()) {
      connected.setNetworkTimeout(
          Runnable::run, Math.toIntExact(settings.statementTimeout().plus(GRACE).toMillis()));
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
