package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for the rows of either family. */
abstract class RollingRowsContract {

  static final int[] DEFAULT_WINDOWS = {60, 90, 150, 240, 390, 630};

  private final String[] metrics;

  RollingRowsContract(String[] metrics) {
    this.metrics = metrics;
  }

  abstract Iterator<double[]> rows(double[] rateIndex, int[] windows, int skip);

  abstract double[] reference(double[] window, double current);

  abstract double[] exact(double[] window, double current);

  abstract int shortestWindow();

  private List<double[]> copies(double[] rateIndex, int[] windows, int skip) {
    List<double[]> copies = new ArrayList<>();
    rows(rateIndex, windows, skip).forEachRemaining(row -> copies.add(row.clone()));
    return copies;
  }

  @Test
  void rowHoldsTheWindowsWithEnoughHistory() {
    double[] walk = Series.walk(10, 1e-3, 1);
    List<double[]> rows = copies(walk, new int[] {3, 4, 7}, 0);
    assertThat(rows)
        .extracting(row -> row.length)
        .containsExactly(1, 1, 1, 10, 19, 19, 19, 28, 28, 28);
    assertThat(rows)
        .extracting(row -> row[0])
        .containsExactly(Arrays.stream(walk).boxed().toArray(Double[]::new));
  }

  @Test
  void windowLongerThanTheSeriesYieldsNothing() {
    assertThat(copies(new double[] {1, 2, 3}, new int[] {Integer.MAX_VALUE}, 0))
        .extracting(row -> row.length)
        .containsExactly(1, 1, 1);
  }

  @Test
  void nextPastTheEndIsRefused() {
    Iterator<double[]> rows = rows(new double[] {1, 2}, new int[] {60}, 1);
    assertThat(rows.hasNext()).isTrue();
    rows.next();
    assertThat(rows.hasNext()).isFalse();
    assertThatThrownBy(rows::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("no row after bar 1");
  }

  @ParameterizedTest
  @EnumSource
  void everyRowAgreesWithCommonsMath(Series series) {
    double[] values = series.bars();
    assertRows(values, DEFAULT_WINDOWS, 0, 1, this::reference);
  }

  @ParameterizedTest
  @EnumSource
  void rowsAgreeWithDecimalArithmetic(Series series) {
    double[] values = series.bars();
    assertRows(values, new int[] {shortestWindow(), 5, 60, 630}, 640, 47, this::exact);
  }

  /** The judge is judged too. */
  @ParameterizedTest
  @EnumSource
  void commonsMathAgreesWithDecimalArithmetic(Series series) {
    double[] values = series.bars();
    for (int length : new int[] {shortestWindow(), 60, 630}) {
      for (int bar = 640; bar < values.length; bar += 143) {
        double[] window = Arrays.copyOfRange(values, bar - length, bar);
        Bound.assertWithin(
            metrics,
            length,
            reference(window, values[bar]),
            exact(window, values[bar]),
            "bar " + bar);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsOfOddWindowsAgreeWithDecimalArithmetic(Series series) {
    double[] values = series.bars();
    assertRows(values, new int[] {4, 11, 59, 101}, 690, 23, this::exact);
  }

  @Test
  void longestWindowAgreesWithDecimalArithmetic() {
    assertRows(Series.walk(30_001, 1e-4, 3), new int[] {10_000}, 10_000, 10_000, this::exact);
  }

  @Property(tries = 100)
  void walksAgreeWithDecimalArithmetic(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int digits,
      @ForAll("windows") int[] windows) {
    double[] walk = Series.walk(200, Math.pow(10, -digits), seed);
    assertRows(walk, windows, 0, 41, this::exact);
  }

  @Property(tries = 200)
  void bitsDependNeitherOnSkipNorOnLaterBarsNorOnOtherWindows(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 300) int length,
      @ForAll @DoubleRange(min = 0, max = 1) double part,
      @ForAll("windows") int[] windows) {
    double[] walk = Series.walk(length, 1e-4, seed);
    List<double[]> all = copies(walk, windows, 0);
    int cut = (int) (part * (length - 1));

    assertThat(copies(walk, windows, cut).toArray(double[][]::new))
        .isDeepEqualTo(all.subList(cut, length).toArray(double[][]::new));
    assertThat(copies(Arrays.copyOf(walk, cut + 1), windows, 0).toArray(double[][]::new))
        .isDeepEqualTo(all.subList(0, cut + 1).toArray(double[][]::new));
    int last = windows.length - 1;
    List<double[]> alone = copies(walk, new int[] {windows[last]}, 0);
    for (int bar = windows[last]; bar < length; bar++) {
      double[] row = all.get(bar);
      assertThat(Arrays.copyOfRange(alone.get(bar), 1, 10))
          .containsExactly(Arrays.copyOfRange(row, row.length - 9, row.length));
    }
  }

  @Provide
  Arbitrary<int[]> windows() {
    return Arbitraries.integers()
        .between(shortestWindow(), 120)
        .set()
        .ofMinSize(1)
        .ofMaxSize(5)
        .map(set -> set.stream().mapToInt(Integer::intValue).sorted().toArray());
  }

  private interface Oracle {
    double[] metrics(double[] window, double current);
  }

  private void assertRows(double[] values, int[] windows, int skip, int step, Oracle oracle) {
    Iterator<double[]> rows = rows(values, windows, skip);
    for (int bar = skip; bar < values.length; bar++) {
      double[] row = rows.next();
      if ((bar - skip) % step != 0) {
        continue;
      }
      for (int i = 0; i < windows.length && windows[i] <= bar; i++) {
        double[] window = Arrays.copyOfRange(values, bar - windows[i], bar);
        Bound.assertWithin(
            metrics,
            windows[i],
            Arrays.copyOfRange(row, 1 + 9 * i, 10 + 9 * i),
            oracle.metrics(window, values[bar]),
            "bar " + bar);
      }
    }
    assertThat(rows.hasNext()).isFalse();
  }
}
