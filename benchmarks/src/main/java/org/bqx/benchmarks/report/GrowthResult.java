package org.bqx.benchmarks.report;

/**
 * What an amount of work costs, beside other amounts.
 *
 * @param by what grows
 * @param amount how much of it
 * @param rows rows written
 * @param columns columns of each
 * @param backfill by one warm session
 * @param floor as many rows of as many columns, into as many tables, in the same session
 */
public record GrowthResult(
    By by, int amount, long rows, int columns, Sample backfill, Sample floor) {
  /** What grows. */
  public enum By {
    MONTHS("months of one pair, both families"),
    PAIRS("pairs, one month, both families"),
    HISTORY("years of history before one partition of reg"),
    WINDOWS("windows of one partition of reg");

    private final String label;

    By(String label) {
      this.label = label;
    }

    /** Returns what grows, for people. */
    public String label() {
      return label;
    }
  }

  /** Returns microseconds a row. */
  public double microsecondsPerRow() {
    return 1000 * backfill.milliseconds() / rows;
  }
}
