package org.bqx.functions;

import java.sql.SQLException;
import org.bqx.kernel.Bars;
import org.bqx.kernel.Families;
import org.bqx.kernel.Family;

/** Checks of what SQL passes in. Positions are 1-based, as in SQL. */
final class Arguments {

  private static final String INVALID_PARAMETER_VALUE = "22023";
  private static final String NULL_VALUE_NOT_ALLOWED = "22004";
  private static final String BAD_BARS = "QX005";

  // Far beyond any rate, and near enough to 1 that no square of a difference of two indexes
  // overflows or vanishes.
  private static final double LEAST_INDEX = 1e-100;
  private static final double GREATEST_INDEX = 1e100;

  private Arguments() {}

  static void checkNotNull(String name, Object value) throws SQLException {
    if (value == null) {
      Refusal.raise(name + " is null: must not be null", NULL_VALUE_NOT_ALLOWED);
    }
  }

  static Family family(String name) throws SQLException {
    try {
      return Families.of(name);
    } catch (IllegalArgumentException e) {
      return Refusal.raise(e.getMessage(), INVALID_PARAMETER_VALUE);
    }
  }

  /** Returns the inputs as bars, as many as the family takes; their values are not checked. */
  static Bars bars(Family family, double[] inputs, int count) throws SQLException {
    checkBars(inputs, count);
    Bars bars = new Bars(inputs, count);
    int excess = bars.inputs() - family.inputs();
    int step = family.inputsStep();
    if (excess < 0 || (step == 0 ? excess > 0 : excess % step != 0)) {
      refuse(
          "inputs has "
              + (bars.inputs() == 1 ? "1 column" : bars.inputs() + " columns")
              + ": must have "
              + family.inputs()
              + (step == 0 ? "" : ", or a multiple of " + step + " more")
              + " for family "
              + family.name());
    }
    return bars;
  }

  /** Checks that the inputs are series of so many bars. */
  static void checkBars(double[] inputs, int count) throws SQLException {
    if (count < 1) {
      refuse("bars is " + count + ": must be at least 1");
    }
    checkNotEmpty("inputs", inputs.length);
    if (inputs.length % count != 0) {
      refuse(
          "inputs has "
              + elements(inputs.length)
              + ": must be a multiple of bars, which is "
              + count);
    }
  }

  static void checkFirstBars(int firstBars, int bars) throws SQLException {
    if (firstBars < 0 || firstBars > bars) {
      refuse("first_bars is " + firstBars + ": must be between 0 and " + bars + asThereAre(bars));
    }
  }

  static void checkWindows(Family family, int[] windows) throws SQLException {
    int shortest = family.shortestWindow();
    if (shortest == 0) {
      if (windows.length > 0) {
        refuse(
            "windows has "
                + elements(windows.length)
                + ": must be empty, as family "
                + family.name()
                + " takes none");
      }
      return;
    }
    checkNotEmpty("windows", windows.length);
    for (int i = 0; i < windows.length; i++) {
      // Texts are joined only for an error: the first join of a session takes milliseconds.
      if (windows[i] < shortest) {
        refuse(element("windows", i) + " is " + windows[i] + ": must be at least " + shortest);
      }
      if (i > 0 && windows[i] <= windows[i - 1]) {
        refuse(
            element("windows", i)
                + " is "
                + windows[i]
                + ": must be greater than "
                + element("windows", i - 1)
                + ", which is "
                + windows[i - 1]);
      }
    }
  }

  static void checkSkipAndTail(int skip, int tail, int bars) throws SQLException {
    if (skip < 0 || skip >= bars) {
      refuse("skip is " + skip + ": must be between 0 and " + (bars - 1) + asThereAre(bars));
    }
    if (tail < 0 || tail >= bars - skip) {
      refuse(
          "tail is "
              + tail
              + ": must be between 0 and "
              + (bars - skip - 1)
              + asThereAre(bars)
              + " and skip is "
              + skip);
    }
  }

  static void checkPositions(int[] positions, int bars) throws SQLException {
    for (int i = 0; i < positions.length; i++) {
      if (positions[i] < 1 || positions[i] > bars) {
        refuse(
            element("positions", i)
                + " is "
                + positions[i]
                + ": must be between 1 and "
                + bars
                + ", the number of bars");
      }
    }
  }

  static void checkElements(String name, int[] elements, int width) throws SQLException {
    for (int i = 0; i < elements.length; i++) {
      if (elements[i] < 1 || elements[i] > width) {
        refuse(
            element(name, i)
                + " is "
                + elements[i]
                + ": must be between 1 and "
                + width
                + ", the number of a row's elements");
      }
    }
  }

  static void checkTolerances(double[] tolerances, int wanted) throws SQLException {
    if (tolerances.length != wanted) {
      refuse("tolerances has " + elements(tolerances.length) + ": must have " + wanted);
    }
  }

  static void checkBefore(double[] before, int facts) throws SQLException {
    if (before.length != 0 && before.length != facts) {
      refuse("before has " + elements(before.length) + ": must be empty or have " + facts);
    }
  }

