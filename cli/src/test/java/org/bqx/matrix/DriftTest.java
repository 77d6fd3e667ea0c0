package org.bqx.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drift beside examples worked by hand, plain counting, and Commons Math. */
class DriftTest {
  private static final double EXACT = 1e-14;

  /**
   * The cuts of 1 … 20 are 2, 4 … 18: ten bins of two. Twenty values in the first bin: q is 20.5/25
   * = 0.82 there and 0.5/25 = 0.02 in nine others, p is 2.5/25 = 0.1 in all. So the index is 0.72
   * ln 8.2 − 9 · 0.08 ln 0.2.
   */
  @Test
  void stabilityWorkedByHand() {
    double[] reference = DoubleStream.iterate(1, x -> x + 1).limit(20).toArray();
    double[] values = new double[20];
    Arrays.fill(values, 1.5);
    assertThat(Drift.populationStability(reference, values))
        .isCloseTo(2.6737718880271015, within(EXACT));
    assertThat(Drift.populationStability(reference, reference)).isZero();
  }

  /** Eight of ten are 0, so that eight quantiles are one cut: bins up to 0, up to 1, above. */
  @Test
  void equalQuantilesAreOneCut() {
    double[] reference = {0, 0, 0, 0, 0, 0, 0, 0, 1, 2};
    double[] values = {0, 1, 1, 2};
    double expected =
        (1.5 / 5.5 - 8.5 / 11.5) * Math.log(1.5 / 5.5 / (8.5 / 11.5))
            + (2.5 / 5.5 - 1.5 / 11.5) * Math.log(2.5 / 5.5 / (1.5 / 11.5))
            + (1.5 / 5.5 - 1.5 / 11.5) * Math.log(1.5 / 5.5 / (1.5 / 11.5));
    assertThat(Drift.populationStability(reference, values)).isCloseTo(expected, within(EXACT));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void bothAreWhatPlainCountingGives(int seed) {
    Random random = new Random(seed);
    double grid = seed % 2 == 0 ? 8 : 1e9;
    double[] reference =
        Drift.sorted(
            random.doubles(10 + random.nextInt(500)).map(x -> Math.rint(x * grid)).toArray());
    double[] values =
        Drift.sorted(
            random.doubles(10 + random.nextInt(500)).map(x -> Math.rint(x * x * grid)).toArray());
    assertThat(Drift.populationStability(reference, values))
        .isCloseTo(stability(reference, values), within(1e-12));
    assertThat(Drift.kolmogorovSmirnov(reference, values))
        .isCloseTo(
            new KolmogorovSmirnovTest().kolmogorovSmirnovStatistic(reference, values),
            within(EXACT));
  }

  @Test
  void absentValuesCountInNeither() {
    assertThat(Drift.sorted(new double[] {2, Double.NaN, -0.0, 1, 0.0}))
        .containsExactly(0, 0, 1, 2);
  }

  private static double stability(double[] reference, double[] values) {
    double[] cuts =
        DoubleStream.iterate(1, k -> k + 1)
            .limit(9)
            .map(
                k ->
                    Arrays.stream(reference)
                        .filter(
                            cut ->
                                10.0 * Arrays.stream(reference).filter(x -> x <= cut).count()
                                    >= k * reference.length)
                        .findFirst()
                        .orElseThrow())
            .distinct()
            .toArray();
    double index = 0;
    for (int bin = 0; bin <= cuts.length; bin++) {
      double low = bin == 0 ? Double.NEGATIVE_INFINITY : cuts[bin - 1];
      double high = bin == cuts.length ? Double.POSITIVE_INFINITY : cuts[bin];
      double p = share(reference, low, high, cuts.length + 1);
      double q = share(values, low, high, cuts.length + 1);
      index += (q - p) * Math.log(q / p);
    }
    return index;
  }

  private static double share(double[] values, double low, double high, int bins) {
    long count = Arrays.stream(values).filter(x -> x > low && x <= high).count();
    return (count + 0.5) / (values.length + 0.5 * bins);
  }
}
