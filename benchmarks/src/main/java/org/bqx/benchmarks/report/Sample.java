package org.bqx.benchmarks.report;

import java.util.Collection;

/**
 * What one thing took, time after time.
 *
 * @param milliseconds the median
 * @param least the shortest, in milliseconds
 * @param most the longest, in milliseconds
 * @param rounds how often it was measured
 */
public record Sample(double milliseconds, double least, double most, int rounds) {
  /**
   * Summarises measurements.
   *
   * @param milliseconds at least one
   */
  public static Sample of(Collection<Double> milliseconds) {
    if (milliseconds.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    double[] sorted = milliseconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Sample(median, sorted[0], sorted[sorted.length - 1], sorted.length);
  }

  /** Returns how many times longer this took than the other, by their medians. */
  public double ratioTo(Sample other) {
    return milliseconds / other.milliseconds;
  }

  /** Returns this for another amount of the same work. */
  public Sample times(double factor) {
    return new Sample(milliseconds * factor, least * factor, most * factor, rounds);
  }
}
