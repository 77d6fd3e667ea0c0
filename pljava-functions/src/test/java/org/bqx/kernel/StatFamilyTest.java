package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.bqx.reference.References;
import org.junit.jupiter.api.Test;

class StatFamilyTest extends FamilyContract {

  StatFamilyTest() {
    super(Families.of("stat"), References.of("stat"));
  }

  @Override
  int[] windows() {
    return new int[] {60, 240};
  }

  @Override
  int[] shortWindows() {
    return new int[] {4, 5, 61};
  }

  /** Returns 0, 0, 0, 1: skewness 2, kurtosis 4, as a single outlier of four has. */
  @Test
  void aSingleOutlierByHand() {
    double[] row = rows(bars(new double[] {1, 1, 1, 1, 2}), new int[] {4}, 4, 0).get(0);
    double entropy = 0.25 * 2 + 0.75 * Math.log(4 / 3.0) / Math.log(2);
    assertThat(row).containsExactly(new double[] {2, 2, 4, 0, entropy, Double.NaN}, within(1e-14));
  }

  @Test
  void equalMovesFillNoneButOneBin() {
    double[] row = rows(bars(new double[] {1, 2, 4, 8, 16}), new int[] {4}, 4, 0).get(0);
    assertThat(row).containsExactly(16, Double.NaN, Double.NaN, 0, 2, Double.NaN);
  }

  /**
   * A walk has a ratio of variances near 1 and an exponent near 1/2; returns that alternate less.
   */
  @Test
  void memoryIsFound() {
    List<double[]> walk = rows(bars(Series.walk(5_000, 1e-4, 7)), windows(), 240, 0);
    assertThat(mean(walk, 11)).isCloseTo(1, within(0.1));
    assertThat(mean(walk, 13)).isCloseTo(0.5, within(0.05));
    double[] bounce = Series.walk(5_000, 1e-5, 7);
    for (int bar = 0; bar < bounce.length; bar++) {
      bounce[bar] += bar % 2 * 0.01;
    }
    List<double[]> bounces = rows(bars(bounce), windows(), 240, 0);
    assertThat(mean(bounces, 11)).isLessThan(0.3);
    assertThat(mean(bounces, 13)).isLessThan(0.3);
    assertThat(mean(bounces, 10)).isLessThan(-0.8);
  }

  private static double mean(List<double[]> rows, int element) {
    return rows.stream().mapToDouble(row -> row[element]).average().orElseThrow();
  }

  @Test
  void theSortedWindowAgreesWithSorting() {
    for (int length : new int[] {1, 2, 3, 8, 33}) {
      double[] series = Series.walk(200, 1e-2, length);
      for (int bar = 0; bar < 200; bar++) {
        series[bar] = Math.rint(series[bar]);
      }
      SortedWindow window = new SortedWindow(length);
      window.start(series, 0, length - 1);
      for (int bar = length - 1; bar < 200; bar++) {
        window.advance(bar);
        double[] sorted = Arrays.copyOfRange(series, bar - length + 1, bar + 1);
        double last = series[bar];
        Arrays.sort(sorted);
        double median = (sorted[(length - 1) / 2] + sorted[length / 2]) / 2;
        assertThat(window.median()).isEqualTo(median);
        assertThat(window.countBelow(last))
            .isEqualTo((int) Arrays.stream(sorted).filter(z -> z < last).count());
        assertThat(window.countNotAbove(last))
            .isEqualTo((int) Arrays.stream(sorted).filter(z -> z <= last).count());
        double[] deviations = Arrays.stream(sorted).map(z -> Math.abs(z - median)).toArray();
        Arrays.sort(deviations);
        assertThat(window.medianDeviation())
            .isEqualTo((deviations[(length - 1) / 2] + deviations[length / 2]) / 2);
      }
    }
  }
}
