package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.descriptive.moment.Variance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockComomentsTest {

  private static final double[] FIRST = Series.walk(400, 1e-3, 1);
  private static final double[] SECOND = Series.walk(400, 1e-3, 2);

  /** The window of a length that ends with a bar, whatever bar it begins at. */
  private static BlockComoments window(int length, int bar, double[] first, double[] second) {
    BlockComoments moments = new BlockComoments(length, 2);
    moments.reset();
    for (int i = moments.firstBar(bar); i <= bar; i++) {
      moments.take(new double[] {first[i], second[i]}, 0);
    }
    return moments;
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 15, 60})
  void correlationsAreThoseOfTheLastValues(int length) {
    for (int bar = length - 1; bar < FIRST.length; bar++) {
      BlockComoments moments = window(length, bar, FIRST, SECOND);
      double[] first = Arrays.copyOfRange(FIRST, bar - length + 1, bar + 1);
      double[] second = Arrays.copyOfRange(SECOND, bar - length + 1, bar + 1);
      assertThat(moments.correlation(1))
          .isCloseTo(new PearsonsCorrelation().correlation(first, second), within(1e-11));
      assertThat(moments.squares(1) / (length - 1))
          .isCloseTo(new Variance().evaluate(second), within(1e-12));
      assertThat(moments.deviation(1))
          .isCloseTo(
              second[length - 1] - Arrays.stream(second).average().getAsDouble(), within(1e-11));
    }
  }

  @Test
  void anAbsentValueMakesItsWindowsUndefinedAlone() {
    double[] second = SECOND.clone();
    second[119] = Double.NaN;
    for (int bar = 100; bar < 200; bar++) {
      boolean absent = bar >= 119 && bar < 134;
      BlockComoments moments = window(15, bar, FIRST, second);
      assertThat(Double.isNaN(moments.correlation(1))).isEqualTo(absent);
      assertThat(moments.squares(0)).isPositive();
    }
  }

  @Test
  void aConstantHasNoSquaresAndNoCorrelation() {
    double[] second = new double[400];
    Arrays.fill(second, 100.1);
    for (int bar = 14; bar < 100; bar++) {
      BlockComoments moments = window(15, bar, FIRST, second);
      assertThat(moments.squares(1)).isEqualTo(0);
      assertThat(moments.correlation(1)).isNaN();
    }
  }
}
