package org.bqx.kernel;

import java.util.Arrays;

/**
 * The nine metrics of the W bars after a bar, F. With x = x(t), and r, S, Q, min and max of the
 * window that ends with bar t+W, as in {@link RollingMoments}:
 *
 * <pre>
 *   mean_return = (x - r - S/W) / x
 *   return      = W mean_return
 *   avg_index   = r + S/W
 *   stdev_index = sqrt((Q - S&sup2;/W) / (W-1))
 *   endpoint    = (x - x(t+W)) / x
 *   range       = (max - min) / x
 *   volatility  = stdev_index / x
 * </pre>
 */
final class FwdWindow {

  static final int METRICS = 9;

  private final double[] rateIndex;
  private final int count;
  private final int length;
  private final RollingMoments moments;
  private final RollingExtremes extremes;

  /** Values of the bars {@code from ... to-1}, METRICS each. */
  private double[] values = new double[0];

  private int from = -1;
  private int to = -1;

  /** The bar whose window the pieces take next. */
  private int next = -1;

  FwdWindow(Bars bars, int length) {
    rateIndex = bars.values();
    count = bars.count();
    this.length = length;
    moments = new RollingMoments(length);
    extremes = new RollingExtremes(length);
  }

  int length() {
    return length;
  }

  /** Prepares for the first row, however many metrics ask for it. */
  void start(int bar) {
    if (next == bar) {
      return;
    }
    next = bar;
    if (length < count - bar) {
      moments.start(rateIndex, 0, bar + length);
      extremes.start(rateIndex, 0, bar + length);
    }
  }

  /** Returns the metrics of the bars {@code from ... to-1}: NaN where fewer than W bars follow. */
  double[] metrics(int from, int to) {
    if (from != this.from || to != this.to) {
      if (values.length < METRICS * (to - from)) {
        values = new double[METRICS * (to - from)];
      }
      this.from = from;
      this.to = to;
      next = to;
      int defined = Math.max(from, Math.min(to, count - length));
      for (int bar = from; bar < defined; bar++) {
        compute(bar, METRICS * (bar - from));
      }
      Arrays.fill(values, METRICS * (defined - from), METRICS * (to - from), Double.NaN);
    }
    return values;
  }

  private void compute(int bar, int k) {
    int last = bar + length;
    moments.advance(last);
    extremes.advance(last);
    double current = rateIndex[bar];
    double inverse = 1 / current;
    double low = extremes.min();
    double high = extremes.max();
    double stdev = moments.stdev();
    double meanReturn = moments.lessMean(current) * inverse + 0.0;
    values[k] = meanReturn * length;
    values[k + 1] = meanReturn;
    values[k + 2] = high;
    values[k + 3] = low;
    values[k + 4] = moments.mean();
    values[k + 5] = stdev;
    values[k + 6] = (current - rateIndex[last]) * inverse;
    values[k + 7] = (high - low) * inverse;
    values[k + 8] = stdev * inverse;
  }
}
