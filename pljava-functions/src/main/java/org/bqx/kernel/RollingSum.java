package org.bqx.kernel;

/** The sum of the last W values. */
final class RollingSum extends TrailingWindow {

  /** Suffix of k bars at k. */
  private double[] suffixes;

  private double prefix;

  RollingSum(int length) {
    super(length);
  }

  /** Returns the sum over the window. */
  double sum() {
    return suffixes[kept] + prefix;
  }

  @Override
  void allocate() {
    suffixes = new double[length];
  }

  @Override
  void rebuild() {
    double sum = 0;
    int end = suffixEnd();
    for (int i = anchor - 1, k = 1; i >= end; i--, k++) {
      sum += values[offset + i];
      suffixes[k] = sum;
    }
    prefix = 0;
  }

  @Override
  void add(int bar) {
    prefix += values[offset + bar];
  }
}
