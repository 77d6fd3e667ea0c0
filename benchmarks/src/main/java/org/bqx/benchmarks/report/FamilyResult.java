package org.bqx.benchmarks.report;

import java.time.YearMonth;
import java.util.Set;

/**
 * What a partition of a family costs beside the floor of as many columns.
 *
 * @param family which family
 * @param pair whose partition, or {@code market}
 * @param month which month
 * @param rows rows of the partition
 * @param columns columns of each
 * @param floor in the same session
 * @param reading a month's bars of all pairs that it is computed from, in the same session: when
 *     they were and one price, as arrays
 * @param backfill of the missing partition, in a warm session of its own
 * @param ratio of that to the floor
 * @param ratioToBoth of that to the floor and reading, which no way of computing it can do without
 * @param mebibytes the largest resident size of the session's backend without shared memory
 */
public record FamilyResult(
    String family,
    String pair,
    YearMonth month,
    long rows,
    int columns,
    Sample floor,
    Sample reading,
    Sample backfill,
    Bounded ratio,
    double ratioToBoth,
    Bounded mebibytes) {
  private static final Set<String> HARD = Set.of("stat", "regime", "xpair");
  private static final double RATIO = 2.5;

  /** Windows are sorted, or many pairs read. */
  private static final double HARD_RATIO = 5;

  private static final double MEBIBYTES = 300;

  /**
   * A figure with its goal.
   *
   * @param value what was measured
   * @param goal what it should be at most
   * @param reached whether it is
   */
  public record Bounded(double value, double goal, boolean reached) {
    private static Bounded of(double value, double goal) {
      return new Bounded(value, goal, value <= goal);
    }
  }

  /** Works out the ratio, and what should be reached. */
  public static FamilyResult of(
      String family,
      String pair,
      YearMonth month,
      long rows,
      int columns,
      Sample floor,
      Sample reading,
      Sample backfill,
      double mebibytes) {
    return new FamilyResult(
        family,
        pair,
        month,
        rows,
        columns,
        floor,
        reading,
        backfill,
        Bounded.of(backfill.ratioTo(floor), HARD.contains(family) ? HARD_RATIO : RATIO),
        backfill.milliseconds() / (floor.milliseconds() + reading.milliseconds()),
        Bounded.of(mebibytes, MEBIBYTES));
  }
}
