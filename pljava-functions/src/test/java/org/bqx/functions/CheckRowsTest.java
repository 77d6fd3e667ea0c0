package org.bqx.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Random;
import org.bqx.kernel.Bars;
import org.bqx.kernel.Columns;
import org.bqx.kernel.Families;
import org.bqx.kernel.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is changed in rows that are right, one thing at a time, must be found. */
class CheckRowsTest {

  private static final int BARS = 160;
  private static final int TAIL = 3;
  private static final double[] NOTHING = {};
  private static final int[] NO_ROWS = {};
  private static final double TOLERANCE = 1e-11;
  private static final double FIRST_TIME = 773_107_200e6;

  /** The rows of a family for bars that it takes, as they are stored, and what is asked of them. */
  private static final class Month {
    final String family;
    final int[] windows;
    final int skip;
    final double[] inputs;
    final double[] times = new double[BARS];
    final int stride;
    final double[] rows;

    Month(String name, int skip) {
      Family known = Families.of(name);
      family = name;
      this.skip = skip;
      windows = known.shortestWindow() == 0 ? new int[0] : new int[] {20, 45};
      inputs = inputs(known);
      for (int bar = 0; bar < BARS; bar++) {
        times[bar] = FIRST_TIME + 60e6 * (bar + (bar > 70 ? 2880 : 0));
      }
      int width = 1;
      for (Columns columns : known.columns(new Bars(inputs, BARS), windows)) {
        width += columns.width();
      }
      stride = 1 + width;
      rows = new double[(BARS - skip - TAIL) * stride];
      Arrays.fill(rows, Double.NaN);
      double[][] computed = computed();
      for (int row = 0; row < computed.length; row++) {
        rows[row * stride] = times[skip + row];
        System.arraycopy(computed[row], 0, rows, row * stride + 1, computed[row].length);
      }
    }

    private static double[] inputs(Family family) {
      Random random = new Random(7);
      double[] inputs = new double[family.inputs() * BARS];
      double x = 100;
      for (int bar = 0; bar < BARS; bar++) {
        x *= 1 + 1e-4 * random.nextGaussian();
        for (int input = 0; input < family.inputs(); input++) {
          // High and low, bid and ask: each input is a little above the one before or below it.
          inputs[input * BARS + bar] = x * (1 + 1e-5 * new int[] {0, 0, 1, -1}[input % 4]);
        }
      }
      if (family.name().equals("time")) {
        for (int bar = 0; bar < BARS; bar++) {
          inputs[BARS + bar] = 28_000_000 + bar;
        }
      }
      return inputs;
    }

