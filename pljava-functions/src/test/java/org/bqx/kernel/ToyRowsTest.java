package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** A family with several inputs, needs, undefined values and a look ahead keeps the contract. */
class ToyRowsTest extends FamilyContract {

  private static final double NAN = Double.NaN;

  ToyRowsTest() {
    super(new ToyFamily(1, 0), ToyRowsTest::reference);
  }

  /** The high is the close in every third bar, absent in every seventh, else above. */
  @Override
  Bars bars(double[] rateIndex) {
    int count = rateIndex.length;
    double[] values = Arrays.copyOf(rateIndex, 2 * count);
    for (int bar = 0; bar < count; bar++) {
      double above = bar % 3 == 0 ? 0 : rateIndex[bar] / 8;
      values[count + bar] = bar % 7 == 6 ? NAN : rateIndex[bar] + above;
    }
    return new Bars(values, count);
  }

  private static double[] reference(Bars bars, int bar, int[] windows) {
    double close = bars.at(0, bar);
    double distance = bars.at(1, bar) - close;
    int later = bar + ToyFamily.AHEAD;
    DoubleStream row =
        DoubleStream.of(
            close,
            distance,
            distance == 0 ? NAN : close / distance,
            later < bars.count() ? bars.at(0, later) / close : NAN);
    row = DoubleStream.concat(row, changes(bars, bar, windows, 1, ToyFamily.SMOOTHED_NEEDS - 1));
    // A window of equal need comes before the smoothed close, as in the family.
    row =
        DoubleStream.concat(
            row, changes(bars, bar, windows, ToyFamily.SMOOTHED_NEEDS, ToyFamily.SMOOTHED_NEEDS));
    if (bar >= ToyFamily.SMOOTHED_NEEDS) {
      double smoothed = 0;
      double weight = 1;
      for (int back = 0; back < bar; back++) {
        weight /= 2;
        smoothed += weight * bars.at(0, bar - back);
      }
      row = DoubleStream.concat(row, DoubleStream.of(smoothed + weight * bars.at(0, 0)));
    }
    return DoubleStream.concat(
            row, changes(bars, bar, windows, ToyFamily.SMOOTHED_NEEDS + 1, Integer.MAX_VALUE))
        .toArray();
  }

  private static DoubleStream changes(Bars bars, int bar, int[] windows, int least, int most) {
    return Arrays.stream(windows)
        .filter(length -> length >= least && length <= Math.min(most, bar))
        .mapToDouble(length -> bars.at(1, bar) - bars.at(1, bar - length));
  }

  /** By hand: closes 8, 8, 16, 8, 24, 8, 8 and highs 8, 9, 16, 12, -, 9, 16. */
  @Test
  void rowsByHand() {
    Bars bars = new Bars(new double[] {8, 8, 16, 8, 24, 8, 8, 8, 9, 16, 12, NAN, 9, 16}, 7);
    int[] windows = {2, 5};
    assertThat(names(sorted(bars, windows)))
        .containsExactly(
            "toy_high_distance",
            "toy_high_odds",
            "toy_ahead_ratio",
            "w2_toy_high_change",
            "w5_toy_high_change",
            "toy_smoothed_index");
    double[][] expected = {
      {8, 0, NAN, 2},
      {8, 1, 8, 1},
      {16, 0, NAN, 1.5, 8},
      {8, 4, 2, 1, 3},
      {24, NAN, NAN, 1 / 3.0, NAN},
      {8, 1, 8, NAN, -3, 1, 12.5},
      {8, 8, 1, NAN, NAN, 7, 10.25}
    };
    assertSameBits(rows(bars, windows, 0, 0), List.of(expected));
  }

  /** The rows of the tail are not given, but read. */
  @Test
  void tailMakesTheLookAheadDefined() {
    Bars bars = bars(Series.walk(50, 1e-4, 1));
    List<double[]> rows = rows(bars, new int[] {3}, 10, ToyFamily.AHEAD);
    assertThat(rows).hasSize(38).noneMatch(row -> Double.isNaN(row[3]));
    assertThat(rows(bars, new int[] {3}, 10, 0).subList(38, 40))
        .allMatch(row -> Double.isNaN(row[3]));
  }

  @Test
  void noRowsAreGivenWhereSkipAndTailMeet() {
    assertThat(rows(bars(new double[] {1, 2, 3}), new int[] {3}, 1, 2)).isEmpty();
  }
}
