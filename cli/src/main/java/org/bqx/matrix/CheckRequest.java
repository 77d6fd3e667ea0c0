package org.bqx.matrix;

import java.time.YearMonth;

/**
 * How to check a matrix.
 *
 * @param name the matrix
 * @param against what it should be; null for not compared
 * @param sample rows of a partition that are computed again
 * @param nullShare share of NULLs, and its change from month to month, above which there is a
 *     warning
 * @param stability population stability index above which there is a warning
 * @param reference month that the others are compared with; null for a pair's first
 * @param referenceIsTrain whether they are compared with the rows of train instead
 */
public record CheckRequest(
    String name,
    Manifest against,
    int sample,
    double nullShare,
    double stability,
    YearMonth reference,
    boolean referenceIsTrain) {
  /** Rows of a partition. */
  public static final int DEFAULT_SAMPLE = 12;

  /** One row in a hundred. */
  public static final double DEFAULT_NULL_SHARE = 0.01;

  /** Much, by custom. */
  public static final double DEFAULT_STABILITY = 0.25;
}
