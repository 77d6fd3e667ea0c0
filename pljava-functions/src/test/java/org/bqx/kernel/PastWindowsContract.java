package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.bqx.reference.Reference;
import org.bqx.reference.References;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for a family of nine metrics of each window, the W bars before the row's bar. */
abstract class PastWindowsContract extends FamilyContract {

  PastWindowsContract(String family) {
    super(Families.of(family), References.of(family));
  }

  /** The nine metrics in decimal arithmetic. */
  abstract double[] exact(double[] window, double current);

  @Override
  int[] shortWindows() {
    return new int[] {family.shortestWindow(), 5, 60, 630};
  }

  @Override
  Reference exact() {
    return (bars, bar, windows) -> {
      double[] row = new double[1 + 9 * windows.length];
      row[0] = bars.values()[bar];
      int element = 1;
      for (int length : windows) {
        if (length <= bar) {
          double[] window = Arrays.copyOfRange(bars.values(), bar - length, bar);
          System.arraycopy(exact(window, row[0]), 0, row, element, 9);
          element += 9;
        }
      }
      return Arrays.copyOf(row, element);
    };
  }

  @Test
  void rowHoldsTheWindowsWithEnoughHistory() {
    double[] walk = Series.walk(10, 1e-3, 1);
    assertThat(rows(bars(walk), new int[] {3, 4, 7}, 0, 0))
        .extracting(row -> row.length)
        .containsExactly(1, 1, 1, 10, 19, 19, 19, 28, 28, 28);
    assertThat(rows(bars(walk), new int[] {3, 4, 7}, 0, 0))
        .extracting(row -> row[0])
        .containsExactly(Arrays.stream(walk).boxed().toArray(Double[]::new));
  }

  @Test
  void windowLongerThanTheSeriesYieldsNothing() {
    assertThat(rows(bars(new double[] {1, 2, 3}), new int[] {Integer.MAX_VALUE}, 0, 0))
        .extracting(row -> row.length)
        .containsExactly(1, 1, 1);
  }

  @ParameterizedTest
  @EnumSource
  void rowsOfOddWindowsAgreeWithDecimalArithmetic(Series series) {
    assertRows(bars(series.bars()), new int[] {4, 11, 59, 101}, 690, 23, exact());
  }

  @Test
  void longestWindowAgreesWithDecimalArithmetic() {
    assertRows(bars(Series.walk(30_001, 1e-4, 3)), new int[] {10_000}, 10_000, 10_000, exact());
  }

  /** Inputs after the first are another family's: they change nothing. */
  @Test
  void onlyTheFirstInputIsRead() {
    double[] walk = Series.WALK.bars();
    double[] values = Arrays.copyOf(walk, 2 * walk.length);
    Arrays.fill(values, walk.length, values.length, Double.NaN);
    assertSameBits(
        rows(new Bars(values, walk.length), windows(), 0, 0), rows(bars(walk), windows(), 0, 0));
  }
}
