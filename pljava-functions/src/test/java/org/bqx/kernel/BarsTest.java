package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarsTest {

  @Test
  void inputsLieOneAfterTheOther() {
    Bars bars = new Bars(new double[] {1, 2, 3, 10, 20, 30}, 3);
    assertThat(bars.inputs()).isEqualTo(2);
    assertThat(bars.at(0, 0)).isEqualTo(1);
    assertThat(bars.at(0, 2)).isEqualTo(3);
    assertThat(bars.at(1, 1)).isEqualTo(20);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "3, 0", "3, -3", "3, 2", "3, 6"})
  void valuesThatAreNotWholeInputsAreRefused(int values, int count) {
    assertThatThrownBy(() -> new Bars(new double[values], count))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(values + " values are not one or more inputs of " + count + " bars");
  }
}
