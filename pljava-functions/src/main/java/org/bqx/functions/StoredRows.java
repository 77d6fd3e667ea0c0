package org.bqx.functions;

import java.util.Iterator;

/** The rows of a month as they are stored: of each its time in microseconds, then its elements. */
final class StoredRows {

  private static final long MICROSECONDS_PER_MINUTE = 60_000_000L;

  private final double[] values;
  private final int stride;
  private final int count;

  /**
   * @param values of one row after the other; not copied
   * @param width elements of a row
   * @param count how many rows there must be
   */
  StoredRows(double[] values, int width, int count) {
    this.values = values;
    this.stride = 1 + width;
    this.count = count;
  }

  /**
   * Whether there is one row for each bar from {@code skip} on, with its time and its index: the
   * first of the inputs.
   */
  boolean areOf(double[] inputs, double[] times, int bars, int skip) {
    if (values.length != (long) count * stride || times.length != bars) {
      return false;
    }
    for (int row = 0, at = 0; row < count; row++, at += stride) {
      double time = values[at];
      // A NaN equals nothing, and no whole number of microseconds is as large as an infinity.
      if (time != times[skip + row]
          || (long) time % MICROSECONDS_PER_MINUTE != 0
          || values[at + 1] != inputs[skip + row]) {
        return false;
      }
    }
    return true;
  }

  /** Whether each has the bits of another; a NaN those of a NaN, and of what is not there. */
  boolean areSameAs(Iterator<double[]> others) {
    for (int end = stride; end <= values.length; end += stride) {
      double[] other = others.next();
      int at = end - stride + 1;
      for (int i = 0; i < other.length; i++, at++) {
        if (Double.doubleToRawLongBits(values[at]) != Double.doubleToRawLongBits(other[i])
            && !(Double.isNaN(values[at]) && Double.isNaN(other[i]))) {
          return false;
        }
      }
      for (; at < end; at++) {
        if (!Double.isNaN(values[at])) {
          return false;
        }
      }
    }
    return true;
  }

  /** Lowest and highest index, then the averages of elements counted from 1. */
  double[] facts(int[] averaged) {
    double[] facts = new double[2 + averaged.length];
    facts[0] = Double.POSITIVE_INFINITY;
    facts[1] = Double.NEGATIVE_INFINITY;
    for (int at = 1; at < values.length; at += stride) {
      facts[0] = Math.min(facts[0], values[at]);
      facts[1] = Math.max(facts[1], values[at]);
    }
    for (int i = 0; i < averaged.length; i++) {
      // One after the other, as SQL's avg() and sum() do it: their last digit is the same.
      double sum = 0;
      int summed = 0;
      for (int at = averaged[i]; at < values.length; at += stride) {
        if (!Double.isNaN(values[at])) {
          sum += values[at];
          summed++;
        }
      }
      facts[2 + i] = sum / summed;
    }
    return facts;
  }
}
