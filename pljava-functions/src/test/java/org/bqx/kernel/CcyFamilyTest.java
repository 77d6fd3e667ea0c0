package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bqx.reference.References;
import org.junit.jupiter.api.Test;

class CcyFamilyTest extends FamilyContract {

  private static final int CURRENCIES = 8;
  private static final int PAIRS = 28;
  private static final int EUR = 3;
  private static final int USD = 7;
  private static final int[] NO_WINDOWS = {};

  CcyFamilyTest() {
    super(Families.of("ccy"), References.of("ccy"));
  }

  /**
   * Pairs that follow the closes, each with noise of its own and every third one the other way
   * round. All are there in 100 of 500 bars, one is missing in 100 more; then the dollar has one
   * pair, none, and at last three currencies have no pair with the others. The first bars have four
   * currencies alone, without the dollar.
   */
  @Override
  Bars bars(double[] closes) {
    int count = closes.length;
    double[] values = Arrays.copyOf(closes, (1 + PAIRS) * count);
    for (int bar = 0; bar < count; bar++) {
      int pair = 0;
      for (int first = 0; first < CURRENCIES; first++) {
        for (int second = first + 1; second < CURRENCIES; second++, pair++) {
          double noise = new Random(31L * bar + pair).nextGaussian();
          double power = 0.05 * (second - first);
          double close = 100 * Math.pow(closes[bar] / 100, power) * (1 + 5e-5 * noise);
          int at = (1 + pair) * count + bar;
          boolean there = isThere(first, second, bar);
          values[at] = there ? pair % 3 == 1 ? -close : close : Double.NaN;
        }
      }
    }
    return new Bars(values, count);
  }

  private static boolean isThere(int first, int second, int bar) {
    if (bar < 20) {
      return second < 4;
    }
    return switch (bar / 100 % 5) {
      case 0 -> true;
      case 1 -> first != 2 || second != 5;
      case 2 -> second != USD || first == 0;
      case 3 -> second != USD;
      default -> first < 3 == second < 3;
    };
  }

  @Test
  void strengthsAreFoundAgain() {
    double[] strengths = {0.3, -0.1, 0.05, 0.2, -0.25, -0.4, 0.15, 0.05};
    List<double[]> rows = rows(bar(strengths, PAIRS, 0), NO_WINDOWS, 0, 0);
    for (int currency = 0; currency < CURRENCIES; currency++) {
      assertThat(rows.get(0)[1 + currency])
          .isCloseTo(100 * Math.exp(strengths[currency]), within(1e-12));
    }
    assertThat(rows.get(0)[9]).isEqualTo(28);
    assertThat(rows.get(0)[10]).isCloseTo(0, within(1e-11));
  }

  /** Both ways to solve agree where both can be gone. */
  @Test
  void aPairThatIsMissingChangesNothingWhereAllFit() {
    double[] strengths = {0.3, -0.1, 0.05, 0.2, -0.25, -0.4, 0.15, 0.05};
    double[] all = rows(bar(strengths, PAIRS, 0), NO_WINDOWS, 0, 0).get(0);
    double[] without = rows(bar(strengths, PAIRS - 1, 0), NO_WINDOWS, 0, 0).get(0);
    assertThat(without[9]).isEqualTo(27);
    assertThat(Arrays.copyOf(without, 9)).containsExactly(Arrays.copyOf(all, 9), within(1e-11));
  }

  /** The mean of a pair's triangles is 4/3 of what the strengths leave unexplained. */
  @Test
  void trianglesSayTheSame() {
    Bars bars = bar(new double[CURRENCIES], PAIRS, 1e-3);
    double[] row = rows(bars, NO_WINDOWS, 0, 0).get(0);
    double squares = 0;
    for (int first = 0; first < CURRENCIES; first++) {
      for (int second = first + 1; second < CURRENCIES; second++) {
        double y = y(bars, first, second);
        double triangles = 0;
        for (int third = 0; third < CURRENCIES; third++) {
          if (third != first && third != second) {
            triangles += y - y(bars, first, third) - y(bars, third, second);
          }
        }
        double residual = y - Math.log(row[1 + first] / row[1 + second]);
        assertThat(triangles / 6).isCloseTo(4 / 3.0 * residual, within(1e-15));
        squares += residual * residual;
      }
    }
    assertThat(row[10]).isCloseTo(1e4 * Math.sqrt(squares / PAIRS), within(1e-10));
  }

  private static double y(Bars bars, int first, int second) {
    int pair = 0;
    for (int i = 0; i < CURRENCIES; i++) {
      for (int j = i + 1; j < CURRENCIES; j++, pair++) {
        if (i == Math.min(first, second) && j == Math.max(first, second)) {
          double y = Math.log(bars.at(1 + pair, 0) / 100);
          return first < second ? y : -y;
        }
      }
    }
    throw new IllegalArgumentException();
  }

  /** One bar of the first pairs, which fit the strengths but for noise. */
  private static Bars bar(double[] strengths, int pairs, double noise) {
    double[] values = new double[1 + PAIRS];
    Random random = new Random(5);
    values[0] = 100;
    int pair = 0;
    for (int i = 0; i < CURRENCIES; i++) {
      for (int j = i + 1; j < CURRENCIES; j++, pair++) {
        double y = strengths[i] - strengths[j] + noise * random.nextGaussian();
        values[1 + pair] = pair < pairs ? 100 * Math.exp(y) : Double.NaN;
      }
    }
    return new Bars(values, 1);
  }

  /**
   * A currency counts from its first value on, and not before: no bar is read ahead of its time.
   */
  @Test
  void aCurrencyWithoutAPairLeavesTheOthersUndefinedOnceItHasOccurred() {
    int count = 3;
    double[] values = new double[count * (1 + PAIRS)];
    Arrays.fill(values, count, values.length, Double.NaN);
    Arrays.fill(values, 0, count, 100);
    // Pair 0 is of the first two currencies, the last of the last two.
    Arrays.fill(values, count, 2 * count, 101);
    values[PAIRS * count + 1] = 102;
    List<double[]> rows = rows(new Bars(values, count), NO_WINDOWS, 0, 0);
    double root = Math.sqrt(1.01);
    double undefined = Double.NaN;
    assertThat(Arrays.copyOfRange(rows.get(0), 1, 9))
        .containsExactly(
            new double[] {
              100 * root,
              100 / root,
              undefined,
              undefined,
              undefined,
              undefined,
              undefined,
              undefined
            },
            within(1e-13));
    assertThat(Arrays.copyOfRange(rows.get(1), 1, 9)).containsOnly(undefined);
    assertThat(Arrays.copyOfRange(rows.get(2), 1, 9)).containsOnly(undefined);
    assertThat(rows).extracting(row -> row[9]).containsExactly(1.0, 2.0, 1.0);
    assertThat(rows.get(1)[10]).isNaN();
  }

  @Test
  void anIndexOfZeroIsADefect() {
    Bars bars = bar(new double[CURRENCIES], EUR, 0);
    bars.values()[1] = 0;
    assertThat(family.defect(bars))
        .isEqualTo(
            "rate_index of the pair of aud and cad is 0.0 at bar 1: must be positive or negative");
  }
}
