package org.bqx.kernel;

/**
 * Metrics of the family bqx: how the past window deviates from the current bar.
 *
 * <p>With d = x - x(B-1) as in {@link RollingWindow}, S = &Sigma;d, Q = &Sigma;d&sup2; and r =
 * x(B-1):
 *
 * <pre>
 *   return      = (S + W (r - x(t))) / x(t)
 *   mean_return = return / W
 *   avg_index   = r + S/W
 *   stdev_index = sqrt((Q - S&sup2;/W) / (W-1))
 *   endpoint    = (x(t-W) - x(t)) / x(t)
 *   range       = (max - min) / x(t)
 *   volatility  = stdev_index / x(t)
 * </pre>
 *
 * Minimum and maximum come from the same suffixes and prefix.
 */
final class BqxWindow extends RollingWindow {

  private static final int SUM = 0;
  private static final int SQUARES = 1;
  private static final int MIN = 2;
  private static final int MAX = 3;
  private static final int STRIDE = 4;

  /** Suffix of k bars at STRIDE * (k - 1). */
  private final double[] suffixes;

  private double sum;
  private double squares;
  private double min;
  private double max;

  BqxWindow(double[] rateIndex, int length) {
    super(rateIndex, length);
    suffixes = new double[STRIDE * length];
  }

  @Override
  void rebuild() {
    clear();
    for (int i = anchor - 1, k = 0; i >= anchor - length; i--, k += STRIDE) {
      append(i);
      suffixes[k + SUM] = sum;
      suffixes[k + SQUARES] = squares;
      suffixes[k + MIN] = min;
      suffixes[k + MAX] = max;
    }
    clear();
  }

  private void clear() {
    sum = 0;
    squares = 0;
    min = Double.POSITIVE_INFINITY;
    max = Double.NEGATIVE_INFINITY;
  }

  @Override
  void append(int bar) {
    double x = rateIndex[bar];
    double d = x - reference;
    sum += d;
    squares += d * d;
    min = x < min ? x : min;
    max = x > max ? x : max;
  }

  @Override
  void write(int bar, double[] row, int offset) {
    double current = rateIndex[bar];
    int suffix = STRIDE * (length - (bar - anchor) - 1);
    double s = suffixes[suffix + SUM] + sum;
    double q = suffixes[suffix + SQUARES] + squares;
    double low = Math.min(suffixes[suffix + MIN], min);
    double high = Math.max(suffixes[suffix + MAX], max);

    double totalReturn = (s + length * (reference - current)) / current;
    double meanDeviation = s / length;
    double stdev = Math.sqrt(Math.max(0, q - s * meanDeviation) / (length - 1));

    row[offset] = totalReturn;
    row[offset + 1] = totalReturn / length;
    row[offset + 2] = high;
    row[offset + 3] = low;
    row[offset + 4] = reference + meanDeviation;
    row[offset + 5] = stdev;
    row[offset + 6] = (rateIndex[bar - length] - current) / current;
    row[offset + 7] = (high - low) / current;
    row[offset + 8] = stdev / current;
  }
}
