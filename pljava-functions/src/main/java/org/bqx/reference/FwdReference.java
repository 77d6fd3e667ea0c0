package org.bqx.reference;

import java.util.Arrays;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.bqx.kernel.Bars;

/** The family fwd by Apache Commons Math, one window at a time. */
public final class FwdReference implements Reference {

  private static final int METRICS = 9;

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    double[] row = new double[1 + METRICS * windows.length];
    row[0] = bars.at(0, bar);
    for (int w = 0; w < windows.length; w++) {
      double[] metrics = metrics(bars, bar, windows[w]);
      for (int metric = 0; metric < METRICS; metric++) {
        row[1 + metric * windows.length + w] = metrics[metric];
      }
    }
    return row;
  }

  private static double[] metrics(Bars bars, int bar, int length) {
    double[] metrics = new double[METRICS];
    if (length >= bars.count() - bar) {
      Arrays.fill(metrics, Double.NaN);
      return metrics;
    }
    return metrics(Arrays.copyOfRange(bars.values(), bar + 1, bar + 1 + length), bars.at(0, bar));
  }

  /**
   * Metrics of one window.
   *
   * @param future the W indexes after the bar, oldest first; W is at least 2
   * @param current the bar's index
   * @return nine elements: return, mean_return, max_index, min_index, avg_index, stdev_index,
   *     endpoint, range, volatility
   */
  public static double[] metrics(double[] future, double current) {
    double[] falls = new double[future.length];
    for (int i = 0; i < falls.length; i++) {
      falls[i] = current - future[i];
    }
    double meanReturn = StatUtils.mean(falls) / current;
    double max = StatUtils.max(future);
    double min = StatUtils.min(future);
    double stdev = new StandardDeviation().evaluate(future);
    return new double[] {
      meanReturn * future.length,
      meanReturn,
      max,
      min,
      StatUtils.mean(future),
      stdev,
      falls[falls.length - 1] / current,
      (max - min) / current,
      stdev / current
    };
  }
}
