package org.bqx.kernel;

/**
 * Mean and sample standard deviation of the last W values.
 *
 * <p>With d = z - r, r = z(B) as in {@link TrailingWindow}, S = &Sigma;d and Q = &Sigma;d&sup2;:
 *
 * <pre>
 *   mean  = r + S/W
 *   stdev = sqrt((Q - S&sup2;/W) / (W-1))
 * </pre>
 *
 * {@link BlockMoments} rounds otherwise, and says why both are there.
 */
final class RollingMoments extends TrailingWindow {

  private final double inverseLength;
  private final double inverseFreedom;

  private double[] sums;
  private double[] squares;
  private double reference;
  private double sum;
  private double square;

  /**
   * @param length W, at least 2
   */
  RollingMoments(int length) {
    super(length);
    inverseLength = 1.0 / length;
    inverseFreedom = 1.0 / (length - 1);
  }

  double mean() {
    return reference + (sums[kept] + sum) * inverseLength;
  }

  /** Returns a value less the mean: exact to rounding, however small the values' spread is. */
  double lessMean(double value) {
    return value - reference - (sums[kept] + sum) * inverseLength;
  }

  double stdev() {
    return Math.sqrt(variance());
  }

  double variance() {
    double s = sums[kept] + sum;
    double q = squares[kept] + square;
    return Math.max(0, q - s * (s * inverseLength)) * inverseFreedom;
  }

  /** Returns whether all values are equal. */
  boolean isConstant() {
    return squares[kept] + square == 0;
  }

  @Override
  void allocate() {
    sums = new double[length];
    squares = new double[length];
  }

  @Override
  void rebuild() {
    reference = values[offset + anchor];
    double s = 0;
    double q = 0;
    int end = suffixEnd();
    for (int i = anchor - 1, k = 1; i >= end; i--, k++) {
      double d = values[offset + i] - reference;
      s += d;
      q += d * d;
      sums[k] = s;
      squares[k] = q;
    }
    sum = 0;
    square = 0;
  }

  @Override
  void add(int bar) {
    double d = values[offset + bar] - reference;
    sum += d;
    square += d * d;
  }
}
