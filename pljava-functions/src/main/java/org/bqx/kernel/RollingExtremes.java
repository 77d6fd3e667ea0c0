package org.bqx.kernel;

/** The least and the greatest of the last W values; both NaN if one of these is. */
final class RollingExtremes extends TrailingWindow {

  private double[] lows;
  private double[] highs;
  private double low;
  private double high;

  RollingExtremes(int length) {
    super(length);
  }

  double min() {
    return Math.min(lows[kept], low);
  }

  double max() {
    return Math.max(highs[kept], high);
  }

  @Override
  void allocate() {
    lows = new double[length];
    highs = new double[length];
    lows[0] = Double.POSITIVE_INFINITY;
    highs[0] = Double.NEGATIVE_INFINITY;
  }

  @Override
  void rebuild() {
    low = Double.POSITIVE_INFINITY;
    high = Double.NEGATIVE_INFINITY;
    int end = suffixEnd();
    for (int i = anchor - 1, k = 1; i >= end; i--, k++) {
      low = Math.min(low, values[offset + i]);
      high = Math.max(high, values[offset + i]);
      lows[k] = low;
      highs[k] = high;
    }
    low = Double.POSITIVE_INFINITY;
    high = Double.NEGATIVE_INFINITY;
  }

  @Override
  void add(int bar) {
    low = Math.min(low, values[offset + bar]);
    high = Math.max(high, values[offset + bar]);
  }
}
