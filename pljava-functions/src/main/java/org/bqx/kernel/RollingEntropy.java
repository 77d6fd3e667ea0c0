package org.bqx.kernel;

/**
 * Shannon's entropy, in bits, of the last W values in ten bins of equal width between their least
 * and greatest; 0 if all are equal.
 *
 * <pre>
 *   bin = min(9, floor(10 (z - min) / (max - min) + 1e-6))
 * </pre>
 *
 * Differences of prices on a grid fall on edges of bins, where rounding would decide: hence the
 * nudge. Values are counted anew when min or max changes; else one count goes down, one up.
 */
final class RollingEntropy {

  private static final int BINS = 10;
  private static final double NUDGE = 1e-6;

  private final int length;
  private final RollingExtremes extremes;
  private final int[] counts = new int[BINS];
  private double[] values;

  /** p log2 p of the share p of 0 ... W values. */
  private double[] terms;

  private double min;
  private double max;

  /**
   * @param length W, at least 1
   */
  RollingEntropy(int length) {
    this.length = length;
    extremes = new RollingExtremes(length);
  }

  /** Returns the first bar whose value is read by a window that is started at {@code bar}. */
  int firstRead(int bar) {
    return extremes.firstRead(bar);
  }

  /** Prepares for {@code entropy(bar)}. */
  void start(double[] values, int bar) {
    this.values = values;
    extremes.start(values, 0, bar);
    min = Double.NaN;
    max = Double.NaN;
    terms = new double[length + 1];
    for (int count = 1; count <= length; count++) {
      double share = (double) count / length;
      terms[count] = share * (StrictMath.log(share) / StrictMath.log(2));
    }
  }

  /** Takes the bar after the last one, and returns the entropy of the window that ends with it. */
  double entropy(int bar) {
    extremes.advance(bar);
    if (extremes.min() == min && extremes.max() == max) {
      if (max > min) {
        counts[bin(values[bar - length])]--;
        counts[bin(values[bar])]++;
      }
    } else {
      min = extremes.min();
      max = extremes.max();
      count(bar);
    }
    if (max == min) {
      return 0;
    }
    double sum = 0;
    for (int count : counts) {
      sum += terms[count];
    }
    return 0.0 - sum;
  }

  private void count(int bar) {
    for (int bin = 0; bin < BINS; bin++) {
      counts[bin] = 0;
    }
    if (max > min) {
      for (int i = bar - length + 1; i <= bar; i++) {
        counts[bin(values[i])]++;
      }
    }
  }

  private int bin(double value) {
    return Math.min(BINS - 1, (int) ((value - min) / (max - min) * BINS + NUDGE));
  }
}
