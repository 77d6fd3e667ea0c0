package org.bqx.kernel;

/**
 * Sums of the last W values of some series, without ever subtracting a value that has left.
 *
 * <p>The scheme is that of {@link RollingWindow}: values come in blocks of W, and a window is a
 * suffix of the block before and a prefix of this one. Blocks are counted from bar 0, so that bits
 * do not depend on the bar that summing started at. A NaN makes NaN of the sums of windows that it
 * is in, and of no others.
 */
final class BlockSums {

  private final int length;
  private final int series;

  /** The values of the block that fills up, and the sums of the suffixes of the one before. */
  private double[] block;

  private double[] suffixes;
  private double[] prefix;
  private int filled;

  BlockSums(int length, int series) {
    this.length = length;
    this.series = series;
  }

  /** Returns the bar to start at, so that the window that ends with {@code bar} is complete. */
  int firstBar(int bar) {
    return Math.max(0, bar - length + 1) / length * length;
  }

  void reset() {
    block = new double[length * series];
    suffixes = new double[length * series];
    prefix = new double[series];
    filled = 0;
  }

  /**
   * Takes in the values of a bar.
   *
   * @param values one of each series
   */
  void take(double[] values) {
    if (filled == length) {
      turn();
    }
    int place = filled++ * series;
    for (int i = 0; i < series; i++) {
      block[place + i] = values[i];
      prefix[i] += values[i];
    }
  }

  /** Takes in the value of a bar, where there is one series. */
  void take(double value) {
    if (filled == length) {
      turn();
    }
    block[filled++] = value;
    prefix[0] += value;
  }

  /**
   * Begins anew, and takes in the bars of the one series that a window needs before its last.
   *
   * @param values bar t at {@code values[offset + t]}, from {@link #firstBar} on
   * @param bar the first to be taken in next
   */
  void start(double[] values, int offset, int bar) {
    reset();
    for (int before = firstBar(bar); before < bar; before++) {
      take(values[offset + before]);
    }
  }

  private void turn() {
    for (int i = 0; i < series; i++) {
      double sum = 0;
      for (int k = 0, from = (length - 1) * series + i; k < length; k++, from -= series) {
        sum += block[from];
        suffixes[k * series + i] = sum;
      }
      prefix[i] = 0;
    }
    filled = 0;
  }

  /** Returns the sum of the last W values of a series, counted from 0. */
  double sum(int number) {
    int rest = length - filled;
    return rest == 0 ? prefix[number] : suffixes[(rest - 1) * series + number] + prefix[number];
  }
}
