package org.bqx.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bqx.kernel.Bars;
import org.bqx.kernel.Columns;
import org.bqx.kernel.Families;
import org.bqx.kernel.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

  private static final double[] BARS = {100, 101, 102, 103, 104};
  private static final int[] WINDOWS = {3, 4};

  static Stream<?> badSeries() {
    return Stream.of(
        arguments(null, 5, WINDOWS, "22004", "inputs is null: must not be null"),
        arguments(BARS, null, WINDOWS, "22004", "bars is null: must not be null"),
        arguments(BARS, 5, null, "22004", "windows is null: must not be null"),
        arguments(
            new double[0], 1, WINDOWS, "22023", "inputs is empty: must have at least one element"),
        arguments(BARS, 0, WINDOWS, "22023", "bars is 0: must be at least 1"),
        arguments(BARS, -5, WINDOWS, "22023", "bars is -5: must be at least 1"),
        arguments(
            BARS,
            2,
            WINDOWS,
            "22023",
            "inputs has 5 elements: must be a multiple of bars, which is 2"),
        arguments(
            BARS,
            6,
            WINDOWS,
            "22023",
            "inputs has 5 elements: must be a multiple of bars, which is 6"),
        arguments(
            new double[] {1},
            2,
            WINDOWS,
            "22023",
            "inputs has 1 element: must be a multiple of bars, which is 2"),
        arguments(BARS, 5, new int[0], "22023", "windows is empty: must have at least one element"),
        arguments(
            BARS,
            5,
            new int[] {3, 5, 5},
            "22023",
            "windows[3] is 5: must be greater than windows[2], which is 5"),
        arguments(
            BARS,
            5,
            new int[] {5, 4},
            "22023",
            "windows[2] is 4: must be greater than windows[1], which is 5"));
  }

  @ParameterizedTest
  @MethodSource("badSeries")
  void badSeriesAreRefused(
      double[] inputs, Integer bars, int[] windows, String state, String message) {
    for (String family : new String[] {"bqx", "reg"}) {
      assertRefused(
          () -> FeatureFunctions.featureRows(family, inputs, bars, windows, 0, 0), state, message);
      assertRefused(
          () -> ReferenceFunctions.featureReference(family, inputs, bars, windows, new int[] {1}),
          state,
          message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      textBlock =
          """
          5, null, 0, 22004, 'skip is null: must not be null'
          5, 0, null, 22004, 'tail is null: must not be null'
          5, -1, 0, 22023, 'skip is -1: must be between 0 and 4, as there are 5 bars'
          5, 5, 0, 22023, 'skip is 5: must be between 0 and 4, as there are 5 bars'
          1, 1, 0, 22023, 'skip is 1: must be between 0 and 0, as there is 1 bar'
          5, 0, -1, 22023, 'tail is -1: must be between 0 and 4, as there are 5 bars and skip is 0'
          5, 3, 2, 22023, 'tail is 2: must be between 0 and 1, as there are 5 bars and skip is 3'
          5, 4, 2147483647, 22023, 'tail is 2147483647: must be between 0 and 0, as there are 5 bars and skip is 4'
          """)
  void badSkipsAndTailsAreRefused(
      int bars, Integer skip, Integer tail, String state, String message) {
    double[] inputs = Arrays.copyOf(BARS, bars);
    assertRefused(
        () -> FeatureFunctions.featureRows("bqx", inputs, bars, WINDOWS, skip, tail),
        state,
        message);
  }

  @Test
  void rowsBetweenSkipAndTailAreGiven() throws SQLException {
    assertThat(FeatureFunctions.featureRows("bqx", BARS, 5, new int[] {60}, 1, 2))
        .toIterable()
        .extracting(row -> row[0])
        .containsExactly(101.0, 102.0);
  }

  @Test
  void windowsTooShortForAFamilyAreRefused() throws SQLException {
    assertThat(FeatureFunctions.featureRows("bqx", BARS, 5, new int[] {2}, 0, 0)).hasNext();
    assertRefused(
        () -> FeatureFunctions.featureRows("bqx", BARS, 5, new int[] {1}, 0, 0),
        "22023",
        "windows[1] is 1: must be at least 2");
    assertThat(FeatureFunctions.featureRows("reg", BARS, 5, new int[] {3}, 0, 0)).hasNext();
    assertRefused(
        () -> FeatureFunctions.featureRows("reg", BARS, 5, new int[] {2}, 0, 0),
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
    String message = "rate_index[4] is " + value + ": " + rule;
    for (String family : new String[] {"bqx", "reg"}) {
      assertRefused(
          () -> FeatureFunctions.featureRows(family, bars, 5, WINDOWS, 4, 0), "22023", message);
      assertRefused(
          () -> ReferenceFunctions.featureReference(family, bars, 5, WINDOWS, new int[] {1}),
          "22023",
          message);
    }
  }

  @Test
  void inputsAreAsManyAsTheFamilyTakes() {
    double[] inputs = Arrays.copyOf(BARS, 4);
    assertRefused(
        () -> FeatureFunctions.featureRows("reg", inputs, 2, WINDOWS, 0, 0),
        "22023",
        "inputs has 2 columns: must have 1 for family reg");
  }

  @Test
  void inputsThatComeInGroupsAreCounted() throws SQLException {
    Family peers = new Peers(null);
    for (int inputs : new int[] {2, 5, 8}) {
      assertThat(Arguments.bars(peers, new double[2 * inputs], 2).inputs()).isEqualTo(inputs);
    }
    for (int inputs : new int[] {1, 3, 4, 6}) {
      assertRefused(
          () -> Arguments.bars(peers, new double[2 * inputs], 2),
          "22023",
          "inputs has "
              + (inputs == 1 ? "1 column" : inputs + " columns")
              + ": must have 2, or a multiple of 3 more for family peers");
    }
  }

  @Test
  void windowsAreRefusedByAFamilyThatTakesNone() throws SQLException {
    Arguments.checkWindows(new Peers(null), new int[0]);
    assertRefused(
        () -> Arguments.checkWindows(new Peers(null), WINDOWS),
        "22023",
        "windows has 2 elements: must be empty, as family peers takes none");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void infiniteInputsAreRefusedAndAbsentOnesAreNot(double infinite) throws SQLException {
    double[] inputs = {100, 101, 102, Double.NaN, 0, -1};
    Arguments.checkValues(new Peers(null), new Bars(inputs, 3));
    inputs[4] = infinite;
    assertRefused(
        () -> Arguments.checkValues(new Peers(null), new Bars(inputs, 3)),
        "22023",
        "volume is " + infinite + " at bar 2: must be finite, or NaN where absent");
  }

  @Test
  void whatAFamilyCannotTakeIsAnErrorOfTheBars() {
    assertRefused(
        () -> Arguments.checkValues(new Peers("high is below low at bar 3"), new Bars(BARS, 5)),
        "QX005",
        "high is below low at bar 3");
  }

  /** A family of two inputs and any number of peers, three inputs each. */
  private record Peers(String defect) implements Family {
    @Override
    public String name() {
      return "peers";
    }

    @Override
    public int revision() {
      return 1;
    }

    @Override
    public List<String> inputNames() {
      return List.of("rate_index", "volume");
    }

    @Override
    public int inputsStep() {
      return 3;
    }

    @Override
    public int shortestWindow() {
      return 0;
    }

    @Override
    public String defect(Bars bars) {
      return defect;
    }

    @Override
    public List<Columns> columns(Bars bars, int[] windows) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void unknownFamiliesAreRefusedWithThoseThatAreKnown() {
    String message = "family is \"BQX\": must be one of " + String.join(", ", Families.names());
    assertRefused(
        () -> FeatureFunctions.featureRows("BQX", BARS, 5, WINDOWS, 0, 0), "22023", message);
    assertRefused(
        () -> ReferenceFunctions.featureReference("BQX", BARS, 5, WINDOWS, new int[] {1}),
        "22023",
        message);
    assertRefused(() -> FeatureFunctions.functionsVersion("BQX"), "22023", message);
    String isNull = "family is null: must not be null";
    assertRefused(
        () -> FeatureFunctions.featureRows(null, BARS, 5, WINDOWS, 0, 0), "22004", isNull);
    assertRefused(
        () -> ReferenceFunctions.featureReference(null, BARS, 5, WINDOWS, new int[] {1}),
        "22004",
        isNull);
    assertRefused(() -> FeatureFunctions.functionsVersion(null), "22004", isNull);
  }

  @Test
  void versionIsTheRevision() throws SQLException {
    assertThat(FeatureFunctions.functionsVersion("bqx")).isEqualTo("revision 1");
    assertThat(FeatureFunctions.functionsVersion("reg")).isEqualTo("revision 1");
  }

  @Test
  void referencesAreGivenInTheOrderAskedFor() throws SQLException {
    assertThat(ReferenceFunctions.featureReference("bqx", BARS, 5, WINDOWS, new int[] {5, 1, 4, 4}))
        .toIterable()
        .extracting(row -> row[0] + row.length)
        .containsExactly(104.0 + 19, 100.0 + 1, 103.0 + 10, 103.0 + 10);
    assertThat(ReferenceFunctions.featureReference("bqx", BARS, 5, WINDOWS, new int[0]).hasNext())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 6})
  void badPositionsAreRefused(int position) {
    assertRefused(
        () -> ReferenceFunctions.featureReference("bqx", BARS, 5, WINDOWS, new int[] {5, position}),
        "22023",
        "positions[2] is " + position + ": must be between 1 and 5, the number of bars");
    assertRefused(
        () -> ReferenceFunctions.featureReference("bqx", BARS, 5, WINDOWS, null),
        "22004",
        "positions is null: must not be null");
  }

  static Stream<?> badTimes() {
    double[] one = {1};
    double[] series = {Double.NaN, 1};
    double[] values = {Double.NaN, 100};
    int[] up = {1};
    return Stream.of(
        arguments(null, series, values, up, 1.0, true, "22004", "times is null: must not be null"),
        arguments(
            one, null, values, up, 1.0, true, "22004", "other_times is null: must not be null"),
        arguments(
            one, series, null, up, 1.0, true, "22004", "other_values is null: must not be null"),
        arguments(
            one, series, values, null, 1.0, true, "22004", "directions is null: must not be null"),
        arguments(
            one, series, values, up, null, true, "22004", "max_age is null: must not be null"),
        arguments(one, series, values, up, 1.0, null, "22004", "ages is null: must not be null"),
        arguments(
            new double[0],
            series,
            values,
            up,
            1.0,
            true,
            "22023",
            "times is empty: must have at least one element"),
        arguments(
            new double[] {1, Double.NaN},
            series,
            values,
            up,
            1.0,
            true,
            "22023",
            "times[2] is NaN: must be finite"),
        arguments(
            new double[] {2, 2, 1.5},
            series,
            values,
            up,
            1.0,
            true,
            "22023",
            "times[3] is 1.5: must not be less than times[2], which is 2.0"),
        arguments(
            one,
            new double[0],
            values,
            up,
            1.0,
            true,
            "22023",
            "other_times is empty: must have at least one element"),
        arguments(
            one,
            one,
            one,
            up,
            1.0,
            true,
            "22023",
            "other_times[1] is 1.0: must be NaN, which begins each series"),
        arguments(
            one,
            new double[] {Double.NaN, Double.NEGATIVE_INFINITY},
            values,
            up,
            1.0,
            true,
            "22023",
            "other_times[2] is -Infinity: must be finite"),
        arguments(
            one,
            new double[] {Double.NaN, 1, Double.NaN},
            values,
            up,
            1.0,
            true,
            "22023",
            "other_times has 2 series: must have as many as directions, 1"),
        arguments(
            one,
            series,
            new double[] {1, 2, 3},
            up,
            1.0,
            true,
            "22023",
            "other_values has 3 elements: must be a multiple of the 2 elements of other_times"),
        arguments(
            one,
            series,
            new double[0],
            up,
            1.0,
            true,
            "22023",
            "other_values is empty: must have at least one element"),
        arguments(
            one,
            series,
            values,
            new int[0],
            1.0,
            true,
            "22023",
            "directions is empty: must have at least one element"),
        arguments(
            one,
            series,
            values,
            new int[] {0},
            1.0,
            true,
            "22023",
            "directions[1] is 0: must be 1 or -1"),
        arguments(
            one, series, values, up, -1.0, true, "22023", "max_age is -1.0: must be at least 0"),
        arguments(
            one,
            series,
            values,
            up,
            Double.NaN,
            true,
            "22023",
            "max_age is NaN: must be at least 0"));
  }

  @ParameterizedTest
  @MethodSource("badTimes")
  void badTimesAreRefused(
      double[] times,
      double[] otherTimes,
      double[] otherValues,
      int[] directions,
      Double maxAge,
      Boolean ages,
      String state,
      String message) {
    assertRefused(
        () -> FeatureFunctions.asOf(times, otherTimes, otherValues, directions, maxAge, ages),
        state,
        message);
  }

  @ParameterizedTest
  @MethodSource("badTimesToMerge")
  void badTimesAreNotMerged(double[] times, Double first, String state, String message) {
    assertRefused(() -> FeatureFunctions.mergeTimes(times, first), state, message);
  }

  static Stream<?> badTimesToMerge() {
    return Stream.of(
        arguments(null, 0.0, "22004", "series_times is null: must not be null"),
        arguments(new double[] {Double.NaN}, null, "22004", "first is null: must not be null"),
        arguments(
            new double[0], 0.0, "22023", "series_times is empty: must have at least one element"),
        arguments(
            new double[] {1},
            0.0,
            "22023",
            "series_times[1] is 1.0: must be NaN, which begins each series"),
        arguments(
            new double[] {Double.NaN, 1, Double.POSITIVE_INFINITY},
            0.0,
            "22023",
            "series_times[3] is Infinity: must be finite"));
  }

  @Test
  void lastValuesAndTheirAgesAreGiven() throws SQLException {
    assertThat(
            FeatureFunctions.asOf(
                new double[] {0, 1, 2, 9},
                new double[] {Double.NaN, 1.5, 1},
                new double[] {Double.NaN, 15, 10, Double.NaN, 0.15, 0.1},
                new int[] {-1},
                Double.POSITIVE_INFINITY,
                true))
        .containsExactly(
            Double.NaN, -10, -15, -15, Double.NaN, 0.1, 0.15, 0.15, Double.NaN, 0, 0.5, 7.5);
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
