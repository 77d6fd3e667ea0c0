package org.bqx.kernel;

import java.util.Arrays;

/**
 * Sums of squares and products about their means, of the last W values of several series, by blocks
 * as in {@link BlockSums}: of each series, and of each with the first.
 *
 * <p>Values are summed as d = z - r, with r the last value of the block before, so that no digits
 * cancel and constant values give 0 exactly: {@link BlockMoments} says why. A NaN makes NaN of the
 * windows that it is in, and of no others. {@link RollingProducts}, of two series, takes another
 * value for r and rounds otherwise, so that neither can take the other's place without other bits.
 */
final class BlockComoments {

  private static final int SUM = 0;
  private static final int SQUARES = 1;
  private static final int PRODUCTS = 2;
  private static final int STRIDE = 3;

  private final int length;
  private final int series;
  private double[] block;
  private double[] references;
  private double[] suffixes;
  private double[] prefix;

  /** The sums of the window that ends with the last value. */
  private final double[] window;

  private int filled;

  BlockComoments(int length, int series) {
    this.length = length;
    this.series = series;
    window = new double[STRIDE * series];
  }

  /** Returns the bar to start at, so that the window that ends with {@code bar} is complete. */
  int firstBar(int bar) {
    return Math.max(0, bar - length + 1) / length * length;
  }

  void reset() {
    block = new double[length * series];
    references = new double[series];
    suffixes = new double[length * STRIDE * series];
    prefix = new double[STRIDE * series];
    filled = 0;
  }

  /** Takes in a value of each series, the first at {@code from}. */
  void take(double[] values, int from) {
    if (filled == length) {
      turn();
    }
    System.arraycopy(values, from, block, filled * series, series);
    add(filled++, prefix);
    if (filled == length) {
      sumBlock();
      return;
    }
    int suffix = (length - filled - 1) * STRIDE * series;
    for (int i = 0; i < window.length; i++) {
      window[i] = suffixes[suffix + i] + prefix[i];
    }
  }

  private void turn() {
    System.arraycopy(block, (length - 1) * series, references, 0, series);
    double[] sums = prefix;
    Arrays.fill(sums, 0);
    for (int k = 0; k < length; k++) {
      add(length - 1 - k, sums);
      System.arraycopy(sums, 0, suffixes, k * sums.length, sums.length);
    }
    Arrays.fill(prefix, 0);
    filled = 0;
  }

  /** The one window that the references are not in: a block of its own. */
  private void sumBlock() {
    double[] kept = references.clone();
    System.arraycopy(block, (length - 1) * series, references, 0, series);
    Arrays.fill(window, 0);
    for (int place = 0; place < length; place++) {
      add(place, window);
    }
    System.arraycopy(kept, 0, references, 0, series);
  }

  private void add(int place, double[] sums) {
    int from = place * series;
    double first = block[from] - references[0];
    for (int i = 0, to = 0; i < series; i++, to += STRIDE) {
      double d = block[from + i] - references[i];
      sums[to + SUM] += d;
      sums[to + SQUARES] += d * d;
      sums[to + PRODUCTS] += first * d;
    }
  }

  /** &Sigma;(z - mean)&sup2; of a series, 0 exactly where it is constant. */
  double squares(int number) {
    double sum = window[STRIDE * number + SUM];
    return Math.max(0, window[STRIDE * number + SQUARES] - sum * sum / length);
  }

  /** &Sigma;(a - mean a)(z - mean z), a being the first series. */
  double products(int number) {
    int at = STRIDE * number;
    return window[at + PRODUCTS] - window[SUM] * window[at + SUM] / length;
  }

  /** Pearson's correlation with the first series; NaN where one of them is constant. */
  double correlation(int number) {
    double both = Math.sqrt(squares(0) * squares(number));
    return both == 0 ? Double.NaN : Math.max(-1, Math.min(1, products(number) / both));
  }

  /** The last value of a series less its mean. */
  double deviation(int number) {
    int last = filled - 1;
    double reference = filled == length ? block[last * series + number] : references[number];
    return block[last * series + number] - reference - window[STRIDE * number + SUM] / length;
  }
}
