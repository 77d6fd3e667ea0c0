package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bqx.reference.References;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds for a family of indicators, whose inputs are prices, volume and time of a bar, and
 * whose recursions need thousands of bars.
 */
abstract class PriceFamilyContract extends FamilyContract {

  static final Instant BASELINE = Instant.parse("2021-02-01T00:00:00Z");
  private static final Instant MARCH = Instant.parse("2021-03-01T00:00:00Z");
  private static final int FIRST_MINUTE = 28_663_200;
  private static final int LONG = 5_000;
  private static final int STEP = 29;

  private final String[] inputs;

  /**
   * @param inputs names of the family's inputs, as the catalogue has them
   */
  PriceFamilyContract(String family, String... inputs) {
    super(Families.of(family), References.of(family));
    this.inputs = inputs;
  }

  @Override
  int[] windows() {
    return new int[0];
  }

  /** The columns whose value is a class or 0 or 1, and must be equal. */
  List<String> classes() {
    return List.of();
  }

  /**
   * The open is the close before, the high and the low reach beyond both in two bars of three. A
   * bar whose close does not move is flat. The volume is 0 in a hundred bars, and absent in a few.
   */
  @Override
  Bars bars(double[] closes) {
    int count = closes.length;
    double[] values = new double[inputs.length * count];
    for (int input = 0; input < inputs.length; input++) {
      for (int bar = 0; bar < count; bar++) {
        values[input * count + bar] = value(inputs[input], closes, bar);
      }
    }
    return new Bars(values, count);
  }

  /** The bars {@code from ... to-1} of a file. */
  Bars realBars(String file, RealPrices prices, int from, int to) throws IOException {
    return prices.bars(from, to, inputs);
  }

  private static double value(String input, double[] closes, int bar) {
    double close = closes[bar];
    double open = bar == 0 ? close : closes[bar - 1];
    double size = Math.abs(close - open) / 2;
    return switch (input) {
      case "x" -> close;
      case "o" -> open;
      case "h" -> Math.max(open, close) + size * (bar * 7 % 3);
      case "l" -> Math.min(open, close) - size * (bar * 5 % 3);
      case "volume" -> volume(bar);
      case "minute" -> FIRST_MINUTE + bar + (bar < 900 ? 0 : 2_880);
      default -> throw new IllegalArgumentException("there is no input " + input);
    };
  }

  private static double volume(int bar) {
    if (bar % 700 == 300) {
      return Double.NaN;
    }
    return bar % 1_000 >= 850 && bar % 1_000 < 950 || bar % 31 == 0 ? 0 : bar * 7_919 % 311;
  }

  @Test
  void rowsOfALongWalkAgreeWithTheReference() {
    assertRows(bars(Series.walk(LONG, 1e-4, 7)), windows(), 0, 3, reference);
  }

  /** Averages decay, and vanish. */
  @Test
  void rowsOfALongPauseAgreeWithTheReference() {
    double[] closes = Arrays.copyOf(Series.walk(1_500, 1e-4, 8), 13_500);
    Arrays.fill(closes, 1_500, 13_000, closes[1_499]);
    System.arraycopy(Series.walk(500, 1e-4, 9), 0, closes, 13_000, 500);
    assertRows(bars(closes), windows(), 0, 37, reference);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 59, 477, 1_000, 3_674, 3_675, 4_900})
  void bitsOfALongWalkDoNotDependOnSkip(int skip) {
    Bars bars = bars(Series.walk(LONG, 1e-4, 7));
    assertSameBits(
        rows(bars, windows(), skip, 3), rows(bars, windows(), 0, 0).subList(skip, LONG - 3));
  }

  @Test
  void noBarOfALongWalkIsReadBeforeItsTime() {
    double[] walk = Series.walk(LONG, 1e-4, 7);
    double[] other = walk.clone();
    for (int bar = 4_200; bar < LONG; bar++) {
      other[bar] *= 1.5;
    }
    List<double[]> all = rows(bars(walk), windows(), 0, 0).subList(0, 4_200);
    assertSameBits(rows(bars(Arrays.copyOf(walk, 4_200)), windows(), 0, 0), all);
    assertSameBits(rows(bars(other), windows(), 0, 0).subList(0, 4_200), all);
  }

  @Test
  void noZeroIsNegative() {
    for (Series series : Series.values()) {
      for (double[] row : rows(bars(series.bars()), windows(), 0, 0)) {
        assertThat(row).doesNotContain(-0.0);
      }
    }
  }

  /** Values that an independent program computed in 80-bit arithmetic, in 32 bars of two pairs. */
  @ParameterizedTest
  @ValueSource(strings = {"usdjpy", "gbpusd"})
  @EnabledIfEnvironmentVariable(named = "BQX_REAL_BARS", matches = ".+")
  void rowsAgreeWithTheExpectedValues(String pair) throws IOException {
    RealPrices prices =
        new RealPrices(RealPrices.directory().resolve(pair + "_2021.csv.gz"), BASELINE);
    List<Columns> groups = sorted(bars(new double[] {1, 2}), windows());
    int from = Math.max(0, prices.position(MARCH) - groups.get(groups.size() - 1).needs());
    Bars bars = realBars(pair + "_2021", prices, from, prices.count());
    List<String> names = names(groups);
    Path file = RealPrices.directory().resolve("../spec/expected/" + pair + "_2021_03.csv");
    assumeTrue(Files.exists(file), () -> "SKIPPED: there is no " + file);
    List<String> lines = Files.readAllLines(file);
    String[] times = lines.get(0).split(",");
    Map<String, String[]> expected = new HashMap<>();
    for (String line : lines) {
      String[] fields = line.split(",", -1);
      expected.put(fields[0], fields);
    }
    List<double[]> rows = rows(bars, windows(), 0, 0);
    assertThat(times).hasSize(33);
    for (int i = 1; i < times.length; i++) {
      int bar = prices.position(Instant.parse(times[i])) - from;
      double[] values = new double[names.size()];
      for (int column = 0; column < values.length; column++) {
        String text = expected.get(names.get(column))[i];
        values[column] = text.isEmpty() ? Double.NaN : Double.parseDouble(text);
      }
      for (double[] row : List.of(rows.get(bar), reference.row(bars, bar, windows()))) {
        assertExpected(names, Arrays.copyOfRange(row, 1, row.length), values, times[i]);
      }
    }
  }

  /** Fails with all the columns that are off. */
  private void assertExpected(
      List<String> names, double[] actual, double[] expected, String where) {
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < expected.length; i++) {
      double absolute = classes().contains(names.get(i)) ? 0 : Bound.ABSOLUTE;
      boolean equal = actual[i] == expected[i];
      if (!equal && !(Bound.share(absolute, actual[i], expected[i]) <= 1)) {
        differences.add(names.get(i) + " " + actual[i] + " expected " + expected[i]);
      }
    }
    assertThat(differences).as(where).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"usdjpy_2021", "gbpusd_2021", "audusd_2021", "eurusd_2024"})
  @EnabledIfEnvironmentVariable(named = "BQX_REAL_BARS", matches = ".+")
  void rowsOfRealBarsAgreeWithTheReference(String file) throws IOException {
    RealPrices prices = new RealPrices(RealPrices.directory().resolve(file + ".csv.gz"), BASELINE);
    Bars bars = realBars(file, prices, 0, 40_000);
    assertThat(family.defect(bars)).isNull();
    assertRows(bars, windows(), 0, STEP, reference);
  }
}
