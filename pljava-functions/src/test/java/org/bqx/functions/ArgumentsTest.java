package org.bqx.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ArgumentsTest {

  private static final double[] BARS = {100, 101, 102, 103, 104};
  private static final int[] WINDOWS = {3, 4};

  static Stream<Arguments> badSeries() {
    return Stream.of(
        series(null, WINDOWS, 0, "22004", "rate_index is null: must not be null"),
        series(BARS, null, 0, "22004", "windows is null: must not be null"),
        series(BARS, WINDOWS, null, "22004", "skip is null: must not be null"),
        series(
            new double[0],
            WINDOWS,
            0,
            "22023",
            "rate_index is empty: must have at least one element"),
        series(BARS, new int[0], 0, "22023", "windows is empty: must have at least one element"),
        series(
            BARS,
            new int[] {3, 5, 5},
            0,
            "22023",
            "windows[3] is 5: must be greater than windows[2], which is 5"),
        series(
            BARS,
            new int[] {5, 4},
            0,
            "22023",
            "windows[2] is 4: must be greater than windows[1], which is 5"),
        series(
            BARS,
            WINDOWS,
            -1,
            "22023",
            "skip is -1: must be between 0 and 4, as rate_index has 5 elements"),
        series(
            BARS,
            WINDOWS,
            5,
            "22023",
            "skip is 5: must be between 0 and 4, as rate_index has 5 elements"),
        series(
            new double[] {1},
            WINDOWS,
            1,
            "22023",
            "skip is 1: must be between 0 and 0, as rate_index has 1 element"));
  }

  private static Arguments series(
      double[] rateIndex, int[] windows, Integer skip, String state, String message) {
    return Arguments.of(rateIndex, windows, skip, state, message);
  }

  @ParameterizedTest
  @MethodSource("badSeries")
  void badSeriesAreRefused(
      double[] rateIndex, int[] windows, Integer skip, String state, String message) {
    assertRefused(() -> FeatureFunctions.bqxRows(rateIndex, windows, skip), state, message);
    assertRefused(() -> FeatureFunctions.regRows(rateIndex, windows, skip), state, message);
  }

  @Test
  void windowsTooShortForAFamilyAreRefused() throws SQLException {
    assertThat(FeatureFunctions.bqxRows(BARS, new int[] {2}, 0)).hasNext();
    assertRefused(
        () -> FeatureFunctions.bqxRows(BARS, new int[] {1}, 0),
        "22023",
        "windows[1] is 1: must be at least 2");
    assertThat(FeatureFunctions.regRows(BARS, new int[] {3}, 0)).hasNext();
    assertRefused(
        () -> FeatureFunctions.regRows(BARS, new int[] {2}, 0),
        "22023",
        "windows[1] is 2: must be at least 3");
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, must be a finite positive number",
    "Infinity, must be a finite positive number",
    "-Infinity, must be a finite positive number",
    "0.0, must be a finite positive number",
    "-0.0, must be a finite positive number",
    "-1.5, must be a finite positive number",
    "1.0E-101, must be between 1e-100 and 1e100",
    "1.0E101, must be between 1e-100 and 1e100"
  })
  void badIndexesAreRefused(double value, String rule) {
    double[] bars = BARS.clone();
    bars[3] = value;
    String message = " is " + value + ": " + rule;
    assertRefused(
        () -> FeatureFunctions.bqxRows(bars, WINDOWS, 4), "22023", "rate_index[4]" + message);
    assertRefused(
        () -> FeatureFunctions.regRows(bars, WINDOWS, 4), "22023", "rate_index[4]" + message);
    assertRefused(() -> ReferenceFunctions.bqx(bars, 1.0), "22023", "window_values[4]" + message);
    assertRefused(() -> ReferenceFunctions.reg(bars, 1.0), "22023", "window_values[4]" + message);
    assertRefused(() -> ReferenceFunctions.bqx(BARS, value), "22023", "current_value" + message);
    assertRefused(() -> ReferenceFunctions.reg(BARS, value), "22023", "current_value" + message);
  }

  @Test
  void nullOrShortWindowsAreRefusedByTheReferences() {
    String nullWindow = "window_values is null: must not be null";
    assertRefused(() -> ReferenceFunctions.bqx(null, 1.0), "22004", nullWindow);
    assertRefused(() -> ReferenceFunctions.reg(null, 1.0), "22004", nullWindow);
    String nullCurrent = "current_value is null: must not be null";
    assertRefused(() -> ReferenceFunctions.bqx(BARS, null), "22004", nullCurrent);
    assertRefused(() -> ReferenceFunctions.reg(BARS, null), "22004", nullCurrent);
    assertRefused(
        () -> ReferenceFunctions.bqx(new double[1], 1.0),
        "22023",
        "window_values has length 1: must be at least 2");
    assertRefused(
        () -> ReferenceFunctions.reg(new double[2], 1.0),
        "22023",
        "window_values has length 2: must be at least 3");
  }

  private static void assertRefused(ThrowingCallable call, String state, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> {
              assertThat(e.getSQLState()).isEqualTo(state);
              assertThat(e.getMessage()).isEqualTo(message);
            });
  }
}
