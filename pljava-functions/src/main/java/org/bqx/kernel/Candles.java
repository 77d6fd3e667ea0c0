package org.bqx.kernel;

/**
 * The prices of bars as indexes: the close x, the high and the low, and what indicators make of
 * them bar by bar.
 */
final class Candles {

  /**
   * Two differences of prices that are closer than this are equal, in index points. Prices lie on a
   * grid; after price / baseline * 100 equal differences of them are no longer equal doubles.
   */
  static final double TIE = 1e-7;

  private final double[] values;
  private final int high;
  private final int low;

  /**
   * @param high number of the input that is the high, counted from 0
   * @param low number of the input that is the low
   */
  Candles(Bars bars, int high, int low) {
    values = bars.values();
    this.high = high * bars.count();
    this.low = low * bars.count();
  }

  /** The close. */
  double x(int bar) {
    return values[bar];
  }

  double high(int bar) {
    return values[high + bar];
  }

  double low(int bar) {
    return values[low + bar];
  }

  /** x(t) - x(t-1). */
  double change(int bar) {
    return values[bar] - values[bar - 1];
  }

  /** high - low. */
  double range(int bar) {
    return values[high + bar] - values[low + bar];
  }

  /** (high + low) / 2. */
  double middle(int bar) {
    return (values[high + bar] + values[low + bar]) / 2;
  }

  /** (high + low + x) / 3. */
  double typical(int bar) {
    return (values[high + bar] + values[low + bar] + values[bar]) / 3;
  }

  /** max(high(t), x(t-1)) - min(low(t), x(t-1)), for t of at least 1. */
  double trueRange(int bar) {
    double before = values[bar - 1];
    return Math.max(values[high + bar], before) - Math.min(values[low + bar], before);
  }
}
