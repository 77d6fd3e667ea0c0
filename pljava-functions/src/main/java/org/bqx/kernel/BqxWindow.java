package org.bqx.kernel;

import java.util.List;

/**
 * Metrics of the family bqx: how the past window deviates from the current bar.
 *
 * <p>With d = x - r as in {@link RollingWindow}, S = &Sigma;d and Q = &Sigma;d&sup2;:
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

  private static final List<String> METRICS =
      List.of(
          "return",
          "mean_return",
          "max_index",
          "min_index",
          "avg_index",
          "stdev_index",
          "endpoint",
          "range",
          "volatility");

  private static final int SUM = 0;
  private static final int SQUARES = 1;
  private static final int MIN = 2;
  private static final int MAX = 3;
  private static final int STRIDE = 4;

  /** Suffix of k bars at STRIDE * (k - 1). */
  private double[] suffixes;

  private final double inverseLength;
  private final double inverseFreedom;

  private double sum;
  private double squares;
  private double min;
  private double max;

  BqxWindow(Bars bars, int length) {
    super(bars, length);
    inverseLength = 1.0 / length;
    inverseFreedom = 1.0 / (length - 1);
  }

  @Override
  public List<String> names() {
    return names(BqxFamily.NAME, METRICS);
  }

  @Override
  public int width() {
    return METRICS.size();
  }

  @Override
  void allocate() {
    suffixes = new double[STRIDE * length];
  }

  @Override
  void rebuild() {
    double s = 0;
    double q = 0;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = anchor - 1, k = 0; k < suffixes.length; i--, k += STRIDE) {
      double x = rateIndex[i];
      double d = x - reference;
      s += d;
      q += d * d;
      low = Math.min(low, x);
      high = Math.max(high, x);
      suffixes[k + SUM] = s;
      suffixes[k + SQUARES] = q;
      suffixes[k + MIN] = low;
      suffixes[k + MAX] = high;
    }
    sum = 0;
    squares = 0;
    min = Double.POSITIVE_INFINITY;
    max = Double.NEGATIVE_INFINITY;
  }

  @Override
  void append(int from, int to) {
    for (int i = from; i < to; i++) {
      double x = rateIndex[i];
      double d = x - reference;
      sum += d;
      squares += d * d;
      min = Math.min(min, x);
      max = Math.max(max, x);
    }
  }

  @Override
  void writeWithinBlock(int from, int to, double[][] rows, int firstRow, int offset) {
    double prefixSum = sum;
    double prefixSquares = squares;
    double prefixMin = min;
    double prefixMax = max;
    for (int bar = from; bar < to; bar++) {
      int suffix = STRIDE * (length - (bar - anchor) - 1);
      double s = suffixes[suffix + SUM] + prefixSum;
      double q = suffixes[suffix + SQUARES] + prefixSquares;
      double low = Math.min(suffixes[suffix + MIN], prefixMin);
      double high = Math.max(suffixes[suffix + MAX], prefixMax);

      double current = rateIndex[bar];
      double inverse = 1 / current;
      double totalReturn = (s + length * (reference - current)) * inverse;
      double meanDeviation = s * inverseLength;
      double stdev = Math.sqrt((q - s * meanDeviation) * inverseFreedom);

      double[] row = rows[firstRow + bar - from];
      row[offset] = totalReturn;
      row[offset + 1] = totalReturn * inverseLength;
      row[offset + 2] = high;
      row[offset + 3] = low;
      row[offset + 4] = reference + meanDeviation;
      row[offset + 5] = stdev;
      row[offset + 6] = (rateIndex[bar - length] - current) * inverse;
      row[offset + 7] = (high - low) * inverse;
      row[offset + 8] = stdev * inverse;

      double d = current - reference;
      prefixSum += d;
      prefixSquares += d * d;
      prefixMin = Math.min(prefixMin, current);
      prefixMax = Math.max(prefixMax, current);
    }
    sum = prefixSum;
    squares = prefixSquares;
    min = prefixMin;
    max = prefixMax;
  }
}