    private double[][] computed() {
      double[][] computed = new double[BARS - skip - TAIL][];
      try {
        var rowsOfFamily = FeatureFunctions.featureRows(family, inputs, BARS, windows, skip, TAIL);
        for (int row = 0; row < computed.length; row++) {
          computed[row] = rowsOfFamily.next().clone();
        }
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
      return computed;
    }

    double[] check(double[] changed, boolean rules, int... averaged) {
      return check(changed, times, rules, averaged);
    }

    double[] check(double[] changed, double[] barTimes, boolean rules, int... averaged) {
      try {
        return ReferenceFunctions.checkRows(
            family, changed, barTimes, inputs, BARS, windows, skip, TAIL, averaged, NOTHING, rules,
            !rules, NO_ROWS, NOTHING);
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }

    /** Whether sampled rows are near the reference; of nothing else is asked. */
    boolean isNear(double[] changed, int... sampled) {
      double[] tolerances = new double[stride - 2];
      Arrays.fill(tolerances, TOLERANCE);
      try {
        return ReferenceFunctions.checkRows(
                family,
                changed,
                times,
                inputs,
                BARS,
                windows,
                skip,
                TAIL,
                NO_ROWS,
                NOTHING,
                false,
                false,
                sampled,
                tolerances)
            != null;
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bqx", "reg", "fwd", "time", "stat", "ccy"})
  void everyBitOfEveryElementCounts(String family) {
    Month month = new Month(family, 50);
    assertThat(month.check(month.rows, false)).isNotNull();
    for (int row : new int[] {0, 1, 63, 64, BARS - 50 - TAIL - 1}) {
      for (int i = 0; i < month.stride; i++) {
        int at = row * month.stride + i;
        for (int bit = 0; bit < Double.SIZE; bit++) {
          double[] changed = month.rows.clone();
          long bits = Double.doubleToRawLongBits(changed[at]) ^ 1L << bit;
          changed[at] = Double.longBitsToDouble(bits);
          boolean same = Double.isNaN(month.rows[at]) && Double.isNaN(changed[at]);
          assertThat(month.check(changed, false) != null)
              .as("bit %d of element %d of row %d", bit, i, row)
              .isEqualTo(same);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bqx", "fwd", "stat"})
  void whatIsNotThereAndWhatIsAreNotTheSame(String family) {
    Month month = new Month(family, 0);
    assertThat(month.check(month.rows, false)).isNotNull();
    for (int i = 2; i < month.rows.length; i++) {
      if (i % month.stride > 1) {
        double[] changed = month.rows.clone();
        changed[i] = Double.isNaN(changed[i]) ? 0 : Double.NaN;
        assertThat(month.check(changed, false)).as("%d", i).isNull();
      }
    }
  }

  @Test
  void zeroHasASign() {
    Month month = new Month("time", 0);
    int zeros = 0;
    for (int i = 0; i < month.rows.length; i++) {
      if (month.rows[i] == 0 && i % month.stride > 0) {
        double[] changed = month.rows.clone();
        changed[i] = -changed[i];
        assertThat(month.check(changed, false)).isNull();
        zeros++;
      }
    }
    assertThat(zeros).isPositive();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eachBarHasOneRowInItsPlace(boolean rules) {
    Month month = new Month("reg", 50);
    int stride = month.stride;
    double[] rows = month.rows;
    assertThat(month.check(rows, rules)).isNotNull();
    assertThat(month.check(Arrays.copyOf(rows, rows.length - stride), rules)).isNull();
    assertThat(month.check(Arrays.copyOf(rows, rows.length + stride), rules)).isNull();
    assertThat(month.check(Arrays.copyOf(rows, rows.length - 1), rules)).isNull();
    assertThat(month.check(new double[0], rules)).isNull();
    assertThat(month.check(Arrays.copyOfRange(rows, stride, rows.length + stride), rules)).isNull();

    double[] swapped = rows.clone();
    System.arraycopy(rows, 10 * stride, swapped, 11 * stride, stride);
    System.arraycopy(rows, 11 * stride, swapped, 10 * stride, stride);
    assertThat(month.check(swapped, rules)).isNull();

    double[] otherTime = rows.clone();
    otherTime[20 * stride] += 60e6;
    assertThat(month.check(otherTime, rules)).isNull();
    double[] offMinute = rows.clone();
    double[] barsOffMinute = month.times.clone();
    offMinute[20 * stride] += 1;
    barsOffMinute[70] += 1;
    assertThat(month.check(offMinute, barsOffMinute, rules)).isNull();
    assertThat(month.check(rows, Arrays.copyOf(month.times, BARS - 1), rules)).isNull();

    double[] otherIndex = rows.clone();
    otherIndex[20 * stride + 1] = Math.nextUp(otherIndex[20 * stride + 1]);
    assertThat(month.check(otherIndex, rules)).isNull();
  }

  @Test
  void aRuleThatIsBrokenIsNotRight() {
    Month month = new Month("reg", 50);
    double[] changed = month.rows.clone();
    changed[20 * month.stride + 2 + 3] *= 1.000001; // a_term
    assertThat(month.check(changed, true)).isNull();
    // A family without rules keeps none.
    Month other = new Month("time", 50);
    assertThat(other.check(other.rows, true)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bqx", "reg"})
  void aRowHasRulesFromWhereItHasItsHistory(String family) {
    Month young = new Month(family, 0);
    assertThat(young.check(young.rows, true)).isNotNull();
    int element = 2 + 3; // max_index, or a_term
    for (int row : new int[] {0, 44, 45, 46, BARS - TAIL - 1}) {
      double[] changed = young.rows.clone();
      changed[row * young.stride + element] = 0;
      assertThat(young.check(changed, true) == null).as("row %d", row).isEqualTo(row >= 45);
    }
  }

  @Test
  void whatIsNotThereHasNoPartInAnAverage() {
    Month young = new Month("reg", 0);
    double[] facts = young.check(young.rows, true, 7, 16);
    double[] r2 = new double[BARS - TAIL - 20];
    Arrays.setAll(r2, row -> young.rows[(20 + row) * young.stride + 7]);
    assertThat(facts[3] / facts[4])
        .isCloseTo(Arrays.stream(r2).average().getAsDouble(), within(1e-14));
    assertThat(facts[4]).isEqualTo(r2.length);
    double[] longer = Arrays.copyOfRange(r2, 25, r2.length);
    Arrays.setAll(longer, row -> young.rows[(45 + row) * young.stride + 16]);
    assertThat(facts[5] / facts[6])
        .isCloseTo(Arrays.stream(longer).average().getAsDouble(), within(1e-14));
  }

  @Test
  void rulesAndBitsAreTwoThings() {
    Month month = new Month("reg", 50);
    double[] changed = month.rows.clone();
    int r2 = 20 * month.stride + 2 + 5;
    changed[r2] = Math.nextDown(changed[r2]);
    assertThat(month.check(changed, true)).isNotNull();
    assertThat(month.check(changed, false)).isNull();
  }

  @Test
  void factsAreOfTheRowsAlone() {
    Month month = new Month("reg", 50);
    double[] facts = month.check(month.rows, true, 1, 7);
    double[] index = Arrays.copyOfRange(month.inputs, 50, BARS - TAIL);
    double[] r2 = new double[index.length];
    Arrays.setAll(r2, row -> month.rows[row * month.stride + 7]);
    assertThat(facts).hasSize(7);
    assertThat(facts[0]).isEqualTo(index.length);
    assertThat(facts[1]).isEqualTo(Arrays.stream(index).min().getAsDouble());
    assertThat(facts[2]).isEqualTo(Arrays.stream(index).max().getAsDouble());
    assertThat(facts[3] / facts[4])
        .isCloseTo(Arrays.stream(index).average().getAsDouble(), within(1e-12));
    assertThat(facts[5] / facts[6])
        .isCloseTo(Arrays.stream(r2).average().getAsDouble(), within(1e-14));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 50, 106})
  void partsTellWhatTheWholeDoes(int rowsOfPart) throws SQLException {
    Month month = new Month("reg", 50);
    int[] averaged = {1, 7};
    int rows = BARS - 50 - TAIL;
    double[] facts = NOTHING;
    for (int done = 0; done < rows; done += rowsOfPart) {
      int end = Math.min(done + rowsOfPart, rows);
      // Before its own bars a part has those of the longest window.
      int first = 50 + done - 45;
      facts =
          ReferenceFunctions.checkRows(
              "reg",
              Arrays.copyOfRange(month.rows, done * month.stride, end * month.stride),
              Arrays.copyOfRange(month.times, first, 50 + end),
              Arrays.copyOfRange(month.inputs, first, 50 + end),
              50 + end - first,
              month.windows,
              45,
              0,
              averaged,
              facts,
              true,
              false,
              NO_ROWS,
              NOTHING);
    }
    assertThat(facts).containsExactly(month.check(month.rows, true, averaged));
  }

  @Test
  void factsOfOtherElementsAreRefused() {
    Month month = new Month("reg", 50);
    assertThatThrownBy(
            () ->
                ReferenceFunctions.checkRows(
                    "reg",
                    month.rows,
                    month.times,
                    month.inputs,
                    BARS,
                    month.windows,
                    50,
                    TAIL,
                    new int[] {1, 7},
                    new double[5],
                    true,
                    false,
                    NO_ROWS,
                    NOTHING))
        .isInstanceOf(SQLException.class)
        .hasMessage("before has 5 elements: must be empty or have 7");
  }

  /** 1e-9 of the reference, or the tolerance, from which kernel and reference are far less away. */
  @ParameterizedTest
  @ValueSource(strings = {"bqx", "reg"})
  void aSampledRowIsAsNearAsItsTolerance(String family) {
    Month month = new Month(family, 50);
    int sampled = 30;
    assertThat(month.isNear(month.rows, 1, sampled, BARS - 50 - TAIL)).isTrue();
    for (int i = 2; i < month.stride; i++) {
      int at = (sampled - 1) * month.stride + i;
      double bound = Math.max(1e-9 * Math.abs(month.rows[at]), TOLERANCE);
      double[] changed = month.rows.clone();
      for (double sign : new double[] {-1, 1}) {
        changed[at] = month.rows[at] + sign * 0.9 * bound;
        assertThat(month.isNear(changed, sampled)).as("element %d", i).isTrue();
        changed[at] = month.rows[at] + sign * 1.1 * bound;
        assertThat(month.isNear(changed, sampled)).as("element %d", i).isFalse();
        assertThat(month.isNear(changed, sampled - 1, sampled + 1)).isTrue();
      }
      for (double none : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
        changed[at] = none;
        assertThat(month.isNear(changed, sampled)).as("element %d", i).isFalse();
      }
    }
  }

  /** Of row 30 the longer window is not there. */
  @ParameterizedTest
  @ValueSource(strings = {"bqx", "reg", "fwd", "stat"})
  void whatTheReferenceDoesNotHaveIsNotThere(String family) {
    Month young = new Month(family, 0);
    assertThat(young.isNear(young.rows, 1, 30, 31)).isTrue();
    for (int i = 2; i < young.stride; i++) {
      int at = 29 * young.stride + i;
      double[] changed = young.rows.clone();
      changed[at] = Double.isNaN(changed[at]) ? 1 : Double.NaN;
      assertThat(young.isNear(changed, 30)).as("element %d", i).isFalse();
    }
  }

  @Test
  void aPartHasTheSampledRowsThatLieInIt() throws SQLException {
    Month month = new Month("reg", 50);
    double[] changed = month.rows.clone();
    changed[29 * month.stride + 7] += 1;
    double[] tolerances = new double[month.stride - 2];
    for (int sampled : new int[] {10, 29, 30, 31, 60}) {
      double[] facts = NOTHING;
      for (int done = 0; done < 60 && facts != null; done += 20) {
        int first = 50 + done - 45;
        facts =
            ReferenceFunctions.checkRows(
                "reg",
                Arrays.copyOfRange(changed, done * month.stride, (done + 20) * month.stride),
                Arrays.copyOfRange(month.times, first, 70 + done),
                Arrays.copyOfRange(month.inputs, first, 70 + done),
                65,
                month.windows,
                45,
                0,
                NO_ROWS,
                facts,
                false,
                false,
                new int[] {sampled},
                tolerances);
      }
      assertThat(facts == null).as("row %d", sampled).isEqualTo(sampled == 30);
    }
  }

  @Test
  void sampledRowsHaveATolerancePerColumn() {
    Month month = new Month("reg", 50);
    assertThatThrownBy(
            () ->
                ReferenceFunctions.checkRows(
                    "reg",
                    month.rows,
                    month.times,
                    month.inputs,
                    BARS,
                    month.windows,
                    50,
                    TAIL,
                    NO_ROWS,
                    NOTHING,
                    false,
                    false,
                    new int[] {1},
                    new double[3]))
        .isInstanceOf(SQLException.class)
        .hasMessage("tolerances has 3 elements: must have " + (month.stride - 2));
  }
}
