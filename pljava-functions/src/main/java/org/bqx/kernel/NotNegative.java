package org.bqx.kernel;

/** Whether an input that cannot be negative is not. */
final class NotNegative {

  private NotNegative() {}

  /** Returns what is wrong with the first value below 0; null if there is none. */
  static String defect(Family family, Bars bars, int input) {
    for (int bar = 0; bar < bars.count(); bar++) {
      if (bars.at(input, bar) < 0) {
        return family.inputName(input)
            + " is "
            + bars.at(input, bar)
            + " at bar "
            + (bar + 1)
            + ": must not be negative";
      }
    }
    return null;
  }
}
