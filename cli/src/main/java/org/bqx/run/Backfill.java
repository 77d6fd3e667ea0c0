package org.bqx.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.failure.Failure;
import org.bqx.nodes.NodeMap;
import org.bqx.partition.Partition;
import org.bqx.partition.WorkQueue;
import org.jooq.exception.DataAccessException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Computes what is missing, stale or failed: workers take partitions from one queue, each worker
 * keeps its connection, because a backend's first call starts a JVM.
 *
 * <p>A partition is one statement and one transaction. Several backfills share the work without
 * knowing of each other: the server's lock says who has a partition, nobody waits for it, and the
 * state row says that it is done. Partitions that others hold are looked at again at the end, when
 * they are done as a rule, or free because whoever held them is dead. So are those of a node that
 * does not answer, which may have been restarted meanwhile.
 */
public final class Backfill {
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Database database;
  private final BackfillRequest request;
  private final RunSettings settings;
  private final BackfillListener listener;
  private final Queue<Worker> idle = new ConcurrentLinkedQueue<>();
  private final List<PartitionFailure> failed = Collections.synchronizedList(new ArrayList<>());
  private final Queue<PartitionFailure> held = new ConcurrentLinkedQueue<>();
  private final Queue<PartitionFailure> unreached = new ConcurrentLinkedQueue<>();

  /** Nodes that were asked in vain since the queue was filled, each with what it said. */
  private final Map<String, PartitionFailure> lostNodes = new ConcurrentHashMap<>();

  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger removed = new AtomicInteger();
  private final AtomicLong rows = new AtomicLong();
  private NodeMap nodes = new NodeMap(Map.of());
  private WorkQueue<Worker, Partition> queue = new WorkQueue<>(nodes, Partition::pair);
  private PartitionStore.Range range;
  private int planned;
  private volatile boolean stopping;

