package org.bqx.kernel;

import java.util.Arrays;

/** The times at which one of some series has a bar. */
public final class MergedTimes {

  private MergedTimes() {}

  /**
   * Merges.
   *
   * @param seriesTimes times of the series as {@link AsOf#align} takes them
   * @param first the first time that counts
   * @return the times of all series from then on, each once, ascending
   */
  public static double[] of(double[] seriesTimes, double first) {
    double[] times = new double[seriesTimes.length];
    int counting = 0;
    for (double time : seriesTimes) {
      // A NaN, which begins a series, is not at or after it either.
      if (time >= first) {
        times[counting++] = time;
      }
    }
    // Merges the runs of series that ascend.
    Arrays.sort(times, 0, counting);
    int count = 0;
    for (int i = 0; i < counting; i++) {
      if (count == 0 || times[i] != times[count - 1]) {
        times[count++] = times[i];
      }
    }
    return Arrays.copyOf(times, count);
  }
}
