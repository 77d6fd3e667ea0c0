package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;
import org.junit.jupiter.api.Test;

/** Each element of a row beside Commons Math, or its definition in plain loops. */
class TargetCorrelationTest {

  private static final int BARS = 1_200;
  private static final int SKIP = 239;
  private static final int STEP = 7;
  private static final int[] WINDOWS = {60, 240};

  private final double[] feature = new double[BARS];
  private final double[] target = new double[BARS];
  private final double[] placebo = new double[BARS];

  /** A feature of few values, a target that goes with it a little, holes in all three. */
  TargetCorrelationTest() {
    Random random = new Random(5);
    for (int bar = 0; bar < BARS; bar++) {
      feature[bar] = random.nextInt(40) / 8.0 - 2.5;
      target[bar] = 1e3 + feature[bar] * 0.2 + random.nextGaussian();
      placebo[bar] = bar < 500 ? Double.NaN : random.nextGaussian();
    }
    feature[300] = Double.NaN;
    feature[301] = -0.0;
    target[650] = Double.NaN;
    Arrays.fill(target, BARS - 60, BARS, Double.NaN);
  }

  @Test
  void everyElementIsThatOfCommonsMath() {
    TargetCorrelation rows = new TargetCorrelation(feature, target, placebo, WINDOWS, SKIP, STEP);
    for (int window : WINDOWS) {
      double[] row = rows.next();
      double[] rolling = rolling(target, window);
      assertThat(row).hasSize(TargetCorrelation.WIDTH);
      // The windows that hold neither a hole nor the month's last bars.
      assertThat(row[0]).isEqualTo(rolling.length).isEqualTo(BARS - SKIP - 60 - 2 * window);
      assertThat(row[1]).isCloseTo(Arrays.stream(rolling).average().orElseThrow(), within(1e-9));
      assertThat(row[2]).isCloseTo(new StandardDeviation().evaluate(rolling), within(1e-9));
      assertThat(row[3]).isCloseTo(Arrays.stream(rolling).min().orElseThrow(), within(1e-9));
      assertThat(row[4]).isCloseTo(percentile(rolling, 10), within(1e-9));
      assertThat(row[5]).isCloseTo(percentile(rolling, 50), within(1e-9));
      assertThat(row[6]).isCloseTo(percentile(rolling, 90), within(1e-9));
      assertThat(row[7]).isCloseTo(Arrays.stream(rolling).max().orElseThrow(), within(1e-9));
      assertThat(row[8]).isCloseTo(percentile(amounts(rolling(placebo, window)), 50), within(1e-9));
      assertThat(row[9]).isCloseTo(percentile(amounts(rolling), 50), within(1e-9));
      double[][] all = complete(1);
      assertThat(row[10])
          .isCloseTo(new PearsonsCorrelation().correlation(all[0], all[1]), within(1e-9));
      assertThat(row[11])
          .isCloseTo(new SpearmansCorrelation().correlation(all[0], all[1]), within(1e-9));
      assertThat(row[12]).isEqualTo(all[0].length).isEqualTo(BARS - SKIP - 62);
      double[][] thin = complete(STEP);
      assertThat(row[13])
          .isCloseTo(new PearsonsCorrelation().correlation(thin[0], thin[1]), within(1e-9));
      assertThat(row[14]).isCloseTo(information(all), within(1e-9)).isPositive();
    }
    assertThat(rows.hasNext()).isFalse();
    assertThatThrownBy(rows::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void fewerThanSixtyValuesSayNothing() {
    Arrays.fill(target, SKIP + 59, BARS, Double.NaN);
    double[] row = new TargetCorrelation(feature, target, placebo, WINDOWS, SKIP, 1).next();
    assertThat(row[12]).isEqualTo(59);
    assertThat(row[0]).isEqualTo(59);
    for (int element : new int[] {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13, 14}) {
      assertThat(row[element]).as("element %d", element).isNaN();
    }
    assertThat(row[8]).as("the placebo has values").isNotNaN();
  }

  @Test
  void whatIsConstantIsUndefined() {
    Arrays.fill(feature, 0.1);
    double[] row = new TargetCorrelation(feature, target, placebo, WINDOWS, SKIP, 1).next();
    assertThat(row[0]).isZero();
    assertThat(row[10]).isNaN();
    assertThat(row[11]).isNaN();
    assertThat(row[13]).isNaN();
    assertThat(row[12]).isEqualTo(BARS - SKIP - 61);
    // A day of it within a month that is not.
    feature[BARS - 61] = 0.3;
    double[] columns = RollingCorrelation.columns(feature, target, 60);
    assertThat(Arrays.copyOf(columns, BARS - 61)).containsOnly(Double.NaN);
    assertThat(columns[BARS - 61]).isBetween(-1.0, 1.0);
    assertThat(columns[BARS + 500]).isZero();
  }

  @Test
  void theRollingFormIsTheTwoPassForm() {
    double[] columns = RollingCorrelation.columns(feature, target, 60);
    for (int bar = 0; bar < BARS; bar++) {
      if (!isComplete(target, bar, 60)) {
        assertThat(columns[bar]).as("bar %d", bar).isNaN();
        assertThat(columns[BARS + bar]).isNaN();
        assertThat(columns[2 * BARS + bar]).isNaN();
        continue;
      }
      double[] a = Arrays.copyOfRange(feature, bar - 59, bar + 1);
      double[] b = Arrays.copyOfRange(target, bar - 59, bar + 1);
      assertThat(columns[bar]).isCloseTo(new PearsonsCorrelation().correlation(a, b), within(1e-9));
      assertThat(columns[BARS + bar]).isCloseTo(new StandardDeviation().evaluate(a), within(1e-9));
      assertThat(columns[2 * BARS + bar])
          .isCloseTo(new StandardDeviation().evaluate(b), within(1e-9));
    }
    assertThat(RollingCorrelation.columns(new double[59], new double[59], 60))
        .containsOnly(Double.NaN);
  }

  private double[] rolling(double[] other, int window) {
    List<Double> values = new ArrayList<>();
    for (int bar = SKIP; bar < BARS; bar++) {
      if (isComplete(other, bar, window)) {
        values.add(
            new PearsonsCorrelation()
                .correlation(
                    Arrays.copyOfRange(feature, bar - window + 1, bar + 1),
                    Arrays.copyOfRange(other, bar - window + 1, bar + 1)));
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private boolean isComplete(double[] other, int bar, int window) {
    for (int i = bar - window + 1; i <= bar; i++) {
      if (i < 0 || Double.isNaN(feature[i]) || Double.isNaN(other[i])) {
        return false;
      }
    }
    return true;
  }

  private double[][] complete(int step) {
    List<Integer> bars = new ArrayList<>();
    for (int bar = SKIP; bar < BARS; bar += step) {
      if (!Double.isNaN(feature[bar]) && !Double.isNaN(target[bar])) {
        bars.add(bar);
      }
    }
    return new double[][] {
      bars.stream().mapToDouble(bar -> feature[bar] + 0.0).toArray(),
      bars.stream().mapToDouble(bar -> target[bar]).toArray()
    };
  }

  private static double[] amounts(double[] values) {
    return Arrays.stream(values).map(Math::abs).toArray();
  }

  private static double percentile(double[] values, double percent) {
    return new Percentile()
        .withEstimationType(Percentile.EstimationType.R_7)
        .evaluate(values, percent);
  }

  /** The sum of p ln(p / (p_a p_b)), and the correction for the cells that are used. */
  private static double information(double[][] pairs) {
    int n = pairs[0].length;
    double[] a = new NaturalRanking(TiesStrategy.AVERAGE).rank(pairs[0]);
    double[] b = new NaturalRanking(TiesStrategy.AVERAGE).rank(pairs[1]);
    double[][] cells = new double[16][16];
    double[] ofA = new double[16];
    double[] ofB = new double[16];
    for (int i = 0; i < n; i++) {
      int row = (int) Math.floor(16 * (a[i] - 0.5) / n);
      int column = (int) Math.floor(16 * (b[i] - 0.5) / n);
      cells[row][column]++;
      ofA[row]++;
      ofB[column]++;
    }
    double sum = 0;
    int used = 0;
    for (int row = 0; row < 16; row++) {
      for (int column = 0; column < 16; column++) {
        if (cells[row][column] > 0) {
          used++;
          sum +=
              cells[row][column] / n * Math.log(cells[row][column] * n / (ofA[row] * ofB[column]));
        }
      }
    }
    long usedOfA = Arrays.stream(ofA).filter(count -> count > 0).count();
    long usedOfB = Arrays.stream(ofB).filter(count -> count > 0).count();
    return sum - (used - usedOfA - usedOfB + 1) / (2.0 * n);
  }
}
