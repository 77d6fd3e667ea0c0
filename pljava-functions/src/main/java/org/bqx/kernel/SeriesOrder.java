package org.bqx.kernel;

import java.util.Arrays;
import java.util.Comparator;

/** Series of bars that are read in the order in which they lie, which is that of time as a rule. */
final class SeriesOrder {

  private SeriesOrder() {}

  /**
   * Puts the bars of each series in the order of time, in place.
   *
   * @param times m times, of each series a NaN, then its times
   * @param values any number of columns, one after the other, m values each
   */
  static void sort(double[] times, double[] values) {
    int from = 1;
    while (from < times.length) {
      boolean ascends = true;
      int to = from;
      for (; to < times.length && !Double.isNaN(times[to]); to++) {
        // The NaN before the first is not greater.
        ascends &= !(times[to - 1] > times[to]);
      }
      if (!ascends) {
        sort(times, values, from, to);
      }
      from = to + 1;
    }
  }

  private static void sort(double[] times, double[] values, int from, int to) {
    Integer[] places = new Integer[to - from];
    for (int i = 0; i < places.length; i++) {
      places[i] = from + i;
    }
    Arrays.sort(places, Comparator.comparingDouble(place -> times[place]));
    for (int first = 0; first < values.length; first += times.length) {
      move(values, first, places, from);
    }
    move(times, 0, places, from);
  }

  private static void move(double[] column, int first, Integer[] places, int from) {
    double[] moved = new double[places.length];
    for (int i = 0; i < places.length; i++) {
      moved[i] = column[first + places[i]];
    }
    System.arraycopy(moved, 0, column, first + from, moved.length);
  }
}
