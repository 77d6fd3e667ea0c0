package org.bqx.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.bqx.kernel.Bars;
import org.bqx.kernel.Bound;
import org.bqx.kernel.Families;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceTest {

  /**
   * NIST Statistical Reference Datasets, univariate summary statistics, NumAcc1 to NumAcc4: the
   * series {@code base + 0.2, then base + 0.1 and base + 0.3 in turns} of 1001 observations
   * (NumAcc1: three), with certified mean and standard deviation. The tolerance is what the decimal
   * data loses when it is read into doubles.
   */
  @ParameterizedTest
  @CsvSource({
    "3, 10000001, 10000003, 10000002, 1, 1e-15",
    "1001, 1.1, 1.3, 1.2, 0.1, 1e-14",
    "1001, 1000000.1, 1000000.3, 1000000.2, 0.1, 1e-9",
    "1001, 10000000.1, 10000000.3, 10000000.2, 0.1, 1e-8"
  })
  void bqxAgreesWithNist(
      int count, double low, double high, double mean, double stdev, double tolerance) {
    double[] window = new double[count];
    for (int i = 0; i < count; i++) {
      window[i] = i == 0 ? mean : i % 2 == 1 ? low : high;
    }
    double[] metrics = BqxReference.metrics(window, 1);
    assertThat(metrics[2]).isEqualTo(high);
    assertThat(metrics[3]).isEqualTo(low);
    assertThat(metrics[4]).isCloseTo(mean, within(mean * 1e-15));
    assertThat(metrics[5]).isCloseTo(stdev, within(stdev * tolerance));
  }

  /**
   * The quadratic case of NIST's Wampler1: y = 1 + x + x&sup2;, every coefficient 1, no residual.
   */
  @ParameterizedTest
  @CsvSource({"3", "21", "60"})
  void regRecoversAnExactParabola(int length) {
    double[] window = new double[length];
    for (int k = 0; k < length; k++) {
      window[k] = 1 + k + k * k;
    }
    double span = length - 1;
    Bars bars = new Bars(window, length);
    Bound.assertWithin(
        Families.of("reg").columns(bars, new int[] {length}).get(0).names(),
        Bound::ofReg,
        RegReference.metrics(window, 2),
        new double[] {1, 1, 1, span * span, span, 1, 0, 0, 1},
        "1 + k + k^2");
  }

  /**
   * By hand: y = 0, 0, 1, 0, 0 plus 1. The orthogonal basis over five points is (-2 ... 2) and (2,
   * -1, -2, -1, 2), so the fit is 1/5 - (2/14)(&tau;&sup2; - 2), and SSres = 4/5 - 4/14.
   */
  @Test
  void regAgreesWithAFitByHand() {
    double[] metrics = RegReference.metrics(new double[] {1, 1, 2, 1, 1}, 3);
    double a = -2.0 / 14;
    double b = -4 * a;
    double c = 1 + 0.2 + 2 * a;
    double residuals = 0.8 - 4.0 / 14;
    assertThat(metrics)
        .containsExactly(
            new double[] {
              a, b, c, 16 * a, 4 * b, 1 - residuals / 0.8, Math.sqrt(residuals / 5), -0.2 - 2 * a, 2
            },
            within(1e-14));
  }

  @Test
  void constantWindowHasNoSpreadAndNoFit() {
    double[] window = new double[60];
    Arrays.fill(window, 100.1);
    assertThat(BqxReference.metrics(window, 100.1))
        .containsExactly(new double[] {0, 0, 100.1, 100.1, 100.1, 0, 0, 0, 0}, within(1e-13));
    double[] reg = RegReference.metrics(window, 100.1);
    assertThat(reg).containsExactly(new double[] {0, 0, 100.1, 0, 0, 0, 0, 0, 0}, within(1e-13));
    assertThat(reg[5]).isZero();
  }
}
