package org.bqx.verify;

import org.bqx.partition.PartitionRange;

/**
 * What a verification is asked for.
 *
 * @param range of which partitions
 * @param sample rows of a partition that meet the reference
 * @param full whether every row is computed again and compared bit by bit
 * @param band where {@code rate_index} is expected
 * @param triangleTolerance relative, above which a cross that does not fit its pairs is a warning
 * @param workers partitions at a time, each worker on a connection of its own
 */
public record VerifyRequest(
    PartitionRange range,
    int sample,
    boolean full,
    Band band,
    double triangleTolerance,
    int workers) {
  /** Rows of a partition that meet the reference when nobody says how many. */
  public static final int DEFAULT_SAMPLE = 200;

  /** How far a cross may be from its pairs when nobody says so: half a per cent. */
  public static final double DEFAULT_TRIANGLE_TOLERANCE = 0.005;

  /**
   * A range of {@code rate_index}.
   *
   * @param lowest included
   * @param highest included
   */
  public record Band(double lowest, double highest) {
    /** From half the baseline to twice it. */
    public static final Band DEFAULT = new Band(50, 200);
  }

  /** A range with the usual sample, band and tolerance. */
  public static VerifyRequest of(PartitionRange range, int workers) {
    return new VerifyRequest(
        range, DEFAULT_SAMPLE, false, Band.DEFAULT, DEFAULT_TRIANGLE_TOLERANCE, workers);
  }
}
