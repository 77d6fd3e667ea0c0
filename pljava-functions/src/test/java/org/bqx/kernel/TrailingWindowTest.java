package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/** The pieces that families are made of, beside Commons Math, from any bar on. */
class TrailingWindowTest {

  private static final int BARS = 200;

  @Property(tries = 200)
  void everyPieceAgreesWithItsWholeWindow(
      @ForAll long seed, @ForAll @IntRange(min = 3, max = 70) int length) {
    double[] series = Series.walk(BARS, 1e-4, seed);
    double[] other = Series.walk(BARS, 1e-2, seed + 1);
    RollingExtremes extremes = new RollingExtremes(length);
    RollingMoments moments = new RollingMoments(length);
    RollingSlope slope = new RollingSlope(length);
    RollingProducts products = new RollingProducts(length);
    int first = length - 1;
    extremes.start(series, 0, first);
    moments.start(series, 0, first);
    slope.start(series, 0, first);
    products.start(series, 0, other, 0, first);
    for (int bar = first; bar < BARS; bar++) {
      extremes.advance(bar);
      moments.advance(bar);
      slope.advance(bar);
      products.advance(bar);
      double[] window = Arrays.copyOfRange(series, bar - length + 1, bar + 1);
      double[] second = Arrays.copyOfRange(other, bar - length + 1, bar + 1);
      assertThat(extremes.min()).isEqualTo(StatUtils.min(window));
      assertThat(extremes.max()).isEqualTo(StatUtils.max(window));
      assertThat(moments.mean()).isCloseTo(StatUtils.mean(window), within(1e-12));
      assertThat(moments.lessMean(series[bar]))
          .isCloseTo(series[bar] - StatUtils.mean(window), within(1e-12));
      assertThat(moments.stdev())
          .isCloseTo(new StandardDeviation().evaluate(window), within(1e-12));
      assertThat(moments.isConstant()).isFalse();
      assertThat(slope.slope()).isCloseTo(slope(window), within(1e-12));
      assertThat(products.covariance())
          .isCloseTo(new Covariance().covariance(window, second), within(1e-11));
      assertThat(products.correlation())
          .isCloseTo(correlation(less(window), less(second)), within(1e-11));
    }
  }

  /** A window that is started later has the same bits. */
  @Property(tries = 200)
  void bitsDoNotDependOnTheFirstBar(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 70) int length,
      @ForAll @IntRange(min = 0, max = 120) int later) {
    double[] series = Series.walk(BARS, 1e-4, seed);
    RollingMoments early = new RollingMoments(length);
    RollingMoments late = new RollingMoments(length);
    int first = length - 1 + later;
    double[] unread = series.clone();
    Arrays.fill(unread, 0, late.firstRead(first), Double.NaN);
    early.start(series, 0, length - 1);
    late.start(unread, 0, first);
    for (int bar = length - 1; bar < BARS; bar++) {
      early.advance(bar);
      if (bar >= first) {
        late.advance(bar);
        assertThat(late.stdev()).isEqualTo(early.stdev());
        assertThat(late.mean()).isEqualTo(early.mean());
      }
    }
  }

  /** An absent value is undefined as long as it is in the window, and not one bar longer. */
  @Property(tries = 100)
  void anAbsentValueCountsWhileItIsInTheWindow(
      @ForAll @IntRange(min = 2, max = 40) int length,
      @ForAll @IntRange(min = 0, max = BARS - 1) int absent) {
    double[] series = Series.walk(BARS, 1e-4, 1);
    series[absent] = Double.NaN;
    RollingMoments moments = new RollingMoments(length);
    RollingExtremes extremes = new RollingExtremes(length);
    RollingProducts products = new RollingProducts(length);
    moments.start(series, 0, length - 1);
    extremes.start(series, 0, length - 1);
    products.start(Series.walk(BARS, 1e-4, 2), 0, series, 0, length - 1);
    for (int bar = length - 1; bar < BARS; bar++) {
      moments.advance(bar);
      extremes.advance(bar);
      products.advance(bar);
      boolean undefined = absent <= bar && absent > bar - length;
      assertThat(Double.isNaN(moments.stdev())).isEqualTo(undefined);
      assertThat(Double.isNaN(extremes.max())).isEqualTo(undefined);
      assertThat(Double.isNaN(products.correlation())).isEqualTo(undefined);
    }
  }

  /** A spike that has left leaves nothing behind. */
  @Property(tries = 40)
  void aConstantWindowIsConstantExactly(@ForAll @IntRange(min = 2, max = 40) int length) {
    double[] series = new double[BARS];
    Arrays.fill(series, 100.1);
    series[80] = 1e9;
    RollingMoments moments = new RollingMoments(length);
    RollingProducts products = new RollingProducts(length);
    moments.start(series, 0, length - 1);
    products.start(series, 0, Series.walk(BARS, 1e-4, 1), 0, length - 1);
    for (int bar = length - 1; bar < BARS; bar++) {
      moments.advance(bar);
      products.advance(bar);
      boolean constant = bar < 80 || bar >= 80 + length;
      assertThat(moments.isConstant()).isEqualTo(constant);
      assertThat(Double.isNaN(products.correlation())).isEqualTo(constant);
      if (constant) {
        assertThat(moments.stdev()).isZero();
        assertThat(moments.mean()).isEqualTo(100.1);
      }
    }
  }

  /** Less the first value: Commons Math subtracts a rounded mean. */
  private static double[] less(double[] window) {
    return Arrays.stream(window).map(z -> z - window[0]).toArray();
  }

  /** By its definition: PearsonsCorrelation leaves a correlation near 0 few digits. */
  private static double correlation(double[] a, double[] b) {
    StandardDeviation stdev = new StandardDeviation();
    return new Covariance().covariance(a, b) / (stdev.evaluate(a) * stdev.evaluate(b));
  }

  private static double slope(double[] window) {
    SimpleRegression regression = new SimpleRegression();
    for (int k = 0; k < window.length; k++) {
      regression.addData(k, window[k]);
    }
    return regression.getSlope();
  }
}
