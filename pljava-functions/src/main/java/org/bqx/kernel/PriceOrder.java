package org.bqx.kernel;

/** Whether the high of each bar is its greatest price, and the low its least. */
final class PriceOrder {

  private PriceOrder() {}

  /**
   * Returns what is wrong with the first bar whose high is below, or whose low is above, another of
   * its prices; null if there is none.
   *
   * @param family whose inputs they are
   * @param high number of the input, counted from 0
   * @param low the same
   * @param others inputs that lie between the two
   */
  static String defect(Family family, Bars bars, int high, int low, int... others) {
    for (int bar = 0; bar < bars.count(); bar++) {
      for (int other : others) {
        double price = bars.at(other, bar);
        // Written so that a NaN is wrong, too.
        if (!(bars.at(high, bar) >= price)) {
          return describe(family, bars, bar, high, "below", other);
        }
        if (!(bars.at(low, bar) <= price)) {
          return describe(family, bars, bar, low, "above", other);
        }
      }
    }
    return null;
  }

  private static String describe(
      Family family, Bars bars, int bar, int input, String relation, int other) {
    return family.inputName(input)
        + " is "
        + bars.at(input, bar)
        + " at bar "
        + (bar + 1)
        + ": must not be "
        + relation
        + " "
        + family.inputName(other)
        + ", which is "
        + bars.at(other, bar);
  }
}
