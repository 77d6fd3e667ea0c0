package org.bqx.kernel;

import java.util.Arrays;

/** The times at which one of two series has a bar. */
public final class MergedTimes {

  private MergedTimes() {}

  /**
   * Merges.
   *
   * @param times any number of times, ascending
   * @param otherTimes the same of the other series, in the same unit
   * @return the times of both, each once, ascending
   */
  public static double[] of(double[] times, double[] otherTimes) {
    double[] merged = new double[times.length + otherTimes.length];
    int count = 0;
    int next = 0;
    int nextOther = 0;
    while (next < times.length || nextOther < otherTimes.length) {
      boolean own =
          nextOther == otherTimes.length
              || next < times.length && times[next] <= otherTimes[nextOther];
      double time = own ? times[next++] : otherTimes[nextOther++];
      if (count == 0 || time != merged[count - 1]) {
        merged[count++] = time;
      }
    }
    return Arrays.copyOf(merged, count);
  }
}
