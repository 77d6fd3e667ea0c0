package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** EURUSD, baseline 1.07535, close 1.08000, the past 60 indexes averaging 100.800. */
class WorkedExampleTest {

  @Test
  void meanReturnOfTheWorkedExample() {
    double current = 1.08000 / 1.07535 * 100;
    double[] bars = new double[61];
    Arrays.fill(bars, 100.800);
    for (int i = 0; i < 60; i++) {
      bars[i] += i % 2 == 0 ? 0.05 : -0.05;
    }
    bars[60] = current;

    double[] row =
        new FamilyRows(Families.of("bqx"), new Bars(bars, 61), new int[] {60}, 60, 0).next();

    assertThat(row[0]).isCloseTo(100.43242, within(5e-6));
    assertThat(row[5]).isCloseTo(100.800, within(1e-11));
    assertThat(row[2]).isCloseTo(0.00366, within(5e-6));
    assertThat(row[1]).isCloseTo(60 * row[2], within(1e-15));
  }
}