  /**
   * @param database where to compute; {@link Database#cancel} stops the backfill
   * @param request what to compute
   * @param settings how
   * @param listener is told how it goes
   */
  public Backfill(
      Database database, BackfillRequest request, RunSettings settings, BackfillListener listener) {
    this.database = database;
    this.request = request;
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Computes until nothing is left to try.
   *
   * @throws Failure when a family or pair does not exist, or the server is lost
   */
  public BackfillOutcome run() throws SQLException, InterruptedException {
    try (RunLog log = open(false)) {
      computeRange();
      return finish(log);
    } finally {
      idle.forEach(Worker::close);
    }
  }

  /**
   * Computes what there is, then what bars make missing or stale as they come, until it is
   * cancelled.
   *
   * @param poll how often to look although nobody told of new bars
   * @throws Failure when a family or pair does not exist, or the server is lost
   */
  public BackfillOutcome follow(Duration poll) throws SQLException, InterruptedException {
    try (RunLog log = open(true);
        // Before the first look, so that no bar comes between.
        BarsListener bars = new BarsListener(database)) {
      computeRange();
      while (!isStopped()) {
        Set<String> changed = bars.await(poll);
        if (!isStopped()) {
          compute(look(store -> store.toFollow(changed, request, settings)));
        }
      }
      return finish(log);
    } finally {
      idle.forEach(Worker::close);
    }
  }

  private RunLog open(boolean follow) throws SQLException, InterruptedException {
    try (Catalogue catalogue = new Catalogue(database)) {
      request.range().check(request.work(), catalogue);
      nodes = catalogue.nodes();
      queue = new WorkQueue<>(nodes, Partition::pair);
    }
    if (nodes.isFront()) {
      look(PartitionStore::noteMonths);
    }
    return new RunLog(database, request, settings, follow);
  }

  private BackfillOutcome finish(RunLog log) throws SQLException {
    BackfillOutcome outcome =
        new BackfillOutcome(
            planned,
            done.get(),
            rows.get(),
            removed.get(),
            failed,
            List.copyOf(held),
            range.leftOut(),
            range.empty(),
            database.isCancelled());
    log.finish(outcome);
    return outcome;
  }

  private void computeRange() throws SQLException, InterruptedException {
    range = look(store -> store.toCompute(request, settings));
    listener.leftOut(range.leftOut());
    listener.leftOver(request.work(), range.leftOver());
    compute(range.partitions());
  }

  private <T> T look(Function<PartitionStore, T> look) throws InterruptedException {
    Worker worker = takeWorker();
    try {
      return worker.read(look);
    } finally {
      idle.add(worker);
    }
  }

  /** Computes partitions, and in the end those that others held or no node answered for. */
  private void compute(Collection<Partition> partitions) throws SQLException, InterruptedException {
    planned += partitions.size();
    listener.planned(planned);
    held.clear();
    unreached.clear();
    partitions.forEach(queue::add);
    computeQueue();
    long lastFreed = System.nanoTime();
    for (int attempt = 1;
        !(held.isEmpty() && unreached.isEmpty())
            && !isStopped()
            && System.nanoTime() - lastFreed < settings.patience().toNanos();
        attempt++) {
      RetryPolicy.sleep(
          RetryPolicy.pause(Math.min(attempt, 4), ThreadLocalRandom.current()), this::isStopped);
      int before = held.size() + unreached.size();
      requeue(held);
      requeue(unreached);
      computeQueue();
      if (held.size() + unreached.size() < before) {
        lastFreed = System.nanoTime();
      }
    }
    held.forEach(listener::held);
    giveUpUnreached();
  }

  private void requeue(Queue<PartitionFailure> waiting) {
    for (PartitionFailure one = waiting.poll(); one != null; one = waiting.poll()) {
      queue.add(one.partition());
    }
  }

  /** What a node did not take is failed, so that it is found again when the node is back. */
  private void giveUpUnreached() throws InterruptedException {
    if (unreached.isEmpty() || isStopped()) {
      return;
    }
    failed.addAll(unreached);
    Map<String, List<PartitionFailure>> byNode =
        unreached.stream()
            .collect(
                Collectors.groupingBy(
                    failure -> nodes.of(failure.partition().pair()),
                    TreeMap::new,
                    Collectors.toList()));
    byNode.forEach(
        (node, failures) -> listener.unreachable(node, failures.size(), failures.get(0)));
    Worker worker = takeWorker();
    try {
      for (PartitionFailure failure : unreached) {
        record(worker, failure);
      }
    } finally {
      idle.add(worker);
    }
  }

  private void computeQueue() throws SQLException, InterruptedException {
    lostNodes.clear();
    int size = Math.min(request.workers(), queue.size());
    if (size == 0) {
      return;
    }
    ExecutorService pool = Executors.newFixedThreadPool(size);
    try {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < size; i++) {
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
      queue.clear();
      pool.shutdownNow();
    }
  }

  private void work() throws InterruptedException {
    Worker worker = takeWorker();
    try {
      for (Partition partition = isStopped() ? null : queue.take(worker);
          partition != null;
          partition = isStopped() ? null : queue.take(worker)) {
        compute(worker, partition);
      }
    } finally {
      idle.add(worker);
    }
  }

  private void compute(Worker worker, Partition partition) throws InterruptedException {
    String node = nodes.of(partition.pair());
    PartitionFailure lost = node == null ? null : lostNodes.get(node);
    if (lost != null) {
      unreached.add(new PartitionFailure(partition, lost.sqlState(), lost.message(), lost.hint()));
      return;
    }
    try {
      long written = worker.compute(partition, request.force());
      rows.addAndGet(written);
      done.incrementAndGet();
      // Bars may have come back meanwhile.
      if (written == 0 && range.removals().contains(partition)) {
        removed.incrementAndGet();
        listener.removed(partition);
      }
      listener.done(partition, written);
    } catch (DataAccessException refused) {
      if (database.isCancelled()) {
        return;
      }
      PartitionFailure failure = failure(partition, refused);
      if (LOCK_NOT_AVAILABLE.equals(failure.sqlState())) {
        held.add(failure);
        return;
      }
      if (node != null && NodeMap.isLoss(failure.sqlState())) {
        lostNodes.put(node, failure);
        unreached.add(failure);
        return;
      }
      failed.add(failure);
      if (settings.failFast()) {
        stopping = true;
      }
      listener.failed(failure);
      record(worker, failure);
    }
  }

  /** A node that is lost takes no record of a failure either, and the rest goes on. */
  private void record(Worker worker, PartitionFailure failure) throws InterruptedException {
    try {
      worker.record(failure);
    } catch (DataAccessException refused) {
      if (!nodes.isFront() || !NodeMap.isLoss(refused.sqlState())) {
        throw refused;
      }
    }
  }

  private Worker takeWorker() {
    Worker worker = idle.poll();
    return worker == null
        ? new Worker(database, request.work(), settings, nodes.isFront())
        : worker;
  }

  private boolean isStopped() {
    return stopping || database.isCancelled();
  }

  private static PartitionFailure failure(Partition partition, DataAccessException refused) {
    PSQLException cause = refused.getCause(PSQLException.class);
    ServerErrorMessage server = cause == null ? null : cause.getServerErrorMessage();
    return new PartitionFailure(
        partition,
        refused.sqlState(),
        cause == null ? refused.getMessage() : Failure.message(cause),
        server == null ? null : server.getHint());
  }

  private void await(Future<?> worker) throws SQLException, InterruptedException {
    try {
      worker.get();
    } catch (ExecutionException failure) {
      if (database.isCancelled()) {
        return;
      }
      // The others find no server either, or would compute for a command that has ended.
      stopping = true;
      if (failure.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(failure.getCause());
    }
  }
}
