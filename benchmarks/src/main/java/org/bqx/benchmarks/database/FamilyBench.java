package org.bqx.benchmarks.database;

import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.bqx.benchmarks.report.FamilyResult;
import org.bqx.benchmarks.report.Sample;
import org.bqx.partition.PartitionRange;

/**
 * Measures one partition of each family, in turn with the floor of as many rows and columns, and
 * with reading a column of the bars of the pairs that it is computed from. A family has a session
 * of its own, so that its memory is no other's.
 */
public final class FamilyBench {
  /** More than {@link PartitionBench}, which computes several times a round. */
  private static final int DROPPED = 5;

  private enum Step {
    FLOOR,
    READING,
    BACKFILL
  }

  private final BenchDatabase database;
  private final List<String> families;
  private final String pair;
  private final YearMonth month;

  /**
   * @param database with the bars of the pair and of those that its families read besides
   * @param families that are enabled
   * @param pair whose partition is computed, but of families of the market
   * @param month to compute; nothing else has been computed
   */
  public FamilyBench(BenchDatabase database, List<String> families, String pair, YearMonth month) {
    this.database = database;
    this.families = families;
    this.pair = pair;
    this.month = month;
  }

  /**
   * Measures.
   *
   * @param rounds rounds that count
   * @param total is told how many measurements there will be
   * @param afterMeasurement is told of each
   * @return a result for each family
   */
  public List<FamilyResult> run(int rounds, IntConsumer total, Runnable afterMeasurement)
      throws Exception {
    List<FamilyResult> results = new ArrayList<>();
    for (String family : families) {
      try (Session session = database.connect()) {
        results.add(measure(session, family, rounds, total, afterMeasurement));
      }
    }
    return results;
  }

  private FamilyResult measure(
      Session session, String family, int rounds, IntConsumer total, Runnable afterMeasurement)
      throws Exception {
    String of = isOfTheMarket(session, family) ? PartitionRange.MARKET : pair;
    try (BackendMemory watched = new BackendMemory(database)) {
      MeasuredPartition partition = new MeasuredPartition(session, family, of, month);
      Rounds<Step> all = new Rounds<>();
      all.add(DROPPED, Step.FLOOR, () -> {}, partition::writeFloor, partition::dropFloor);
      all.add(DROPPED, Step.READING, () -> {}, partition::readBars, () -> {});
      all.add(DROPPED, Step.BACKFILL, partition::forget, partition::backfill, () -> {});
      total.accept(all.size(rounds) * families.size());
      Map<Step, Sample> samples = all.run(rounds, afterMeasurement);
      return FamilyResult.of(
          family,
          of,
          month,
          partition.rows(),
          partition.columns(),
          samples.get(Step.FLOOR),
          samples.get(Step.READING),
          samples.get(Step.BACKFILL),
          watched.peak());
    }
  }

  private static boolean isOfTheMarket(Session session, String family) throws SQLException {
    return session
        .text("SELECT scope FROM bqx.family WHERE family = '%s'".formatted(family))
        .equals("market");
  }
}
