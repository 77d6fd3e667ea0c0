package org.bqx.kernel;

/** Whether the high of each bar is its greatest price, and the low its least. */
final class PriceOrder {

  private PriceOrder() {}

  /**
   * Returns what is wrong with the first bar whose high is below, or whose low is above, another of
   * its prices; null if there is none.
   *
   * @param high number of the input, counted from 0
   * @param low the same
   * @param others inputs that lie between the two
   */
  static String defect(Bars bars, int high, int low, int... others) {
    for (int bar = 0; bar < bars.count(); bar++) {
      for (int other : others) {
        double price = bars.at(other, bar);
        // Written so that a NaN is wrong, too.
        if (!(bars.at(high, bar) >= price)) {
          return describe(bars, bar, "high", high, "below", other);
        }
        if (!(bars.at(low, bar) <= price)) {
          return describe(bars, bar, "low", low, "above", other);
        }
      }
    }
    return null;
  }

  private static String describe(
      Bars bars, int bar, String name, int input, String relation, int other) {
    return name
        + ", input "
        + (input + 1)
        + ", is "
        + bars.at(input, bar)
        + " at bar "
        + (bar + 1)
        + ": must not be "
        + relation
        + " input "
        + (other + 1)
        + ", which is "
        + bars.at(other, bar);
  }
}
