package org.bqx.imports;

import org.bqx.terminal.Printable;

/**
 * Decimal numbers. Up to 15 digits are an integer that a double holds exactly, and so is the power
 * of ten up to 22: their quotient, rounded once, is the nearest double (Clinger 1990). Anything
 * else is left to the JDK, which is ten times slower.
 */
final class Decimal {
  private static final int EXACT_DIGITS = 15;
  private static final double[] POWERS = new double[EXACT_DIGITS + 1];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private Decimal() {}

  /** Returns the nearest double; NaN, hexadecimal and {@code 1d} are no numbers here. */
  static double parse(String name, String text) throws DefectException {
    int length = text.length();
    long digits = 0;
    int count = 0;
    int point = -1;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9' && count < EXACT_DIGITS) {
        digits = digits * 10 + (c - '0');
        count++;
      } else if (c == '.' && point < 0) {
        point = i;
      } else {
        return slow(name, text);
      }
    }
    if (count == 0) {
      return slow(name, text);
    }
    return point < 0 ? digits : digits / POWERS[length - point - 1];
  }

  private static double slow(String name, String text) throws DefectException {
    try {
      if (text.chars().allMatch(c -> c >= '0' && c <= '9' || ".+-eE".indexOf(c) >= 0)) {
        return Double.parseDouble(text);
      }
    } catch (NumberFormatException notANumber) {
      throw defect(name, text);
    }
    throw defect(name, text);
  }

  private static DefectException defect(String name, String text) {
    return new DefectException(name + " " + Printable.quoted(text) + " is not a number");
  }
}
