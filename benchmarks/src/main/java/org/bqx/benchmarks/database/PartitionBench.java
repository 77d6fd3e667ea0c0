package org.bqx.benchmarks.database;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.bqx.benchmarks.report.Measure;
import org.bqx.benchmarks.report.PartitionResult;
import org.bqx.benchmarks.report.Sample;

/**
 * Measures one partition of each family in one warm session: the floor, what bqx does, its steps,
 * and rivals, which are checked to give the same values first.
 */
public final class PartitionBench {
  /** Enough for the optimising compiler to have got at the kernel, in any JVM. */
  private static final int DROPPED = 3;

  /** What a session finds of files and catalogues that others have read. */
  private static final int DROPPED_FIRST = 1;

  private record Key(String family, Measure measure) {}

  private final BenchDatabase database;
  private final String pair;
  private final YearMonth month;

  /**
   * @param database with the month's bars
   * @param month to compute; nothing else has been computed
   */
  public PartitionBench(BenchDatabase database, String pair, YearMonth month) {
    this.database = database;
    this.pair = pair;
    this.month = month;
  }

  /**
   * Measures.
   *
   * @param rounds rounds that count
   * @param withRivals whether rivals are measured
   * @param total is told how many measurements there will be
   * @param afterMeasurement is told of each
   * @return a result for each family
   */
  public List<PartitionResult> run(
      int rounds, boolean withRivals, IntConsumer total, Runnable afterMeasurement)
      throws Exception {
    Map<String, Long> rows = new HashMap<>();
    Map<String, Integer> columns = new HashMap<>();
    Map<Key, Sample> samples;
    try (Session session = database.connect();
        Session rivals = database.connect()) {
      Rounds<Key> all = new Rounds<>();
      for (String family : database.families()) {
        DissectedPartition partition = new DissectedPartition(session, family, pair, month);
        rows.put(family, partition.rows());
        columns.put(family, partition.columns());
        add(all, family, partition);
        FirstPartition first = new FirstPartition(database, partition);
        all.add(
            DROPPED_FIRST,
            new Key(family, Measure.FIRST),
            first::connect,
            first::backfill,
            first::disconnect);
        if (withRivals) {
          for (Rival rival : Rival.of(rivals, family, pair, month)) {
            rival.check();
            all.add(
                1, new Key(family, rival.measure()), () -> {}, rival::write, rival::removeWritten);
          }
        }
      }
      total.accept(all.size(rounds));
      samples = all.run(rounds, afterMeasurement);
      session.execute("CALL bench.forget()");
    }
    List<PartitionResult> results = new ArrayList<>();
    for (String family : database.families()) {
      Map<Measure, Sample> ofFamily = new EnumMap<>(Measure.class);
      samples.forEach(
          (key, sample) -> {
            if (key.family().equals(family)) {
              ofFamily.put(key.measure(), sample);
            }
          });
      results.add(
          new PartitionResult(
              family, pair, month, rows.get(family), columns.get(family), ofFamily));
    }
    return results;
  }

  private static void add(Rounds<Key> all, String family, DissectedPartition partition) {
    Rounds.Action nothing = () -> {};
    all.add(
        DROPPED,
        new Key(family, Measure.DISK),
        nothing,
        partition::writeFiles,
        partition::deleteFiles);
    all.add(DROPPED, () -> ofFamily(family, partition.floorSteps()));
    all.add(
        DROPPED,
        new Key(family, Measure.CREATE_AS),
        nothing,
        partition::createAs,
        partition::dropFloor);
    all.add(
        DROPPED, new Key(family, Measure.TRUNCATE), nothing, partition::truncateAndInsert, nothing);
    all.add(DROPPED, new Key(family, Measure.COPY), nothing, partition::copy, partition::dropFloor);
    all.add(
        DROPPED, new Key(family, Measure.MISSING), partition::forget, partition::backfill, nothing);
    all.add(
        DROPPED, new Key(family, Measure.CLIENT), partition::forget, partition::byClient, nothing);
    // Done by the measurement before.
    all.add(DROPPED, new Key(family, Measure.FORCED), nothing, partition::force, nothing);
    all.add(DROPPED, new Key(family, Measure.KERNEL), nothing, partition::runKernel, nothing);
    all.add(DROPPED, () -> ofFamily(family, partition.steps()));
  }

  private static Map<Key, Double> ofFamily(String family, Map<Measure, Double> times) {
    Map<Key, Double> keyed = new HashMap<>();
    times.forEach((measure, time) -> keyed.put(new Key(family, measure), time));
    return keyed;
  }
}
