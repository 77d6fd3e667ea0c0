package org.bqx.benchmarks.report;

/**
 * What a query takes, from its text to its last row in binary, which nobody receives.
 *
 * @param read the query
 * @param rows of its result
 * @param sample what it took
 * @param ratio to the query that it is compared with
 */
public record ReadResult(Read read, long rows, Sample sample, double ratio) {
  /** A query, and what it is compared with. */
  public enum Read {
    MONTH("one pair and month, in order of time", null),
    TIME("one time over all pairs", null),
    LATEST("the latest row of each pair, LATERAL", null),
    LATEST_DISTINCT("the same by DISTINCT ON", LATEST),
    DAY("a day of all pairs, one family", null),
    JOIN("a day of all pairs, two families joined", DAY),
    JOIN_DEFAULTS("the same, jit as PostgreSQL has it", DAY),
    JOIN_WHOLE("the same, joins as well: not by partition", DAY),
    JOIN_RANGES("the same, the range on both sides", DAY),
    FEATURES("a day of all pairs from bqx.features, all columns", DAY);

    private final String label;
    private final Read to;

    Read(String label, Read to) {
      this.label = label;
      this.to = to;
    }

    /** Returns what it is, for people. */
    public String label() {
      return label;
    }

    /** Returns what it is compared with, itself where it stands alone. */
    public Read to() {
      return to == null ? this : to;
    }
  }
}
