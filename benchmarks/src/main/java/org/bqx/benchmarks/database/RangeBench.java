package org.bqx.benchmarks.database;

import java.sql.SQLException;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.bqx.benchmarks.report.RangeResult;
import org.bqx.benchmarks.report.RangeResult.WithWorkers;
import org.bqx.benchmarks.report.Sample;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.partition.Partition;
import org.bqx.partition.PartitionRange;
import org.bqx.run.Backfill;
import org.bqx.run.BackfillListener;
import org.bqx.run.BackfillOutcome;
import org.bqx.run.BackfillRequest;
import org.bqx.run.PartitionFailure;
import org.bqx.run.RunSettings;

/**
 * Measures a range as {@code ./bqx backfill} computes it, by each number of workers, and beside it
 * the floor: as many sessions write as many partitions, each a new table that one partition's
 * precomputed rows are inserted into and that then gets its key. The floor's time is scaled to the
 * range's rows, as months are not equally long.
 */
public final class RangeBench {
  /** Failures are in the outcome, too. */
  static final BackfillListener SILENT =
      new BackfillListener() {
        @Override
        public void planned(int planned) {}

        @Override
        public void done(Partition partition, long written) {}

        @Override
        public void failed(PartitionFailure failure) {}

        @Override
        public void held(PartitionFailure failure) {}

        @Override
        public void unreachable(String node, int left, PartitionFailure first) {}
      };

  /**
   * Rounds of the floor before those that count: what comes first makes the files of the log, which
   * all that follows uses again.
   */
  private static final int UNCOUNTED_FLOORS = 1;

  private enum What {
    BACKFILL,
    FLOOR
  }

  private record Key(What what, int workers) {}

  private final BenchDatabase database;
  private final List<String> pairs;
  private final YearMonth from;
  private final YearMonth to;
  private final Map<Integer, Double> memory = new HashMap<>();
  private long rows;
  private int partitions;

  /**
   * @param database after {@link PartitionBench}, whose precomputed rows the floor writes
   * @param pairs with bars from {@code from} to {@code to}
   */
  public RangeBench(BenchDatabase database, List<String> pairs, YearMonth from, YearMonth to) {
    this.database = database;
    this.pairs = pairs;
    this.from = from;
    this.to = to;
  }

  /**
   * Measures.
   *
   * @param workers numbers of workers, ascending
   * @param rounds how often
   * @param total is told how many measurements there will be
   * @param afterMeasurement is told of each
   */
  public RangeResult run(
      List<Integer> workers, int rounds, IntConsumer total, Runnable afterMeasurement)
      throws Exception {
    try (Session session = database.connect()) {
      partitions =
          (int)
              session.number(
                  """
                  SELECT count(*) FROM bqx.progress
                  WHERE state = 'missing' AND family = ANY ('{%s}') AND month BETWEEN '%s' AND '%s'"""
                      .formatted(
                          String.join(",", database.families()), from.atDay(1), to.atDay(1)));
      long floorRows = 0;
      for (String family : database.families()) {
        floorRows +=
            session.number("SELECT count(*) FROM bench.precomputed_" + family)
                * partitions
                / database.families().size();
      }
      Rounds<Key> all = new Rounds<>();
      for (int count : workers) {
        all.add(
            0,
            new Key(What.BACKFILL, count),
            () -> session.execute("CHECKPOINT"),
            () -> backfill(count),
            () -> session.execute("CALL bench.forget()"));
        all.add(
            UNCOUNTED_FLOORS,
            new Key(What.FLOOR, count),
            () -> session.execute("CHECKPOINT"),
            () -> writeFloor(count),
            () -> session.execute("CALL bench.drop_floors()"));
      }
      total.accept(all.size(rounds));
      Map<Key, Sample> samples = all.run(rounds, afterMeasurement);
      List<WithWorkers> results = new ArrayList<>();
      for (int count : workers) {
        results.add(
            new WithWorkers(
                count,
                samples.get(new Key(What.BACKFILL, count)),
                samples.get(new Key(What.FLOOR, count)).times((double) rows / floorRows),
                memory.get(count)));
      }
      int months = (int) from.until(to, ChronoUnit.MONTHS) + 1;
      return new RangeResult(pairs.size(), months, partitions, rows, results);
    }
  }

  private void backfill(int workers) throws Exception {
    BackfillRequest request =
        new BackfillRequest(
            new PartitionRange(database.families(), pairs, from, to), workers, false);
    BackfillOutcome outcome;
    try (BackendMemory watched = new BackendMemory(database)) {
      outcome = new Backfill(database.database(), request, RunSettings.DEFAULT, SILENT).run();
      memory.merge(workers, watched.peak(), Math::max);
    }
    if (outcome.done() != partitions) {
      throw new Failure(
          ExitCode.FAILED,
          "%d of %d partitions were computed".formatted(outcome.done(), partitions),
          null);
    }
    rows = outcome.rows();
  }

  private void writeFloor(int sessions) throws Exception {
    AtomicInteger next = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(sessions);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        futures.add(pool.submit(() -> writeFloor(next)));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private Void writeFloor(AtomicInteger next) throws SQLException {
    try (Session session = database.connect()) {
      for (int i = next.getAndIncrement(); i < partitions; i = next.getAndIncrement()) {
        String family = family(i);
        session.execute(
            "BEGIN",
            "CREATE TABLE bench.floor_%d (LIKE bqx.%s)".formatted(i, family),
            "INSERT INTO bench.floor_%d SELECT * FROM bench.precomputed_%s".formatted(i, family),
            "ALTER TABLE bench.floor_%d ADD PRIMARY KEY (ts_utc)".formatted(i),
            "COMMIT");
      }
    }
    return null;
  }

  private String family(int partition) {
    return database.families().get(partition % database.families().size());
  }
}
