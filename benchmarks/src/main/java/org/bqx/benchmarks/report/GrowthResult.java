package org.bqx.benchmarks.report;

import java.util.List;

/**
 * What an amount of work costs, beside other amounts.
 *
 * @param by what grows
 * @param families of which families
 * @param amount how much of it
 * @param rows rows written
 * @param columns columns of each
 * @param backfill by one warm session
 * @param floor as many rows of as many columns, into as many tables, in the same session
 */
public record GrowthResult(
    By by,
    List<String> families,
    int amount,
    long rows,
    int columns,
    Sample backfill,
    Sample floor) {
  /** What grows. */
  public enum By {
    MONTHS("months of one pair"),
    PAIRS("pairs, one month"),
    HISTORY("years of history before one partition"),
    WINDOWS("windows of one partition");

    private final String label;

    By(String label) {
      this.label = label;
    }

    /** Returns what grows, for people. */
    public String label() {
      return label;
    }
  }

  /** Copies the list. */
  public GrowthResult {
    families = List.copyOf(families);
  }

  /** Returns microseconds a row. */
  public double microsecondsPerRow() {
    return 1000 * backfill.milliseconds() / rows;
  }
}
