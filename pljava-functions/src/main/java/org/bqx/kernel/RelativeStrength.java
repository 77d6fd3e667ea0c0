package org.bqx.kernel;

/**
 * Wilder's relative strength index, 100 G / (G + D): G and D are Wilder's averages of the rises and
 * of the falls of the close, from bar 1 on. NaN where G + D is 0.
 */
final class RelativeStrength {

  private final Candles candles;
  private final Average rises;
  private final Average falls;

  RelativeStrength(Candles candles, int length) {
    this.candles = candles;
    rises = Average.wilder(length);
    falls = Average.wilder(length);
  }

  void reset() {
    rises.reset();
    falls.reset();
  }

  double take(int bar) {
    if (bar == 0) {
      return Double.NaN;
    }
    double change = candles.change(bar);
    double rise = rises.take(Math.max(change, 0));
    double fall = falls.take(Math.max(-change, 0));
    double both = rise + fall;
    return both == 0 ? Double.NaN : 100 * rise / both;
  }
}
