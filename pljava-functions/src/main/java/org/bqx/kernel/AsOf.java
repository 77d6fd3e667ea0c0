package org.bqx.kernel;

/** Bars of other series as they were known at the times of a pair's bars. */
public final class AsOf {

  private AsOf() {}

  /**
   * Takes, for each time and each other series, the values of its last bar at or before the time,
   * unless that bar is too old. A bar without good values, each of them finite and positive, counts
   * as none. One merge for each series.
   *
   * @param times n times, ascending, in any unit
   * @param otherTimes m times of the other series in the same unit, one series after the other: of
   *     each a NaN, then its times; sorted in place where they do not ascend
   * @param otherValues k columns of all series, one after the other, m values each, which follow
   *     their times; those at a NaN are not read
   * @param directions of each series: what the values of its first column are multiplied with
   * @param maxAge the greatest age of a bar that counts, in the same unit
   * @param ages whether the ages are given, too
   * @return for each series k columns of n values, those of the bars, and with ages one more, the
   *     time less that of the bar, at least 0; all NaN where there is no such bar
   */
  public static double[] align(
      double[] times,
      double[] otherTimes,
      double[] otherValues,
      int[] directions,
      double maxAge,
      boolean ages) {
    int count = times.length;
    int others = otherTimes.length;
    int columns = otherValues.length / others;
    int width = columns + (ages ? 1 : 0);
    SeriesOrder.sort(otherTimes, otherValues);
    double[] aligned = new double[directions.length * width * count];
    int next = 0;
    for (int series = 0; series < directions.length; series++) {
      int to = series * width * count;
      int last = -1;
      next++;
      for (int i = 0; i < count; i++) {
        double time = times[i];
        // No NaN is at or before it.
        for (; next < others && otherTimes[next] <= time; next++) {
          last = isGood(otherValues, next, others) ? next : last;
        }
        boolean known = last >= 0 && time - otherTimes[last] <= maxAge;
        for (int column = 0; column < columns; column++) {
          double factor = column == 0 ? directions[series] : 1;
          aligned[to + column * count + i] =
              known ? factor * otherValues[column * others + last] : Double.NaN;
        }
        if (ages) {
          aligned[to + columns * count + i] = known ? time - otherTimes[last] : Double.NaN;
        }
      }
      while (next < others && !Double.isNaN(otherTimes[next])) {
        next++;
      }
    }
    return aligned;
  }

  private static boolean isGood(double[] values, int place, int others) {
    for (int i = place; i < values.length; i += others) {
      // Written so that a NaN is not.
      if (!(values[i] > 0 && values[i] < Double.POSITIVE_INFINITY)) {
        return false;
      }
    }
    return true;
  }
}
