package org.bqx.kernel;

import java.util.Arrays;

/**
 * A series that is made of the inputs, a value a bar, computed once for all the windows over it.
 *
 * <p>Each value depends on its own bar and on bars before it alone.
 */
abstract class DerivedSeries {

  private final int first;
  private final int count;
  private double[] values;
  private int filledFrom;

  /**
   * @param first the first bar that has a value
   * @param count number of bars
   */
  DerivedSeries(int first, int count) {
    this.first = first;
    this.count = count;
  }

  /**
   * Returns the values of all bars, of which those from {@code from} on are there: NaN at bars
   * before the first that has one.
   */
  final double[] from(int from) {
    if (values == null) {
      values = new double[count];
      filledFrom = count;
      Arrays.fill(values, 0, Math.min(first, count), Double.NaN);
    }
    int start = Math.max(from, first);
    if (start < filledFrom) {
      fill(values, start, filledFrom);
      filledFrom = start;
    }
    return values;
  }

  /** Writes the values of the bars {@code from ... to-1}, each to the index of its bar. */
  abstract void fill(double[] into, int from, int to);
}
