package org.bqx.kernel;

import java.util.Arrays;

/** The times at which one of some series has a bar. */
public final class MergedTimes {

  private MergedTimes() {}

  /**
   * Merges.
   *
   * @param seriesTimes times of the series as {@link AsOf#align} takes them, and sorts them
   * @param first the first time that counts
   * @return the times of all series from then on, each once, ascending
   */
  public static double[] of(double[] seriesTimes, double first) {
    SeriesOrder.sort(seriesTimes, new double[0]);
    double[] merged = new double[0];
    int from = 0;
    while (from < seriesTimes.length) {
      int to = from + 1;
      while (to < seriesTimes.length && !Double.isNaN(seriesTimes[to])) {
        to++;
      }
      merged = merge(merged, seriesTimes, from + 1, to);
      from = to;
    }
    int before = 0;
    while (before < merged.length && merged[before] < first) {
      before++;
    }
    return Arrays.copyOfRange(merged, before, merged.length);
  }

  private static double[] merge(double[] times, double[] otherTimes, int from, int to) {
    double[] merged = new double[times.length + to - from];
    int count = 0;
    int next = 0;
    int nextOther = from;
    while (next < times.length || nextOther < to) {
      boolean own = nextOther == to || next < times.length && times[next] <= otherTimes[nextOther];
      double time = own ? times[next++] : otherTimes[nextOther++];
      if (count == 0 || time != merged[count - 1]) {
        merged[count++] = time;
      }
    }
    return Arrays.copyOf(merged, count);
  }
}
