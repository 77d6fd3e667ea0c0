package org.bqx.reference;

import java.util.Arrays;

/**
 * Exponential averages of whole series. They begin with the first value, and are 0 where they fall
 * below 1e-300.
 */
final class Recursions {

  private Recursions() {}

  /** EMA(N): y += (z - y) * 2 / (N + 1). Values before {@code first} are NaN. */
  static double[] ema(double[] values, int first, int length) {
    double share = 2.0 / (length + 1);
    double[] averages = start(values, first);
    for (int i = first + 1; i < values.length; i++) {
      averages[i] = flushed(averages[i - 1] + (values[i] - averages[i - 1]) * share);
    }
    return averages;
  }

  /** Wilder(N): y += (z - y) / N. Values before {@code first} are NaN. */
  static double[] wilder(double[] values, int first, int length) {
    double[] averages = start(values, first);
    for (int i = first + 1; i < values.length; i++) {
      averages[i] = flushed(averages[i - 1] + (values[i] - averages[i - 1]) / length);
    }
    return averages;
  }

  private static double[] start(double[] values, int first) {
    double[] averages = new double[values.length];
    Arrays.fill(averages, Double.NaN);
    if (first < values.length) {
      averages[first] = values[first];
    }
    return averages;
  }

  private static double flushed(double value) {
    return Math.abs(value) < 1e-300 ? 0 : value;
  }
}
