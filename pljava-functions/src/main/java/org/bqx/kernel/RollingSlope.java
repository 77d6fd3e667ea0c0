package org.bqx.kernel;

/**
 * The least-squares slope of the last W values over their bars, a bar.
 *
 * <p>With d = z - z(B) as in {@link TrailingWindow}, i the bar, m = (W-1)/2:
 *
 * <pre>
 *   &Sigma;(k - m) z(k) over k = 0 ... W-1 = &Sigma;(i - B) d(i) - (t - B - m) &Sigma;d
 *   slope = that / (W (W&sup2; - 1) / 12)
 * </pre>
 */
final class RollingSlope extends TrailingWindow {

  private final double middle;
  private final double inverseSpread;

  private double[] sums;
  private double[] weighted;
  private double reference;
  private double sum;
  private double weight;

  /**
   * @param length W, at least 2
   */
  RollingSlope(int length) {
    super(length);
    middle = (length - 1) / 2.0;
    inverseSpread = 12 / (length * ((double) length * length - 1));
  }

  double slope() {
    double fromAnchor = length - 1 - kept;
    return (weighted[kept] + weight - (fromAnchor - middle) * (sums[kept] + sum)) * inverseSpread;
  }

  @Override
  void allocate() {
    sums = new double[length];
    weighted = new double[length];
  }

  @Override
  void rebuild() {
    reference = values[offset + anchor];
    double s = 0;
    double w = 0;
    int end = suffixEnd();
    for (int i = anchor - 1, k = 1; i >= end; i--, k++) {
      double d = values[offset + i] - reference;
      s += d;
      w -= k * d;
      sums[k] = s;
      weighted[k] = w;
    }
    sum = 0;
    weight = 0;
  }

  @Override
  void add(int bar) {
    double d = values[offset + bar] - reference;
    sum += d;
    weight += (bar - anchor) * d;
  }
}
