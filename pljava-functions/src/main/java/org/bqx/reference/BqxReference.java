package org.bqx.reference;

import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.bqx.kernel.Bars;

/**
 * The family bqx by Apache Commons Math, one window at a time: slow, independent of the rolling
 * kernels, and the judge of them.
 */
public final class BqxReference implements Reference {

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    return PastWindows.row(bars, bar, windows, BqxReference::metrics);
  }

  /**
   * Metrics of one window.
   *
   * @param window the W indexes of the window, oldest first; W is at least 2
   * @param current the index of the bar after the window
   * @return nine elements: return, mean_return, max_index, min_index, avg_index, stdev_index,
   *     endpoint, range, volatility
   */
  public static double[] metrics(double[] window, double current) {
    double max = StatUtils.max(window);
    double min = StatUtils.min(window);
    double stdev = new StandardDeviation(true).evaluate(window);
    // The mean of the differences is computed in two passes; a plain sum of them is less exact.
    double[] differences = new double[window.length];
    for (int i = 0; i < window.length; i++) {
      differences[i] = window[i] - current;
    }
    double meanReturn = StatUtils.mean(differences) / current;
    return new double[] {
      meanReturn * window.length,
      meanReturn,
      max,
      min,
      StatUtils.mean(window),
      stdev,
      differences[0] / current,
      (max - min) / current,
      stdev / current
    };
  }
}
