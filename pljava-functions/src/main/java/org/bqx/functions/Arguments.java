package org.bqx.functions;

import java.sql.SQLException;

/** Checks of what SQL passes in. Positions are 1-based, as in SQL. */
final class Arguments {

  private static final String INVALID_PARAMETER_VALUE = "22023";
  private static final String NULL_VALUE_NOT_ALLOWED = "22004";

  // Far beyond any rate, and near enough to 1 that no square of a difference of two indexes
  // overflows or vanishes.
  private static final double LEAST_INDEX = 1e-100;
  private static final double GREATEST_INDEX = 1e100;

  private Arguments() {}

  static void checkSeries(double[] rateIndex, int[] windows, Integer skip, int shortestWindow)
      throws SQLException {
    checkNotNull("rate_index", rateIndex);
    checkNotNull("windows", windows);
    checkNotNull("skip", skip);
    if (rateIndex.length == 0) {
      throw invalid("rate_index is empty: must have at least one element");
    }
    checkWindows(windows, shortestWindow);
    if (skip < 0 || skip >= rateIndex.length) {
      throw invalid(
          "skip is "
              + skip
              + ": must be between 0 and "
              + (rateIndex.length - 1)
              + ", as rate_index has "
              + rateIndex.length
              + (rateIndex.length == 1 ? " element" : " elements"));
    }
    checkIndexes("rate_index", rateIndex);
  }

  static void checkWindow(double[] windowValues, Double currentValue, int shortestWindow)
      throws SQLException {
    checkNotNull("window_values", windowValues);
    checkNotNull("current_value", currentValue);
    if (windowValues.length < shortestWindow) {
      throw invalid(
          "window_values has length "
              + windowValues.length
              + ": must be at least "
              + shortestWindow);
    }
    checkIndexes("window_values", windowValues);
    checkIndex("current_value", currentValue);
  }

  private static void checkWindows(int[] windows, int shortestWindow) throws SQLException {
    if (windows.length == 0) {
      throw invalid("windows is empty: must have at least one element");
    }
    for (int i = 0; i < windows.length; i++) {
      String name = "windows[" + (i + 1) + "] is " + windows[i];
      if (windows[i] < shortestWindow) {
        throw invalid(name + ": must be at least " + shortestWindow);
      }
      if (i > 0 && windows[i] <= windows[i - 1]) {
        throw invalid(
            name + ": must be greater than windows[" + i + "], which is " + windows[i - 1]);
      }
    }
  }

  private static void checkIndexes(String name, double[] values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      if (!isIndex(values[i])) {
        checkIndex(name + "[" + (i + 1) + "]", values[i]);
      }
    }
  }

  private static void checkIndex(String name, double value) throws SQLException {
    if (isIndex(value)) {
      return;
    }
    boolean outOfRange = value > 0 && value < Double.POSITIVE_INFINITY;
    throw invalid(
        name
            + " is "
            + value
            + (outOfRange
                ? ": must be between 1e-100 and 1e100"
                : ": must be a finite positive number"));
  }

  private static boolean isIndex(double value) {
    return value >= LEAST_INDEX && value <= GREATEST_INDEX;
  }

  private static void checkNotNull(String name, Object value) throws SQLException {
    if (value == null) {
      throw new SQLException(name + " is null: must not be null", NULL_VALUE_NOT_ALLOWED);
    }
  }

  private static SQLException invalid(String message) {
    return new SQLException(message, INVALID_PARAMETER_VALUE);
  }
}
