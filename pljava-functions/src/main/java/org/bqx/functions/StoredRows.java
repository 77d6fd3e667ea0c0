package org.bqx.functions;

import java.util.Arrays;
import java.util.Iterator;
import java.util.function.IntFunction;

/** Rows as they are stored: of each its time in microseconds, then its elements. */
final class StoredRows {

  private static final long MICROSECONDS_PER_MINUTE = 60_000_000L;

  /** What is told of no rows, but for sums. */
  private static final double[] NONE = {0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};

  private static final int SUM_AND_COUNT = 2;

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

  /** How many facts there are, with the sums of some elements. */
  static int factsOf(int[] averaged) {
    return NONE.length + SUM_AND_COUNT * averaged.length;
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

  /**
   * Whether some of them are near those of the reference; a NaN is near a NaN, and what is not
   * there.
   *
   * @param reference gives the reference's row, counted from 0
   * @param sampled which, counted from 1 at the first of those before them
   * @param before how many rows come before them
   * @param tolerances of each element but the first, as of {@link ReferenceFunctions#isNear}
   */
  boolean areNear(IntFunction<double[]> reference, int[] sampled, int before, double[] tolerances) {
    for (int number : sampled) {
      int row = number - 1 - before;
      if (row >= 0 && row < count && !isNear(row * stride + 2, reference.apply(row), tolerances)) {
        return false;
      }
    }
    return true;
  }

  private boolean isNear(int at, double[] reference, double[] tolerances) {
    for (int i = 0; i < tolerances.length; i++) {
      double value = values[at + i];
      double right = i + 1 < reference.length ? reference[i + 1] : Double.NaN;
      if (!(Double.isNaN(value) && Double.isNaN(right))
          && !ReferenceFunctions.isNear(value, right, tolerances[i])) {
        return false;
      }
    }
    return true;
  }

  /**
   * What is told of them, and of those before them: how many they are, their lowest and highest
   * index, then of each element the sum without NaN and of how many.
   *
   * @param averaged elements, counted from 1
   * @param before what was told of those before them, or nothing
   */
  double[] facts(int[] averaged, double[] before) {
    double[] facts = before.length > 0 ? before.clone() : Arrays.copyOf(NONE, factsOf(averaged));
    facts[0] += count;
    for (int at = 1; at < values.length; at += stride) {
      facts[1] = Math.min(facts[1], values[at]);
      facts[2] = Math.max(facts[2], values[at]);
    }
    for (int i = 0; i < averaged.length; i++) {
      // One after the other, as SQL's avg() and sum() do it: their last digit is the same.
      int fact = NONE.length + SUM_AND_COUNT * i;
      double sum = facts[fact];
      int summed = 0;
      for (int at = averaged[i]; at < values.length; at += stride) {
        if (!Double.isNaN(values[at])) {
          sum += values[at];
          summed++;
        }
      }
      facts[fact] = sum;
      facts[fact + 1] += summed;
    }
    return facts;
  }
}
