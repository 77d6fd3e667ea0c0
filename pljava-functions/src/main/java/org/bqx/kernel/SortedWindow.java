package org.bqx.kernel;

import java.util.Arrays;

/**
 * The last W values in ascending order: one is taken out and one is put in a bar, each found by
 * binary search.
 */
final class SortedWindow {

  private final int length;
  private double[] values;
  private int offset;
  private double[] sorted;

  /** The value that the next bar takes the place of: infinite while there is none. */
  private double leaving;

  /**
   * @param length W, at least 1
   */
  SortedWindow(int length) {
    this.length = length;
  }

  /**
   * Prepares for {@code advance(bar)}.
   *
   * @param values bar t at {@code values[offset + t]}, from bar-W+1 on; none is NaN or -0.0
   * @param bar at least W-1
   */
  void start(double[] values, int offset, int bar) {
    this.values = values;
    this.offset = offset;
    sorted = new double[length];
    System.arraycopy(values, offset + bar - length + 1, sorted, 0, length - 1);
    Arrays.sort(sorted, 0, length - 1);
    leaving = Double.POSITIVE_INFINITY;
    sorted[length - 1] = leaving;
  }

  /** Takes the bar after the last one, and gives up the one W before it. */
  void advance(int bar) {
    double in = values[offset + bar];
    int out = countBelow(leaving);
    leaving = values[offset + bar - length + 1];
    if (in >= sorted[out]) {
      int place = countBelow(in) - 1;
      if (place > out) {
        System.arraycopy(sorted, out + 1, sorted, out, place - out);
        sorted[place] = in;
      } else {
        sorted[out] = in;
      }
    } else {
      int place = countBelow(in);
      System.arraycopy(sorted, place, sorted, place + 1, out - place);
      sorted[place] = in;
    }
  }

  /** Returns how many of the values are below one. */
  int countBelow(double value) {
    int from = 0;
    int to = length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sorted[middle] < value) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** Returns how many of the values are not above one. */
  int countNotAbove(double value) {
    int from = 0;
    int to = length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sorted[middle] <= value) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** Returns the median: of an even number, the mean of the middle two. */
  double median() {
    int half = length / 2;
    return length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** Returns the median of the absolute differences from the median. */
  double medianDeviation() {
    double median = median();
    int half = length / 2;
    return length % 2 == 1
        ? deviation(median, half + 1)
        : (deviation(median, half) + deviation(median, half + 1)) / 2;
  }

  /**
   * The k-th least difference from a centre. The k values nearest to it are neighbours in the
   * order, so that their first is found by binary search.
   */
  private double deviation(double centre, int k) {
    int from = 0;
    int to = length - k;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (centre - sorted[middle] > sorted[middle + k] - centre) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return Math.max(centre - sorted[from], sorted[from + k - 1] - centre);
  }
}
