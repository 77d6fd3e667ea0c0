package org.bqx.kernel;

/**
 * The sum of squared deviations from their mean of the last W values, by blocks as in {@link
 * BlockSums}.
 *
 * <p>Values are summed as d = z - r, with r the last value of the block before: it is in the
 * window, so that Q = &Sigma;d&sup2; is at most W times SS = Q - (&Sigma;d)&sup2;/W, and 0 exactly
 * when the window is constant. The one window that r is not in, a whole block, is summed afresh in
 * two passes. {@link RollingMoments} takes another value for r, and multiplies by 1/W where this
 * divides by W, so that neither can take the other's place without other bits.
 */
final class BlockMoments {

  private final int length;
  private double[] block;
  private double[] suffixSums;
  private double[] suffixSquares;
  private double reference;
  private double sum;
  private double squares;
  private int filled;

  BlockMoments(int length) {
    this.length = length;
  }

  /** Returns the bar to start at, so that the window that ends with {@code bar} is complete. */
  int firstBar(int bar) {
    return Math.max(0, bar - length + 1) / length * length;
  }

  void reset() {
    block = new double[length];
    suffixSums = new double[length];
    suffixSquares = new double[length];
    reference = 0;
    sum = 0;
    squares = 0;
    filled = 0;
  }

  void take(double value) {
    if (filled == length) {
      turn();
    }
    block[filled++] = value;
    double d = value - reference;
    sum += d;
    squares += d * d;
  }

  private void turn() {
    reference = block[length - 1];
    double s = 0;
    double q = 0;
    for (int k = 0; k < length; k++) {
      double d = block[length - 1 - k] - reference;
      s += d;
      q += d * d;
      suffixSums[k] = s;
      suffixSquares[k] = q;
    }
    sum = 0;
    squares = 0;
    filled = 0;
  }

  /** Returns the variance with divisor W - 1, 0 exactly where all values are equal. */
  double sampleVariance() {
    return deviations() / (length - 1);
  }

  private double deviations() {
    if (filled == length) {
      return deviationsOfBlock();
    }
    double s = suffixSums[length - filled - 1] + sum;
    double q = suffixSquares[length - filled - 1] + squares;
    return Math.max(0, q - s * s / length);
  }

  private double deviationsOfBlock() {
    double s = 0;
    for (double value : block) {
      s += value - block[0];
    }
    double mean = s / length;
    double q = 0;
    for (double value : block) {
      double deviation = value - block[0] - mean;
      q += deviation * deviation;
    }
    return q;
  }
}
