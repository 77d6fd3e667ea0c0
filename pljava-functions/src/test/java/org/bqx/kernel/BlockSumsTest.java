package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.apache.commons.math3.stat.descriptive.moment.Variance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of {@link BlockSums} and {@link BlockMoments}. */
class BlockSumsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 60})
  void sumsAreThoseOfTheLastValues(int length) {
    double[] walk = Series.walk(300, 1e-2, 5);
    for (int bar = length - 1; bar < walk.length; bar++) {
      double[] window = Arrays.copyOfRange(walk, bar - length + 1, bar + 1);
      BlockSums sums = summed(walk, length, bar);
      assertThat(sums.sum(0)).isCloseTo(Arrays.stream(window).sum(), within(1e-10));
      assertThat(sums.sum(1)).isEqualTo(length);
    }
  }

  /** Whatever bar it begins at. */
  private static BlockSums summed(double[] values, int length, int bar) {
    BlockSums sums = new BlockSums(length, 2);
    sums.reset();
    for (int i = sums.firstBar(bar); i <= bar; i++) {
      sums.take(new double[] {values[i], 1});
    }
    return sums;
  }

  @Test
  void bitsDoNotDependOnTheStart() {
    double[] walk = Series.walk(300, 1e-2, 6);
    BlockSums whole = new BlockSums(7, 2);
    whole.reset();
    for (int bar = 0; bar < walk.length; bar++) {
      whole.take(new double[] {walk[bar], 1});
      if (bar >= 6) {
        assertThat(summed(walk, 7, bar).sum(0)).isEqualTo(whole.sum(0));
        BlockSums one = new BlockSums(7, 1);
        one.start(walk, 0, bar);
        one.take(walk[bar]);
        assertThat(one.sum(0)).isEqualTo(whole.sum(0));
      }
    }
  }

  @Test
  void whatHasLeftLeavesNothingBehind() {
    BlockSums sums = new BlockSums(3, 1);
    sums.reset();
    double[] values = {1e18, Double.NaN, 0.1, 0.1, 0.1, 0.1};
    boolean[] defined = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      sums.take(values[i]);
      defined[i] = !Double.isNaN(sums.sum(0));
    }
    assertThat(defined).containsExactly(true, false, false, false, true, true);
    assertThat(sums.sum(0)).isEqualTo(0.1 + 0.1 + 0.1);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 20, 60})
  void variancesAreThoseOfTheLastValues(int length) {
    for (Series series : Series.values()) {
      double[] values = series.bars();
      for (int bar = length - 1; bar < values.length; bar += 3) {
        BlockMoments moments = new BlockMoments(length);
        moments.reset();
        for (int i = moments.firstBar(bar); i <= bar; i++) {
          moments.take(values[i]);
        }
        double[] window = Arrays.copyOfRange(values, bar - length + 1, bar + 1);
        double expected = new Variance().evaluate(window);
        if (Arrays.stream(window).distinct().count() == 1) {
          assertThat(moments.sampleVariance()).isEqualTo(0);
        } else {
          assertThat(moments.sampleVariance())
              .as("%s, bar %s", series, bar)
              .isPositive()
              .isCloseTo(expected, within(1e-9 * expected + 1e-22));
        }
      }
    }
  }
}
