package org.bqx.kernel;

import java.util.Arrays;

/** Another series as it was known at the times of a pair's bars. */
public final class AsOf {

  private AsOf() {}

  /**
   * Takes, for each time, the values of the other series' last bar at or before it, unless that bar
   * is too old. One merge of the two series.
   *
   * @param times n times, ascending, in any unit
   * @param otherTimes m times of the other series in the same unit, ascending, m at least 1
   * @param otherValues its k columns one after the other, m values each
   * @param maxAge the greatest age of a bar that counts, in the same unit
   * @return k + 1 columns one after the other, n values each: the k values, and the bar's age, time
   *     less its time, at least 0; all NaN where there is no such bar
   */
  public static double[] align(
      double[] times, double[] otherTimes, double[] otherValues, double maxAge) {
    int count = times.length;
    int otherCount = otherTimes.length;
    int columns = otherValues.length / otherCount;
    double[] aligned = new double[(columns + 1) * count];
    Arrays.fill(aligned, Double.NaN);
    int next = 0;
    for (int i = 0; i < count; i++) {
      while (next < otherCount && otherTimes[next] <= times[i]) {
        next++;
      }
      int last = next - 1;
      if (last < 0 || times[i] - otherTimes[last] > maxAge) {
        continue;
      }
      for (int column = 0; column < columns; column++) {
        aligned[column * count + i] = otherValues[column * otherCount + last];
      }
      aligned[columns * count + i] = times[i] - otherTimes[last];
    }
    return aligned;
  }
}
