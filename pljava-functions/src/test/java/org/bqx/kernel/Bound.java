package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What counts as equal: 1e-9 relative, or a small absolute difference; undefined on both sides. */
public final class Bound {

  static final double ABSOLUTE = 1e-11;

  /** Of r2, where a market steps once and stands still: {@link RegWindow} says why. */
  private static final double ABSOLUTE_OF_R2 = 1e-10;

  private static final Pattern COEFFICIENT =
      Pattern.compile("w(?<length>\\d+)_reg_(?<name>a|b|r2)");

  private Bound() {}

  /**
   * The absolute difference allowed: for a 1e-11 / (W-1)&sup2;, for b 1e-11 / (W-1), for r2 1e-10.
   */
  public static double ofReg(String column) {
    Matcher coefficient = COEFFICIENT.matcher(column);
    if (!coefficient.matches()) {
      return ABSOLUTE;
    }
    double span = Integer.parseInt(coefficient.group("length")) - 1;
    return switch (coefficient.group("name")) {
      case "a" -> ABSOLUTE / (span * span);
      case "b" -> ABSOLUTE / span;
      default -> ABSOLUTE_OF_R2;
    };
  }

  /** The error of one value as a share of what is allowed: 1 is the limit. */
  static double share(double absolute, double actual, double expected) {
    if (Double.isNaN(actual) && Double.isNaN(expected)) {
      return 0;
    }
    return Math.abs(actual - expected) / Math.max(absolute, 1e-9 * Math.abs(expected));
  }

  /**
   * Fails if a value is off.
   *
   * @param columns the names of the values; there may be more of them
   * @param absolute the absolute difference that a column allows
   */
  public static void assertWithin(
      List<String> columns,
      ToDoubleFunction<String> absolute,
      double[] actual,
      double[] expected,
      String where) {
    assertThat(actual).as(where).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      String column = columns.get(i);
      // A NaN on one side makes the comparison false, and so fails.
      if (!(share(absolute.applyAsDouble(column), actual[i], expected[i]) <= 1)) {
        throw new AssertionError(
            "%s, %s: %s, expected %s".formatted(column, where, actual[i], expected[i]));
      }
    }
  }
}
