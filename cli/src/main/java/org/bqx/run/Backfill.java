package org.bqx.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.failure.Failure;
import org.jooq.exception.DataAccessException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Computes what is missing, stale or failed: workers take partitions from one queue, each worker
 * keeps its connection, because a backend's first call starts a JVM. A partition is one statement
 * and one transaction; two backfills that meet on one are told so by the server's lock.
 */
public final class Backfill {
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Database database;
  private final BackfillRequest request;
  private final BackfillListener listener;
  private final Queue<Partition> queue = new ConcurrentLinkedQueue<>();
  private final List<PartitionFailure> failed = Collections.synchronizedList(new ArrayList<>());
  private final List<PartitionFailure> held = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicLong rows = new AtomicLong();

  /**
   * @param database where to compute; {@link Database#cancel} stops the backfill
   * @param request what to compute
   * @param listener is told how it goes
   */
  public Backfill(Database database, BackfillRequest request, BackfillListener listener) {
    this.database = database;
    this.request = request;
    this.listener = listener;
  }

  /**
   * Computes until nothing is left to try.
   *
   * @throws Failure when a family or pair does not exist, or the server is lost
   */
  public BackfillOutcome run() throws SQLException, InterruptedException {
    try (Catalogue catalogue = new Catalogue(database);
        Connection connection = database.connect()) {
      List<String> families = catalogue.families(request.families());
      List<String> pairs = catalogue.pairs(request.pairs());
      queue.addAll(new PartitionStore(connection).toCompute(families, pairs, request));
    }
    int planned = queue.size();
    listener.planned(planned);
    ExecutorService pool = Executors.newFixedThreadPool(request.workers());
    try {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < Math.min(request.workers(), planned); i++) {
        workers.add(
            pool.submit(
                () -> {
                  work();
                  return null;
                }));
      }
      for (Future<?> worker : workers) {
        await(worker);
      }
    } finally {
      pool.shutdownNow();
    }
    return new BackfillOutcome(
        planned, done.get(), rows.get(), failed, held, database.isCancelled());
  }

  private void work() throws SQLException {
    Connection connection = database.connect();
    try {
      for (Partition partition = queue.poll();
          partition != null && !database.isCancelled();
          partition = queue.poll()) {
        if (!connection.isValid(0)) {
          connection.close();
          connection = database.connect();
        }
        compute(new PartitionStore(connection), partition);
      }
    } finally {
      connection.close();
    }
  }

  private void compute(PartitionStore store, Partition partition) throws SQLException {
    try {
      long written = store.backfill(partition, request.force());
      rows.addAndGet(written);
      done.incrementAndGet();
      listener.done(partition, written);
    } catch (DataAccessException refused) {
      if (database.isCancelled()) {
        return;
      }
      PartitionFailure failure = failure(partition, refused);
      if (LOCK_NOT_AVAILABLE.equals(failure.sqlState())) {
        held.add(failure);
        listener.held(failure);
        return;
      }
      failed.add(failure);
      listener.failed(failure);
      record(failure);
    }
  }

  /** Leaves the failure where every session sees it; a lost connection cannot carry it any more. */
  private void record(PartitionFailure failure) throws SQLException {
    try (Connection connection = database.connect()) {
      new PartitionStore(connection).recordFailure(failure);
    }
  }

  private static PartitionFailure failure(Partition partition, DataAccessException refused) {
    PSQLException cause = refused.getCause(PSQLException.class);
    ServerErrorMessage server = cause == null ? null : cause.getServerErrorMessage();
    return new PartitionFailure(
        partition,
        refused.sqlState(),
        server == null ? refused.getMessage() : server.getMessage(),
        server == null ? null : server.getHint());
  }

  private static void await(Future<?> worker) throws SQLException, InterruptedException {
    try {
      worker.get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof SQLException database) {
        throw database;
      } else if (failure.getCause() instanceof RuntimeException other) {
        throw other;
      }
      throw new IllegalStateException(failure.getCause());
    }
  }
}