  /** Checks that rate_index is one, that no input is infinite, and what the family asks for. */
  static void checkValues(Family family, Bars bars) throws SQLException {
    double[] values = bars.values();
    int count = bars.count();
    // Comparisons alone, no call: a session's first values are checked by the interpreter.
    for (int bar = 0; bar < count; bar++) {
      double value = values[bar];
      if (!(value >= LEAST_INDEX && value <= GREATEST_INDEX)) {
        refuse(notAnIndex(element("rate_index", bar), value));
      }
    }
    for (int i = count; i < values.length; i++) {
      if (values[i] == Double.POSITIVE_INFINITY || values[i] == Double.NEGATIVE_INFINITY) {
        refuse(
            family.inputName(i / count)
                + " is "
                + values[i]
                + " at bar "
                + (i % count + 1)
                + ": must be finite, or NaN where absent");
      }
    }
    String defect = family.defect(bars);
    if (defect != null) {
      Refusal.raise(defect, BAD_BARS);
    }
  }

  static void checkTimes(String name, double[] times) throws SQLException {
    checkNotEmpty(name, times.length);
    for (int i = 0; i < times.length; i++) {
      if (!Double.isFinite(times[i])) {
        refuse(element(name, i) + " is " + times[i] + ": must be finite");
      }
      if (i > 0 && times[i] < times[i - 1]) {
        refuse(
            element(name, i)
                + " is "
                + times[i]
                + ": must not be less than "
                + element(name, i - 1)
                + ", which is "
                + times[i - 1]);
      }
    }
  }

  /** Checks times of one or more series, each of which a NaN begins, and returns their number. */
  static int checkSeriesTimes(String name, double[] times) throws SQLException {
    checkNotEmpty(name, times.length);
    if (!Double.isNaN(times[0])) {
      refuse(element(name, 0) + " is " + times[0] + ": must be NaN, which begins each series");
    }
    int series = 0;
    for (int i = 0; i < times.length; i++) {
      if (Double.isInfinite(times[i])) {
        refuse(element(name, i) + " is " + times[i] + ": must be finite");
      }
      series += Double.isNaN(times[i]) ? 1 : 0;
    }
    return series;
  }

  static void checkSeriesTimes(String name, double[] times, int wanted) throws SQLException {
    int series = checkSeriesTimes(name, times);
    if (series != wanted) {
      refuse(name + " has " + series + " series: must have as many as directions, " + wanted);
    }
  }

  static void checkDirections(int[] directions) throws SQLException {
    checkNotEmpty("directions", directions.length);
    for (int i = 0; i < directions.length; i++) {
      if (directions[i] != 1 && directions[i] != -1) {
        refuse(element("directions", i) + " is " + directions[i] + ": must be 1 or -1");
      }
    }
  }

  static void checkOtherValues(double[] otherValues, int otherTimes) throws SQLException {
    checkNotEmpty("other_values", otherValues.length);
    if (otherValues.length % otherTimes != 0) {
      refuse(
          "other_values has "
              + elements(otherValues.length)
              + ": must be a multiple of the "
              + elements(otherTimes)
              + " of other_times");
    }
  }

  static void checkMaxAge(double maxAge) throws SQLException {
    // A NaN is not at least 0 either.
    if (!(maxAge >= 0)) {
      refuse("max_age is " + maxAge + ": must be at least 0");
    }
  }

  /** Checks the number of values, and that none is infinite; NaN is an absent value. */
  static void checkSeries(String name, double[] values, int count) throws SQLException {
    checkNotEmpty(name, values.length);
    if (values.length != count) {
      refuse(name + " has " + elements(values.length) + ": must have " + count);
    }
    for (int i = 0; i < count; i++) {
      if (Double.isInfinite(values[i])) {
        refuse(element(name, i) + " is " + values[i] + ": must be finite, or NaN where absent");
      }
    }
  }

  static void checkLengths(String name, int[] lengths, int least) throws SQLException {
    checkNotEmpty(name, lengths.length);
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] < least) {
        refuse(
            (lengths.length == 1 ? name : element(name, i))
                + " is "
                + lengths[i]
                + ": must be at least "
                + least);
      }
    }
  }

  private static void checkNotEmpty(String name, int length) throws SQLException {
    if (length == 0) {
      refuse(name + " is empty: must have at least one element");
    }
  }

  private static String notAnIndex(String name, double value) {
    boolean outOfRange = value > 0 && value < Double.POSITIVE_INFINITY;
    return name
        + " is "
        + value
        + (outOfRange
            ? ": must be between 1e-100 and 1e100"
            : ": must be a finite positive number");
  }

  private static String element(String array, int index) {
    return array + "[" + (index + 1) + "]";
  }

  private static String asThereAre(int bars) {
    return bars == 1 ? ", as there is 1 bar" : ", as there are " + bars + " bars";
  }

  private static String elements(int count) {
    return count == 1 ? "1 element" : count + " elements";
  }

  private static void refuse(String message) throws SQLException {
    Refusal.raise(message, INVALID_PARAMETER_VALUE);
  }
}
