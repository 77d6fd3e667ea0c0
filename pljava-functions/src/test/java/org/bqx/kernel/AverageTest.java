package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AverageTest {

  @Test
  void beginsWithTheFirstValue() {
    Average average = Average.ema(3);
    assertThat(average.take(8)).isEqualTo(8);
    assertThat(average.take(4)).isEqualTo(6);
    assertThat(average.take(0)).isEqualTo(3);
    average.reset();
    assertThat(average.take(5)).isEqualTo(5);
  }

  @Test
  void wilderGivesANewValueItsShare() {
    Average average = Average.wilder(4);
    average.take(8);
    assertThat(average.take(4)).isEqualTo(7);
    assertThat(average.value()).isEqualTo(7);
  }

  /** Arithmetic on denormal numbers is many times slower. */
  @Test
  void vanishesRatherThanBecomeDenormal() {
    Average average = Average.wilder(14);
    average.take(-1);
    int bars = 0;
    while (average.value() != 0) {
      assertThat(Math.abs(average.value())).isGreaterThanOrEqualTo(Average.LEAST);
      average.take(0);
      bars++;
    }
    assertThat(bars).isBetween(9_000, 9_500);
    assertThat(average.take(14)).isEqualTo(1);
  }
}
