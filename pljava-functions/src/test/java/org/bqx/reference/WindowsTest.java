package org.bqx.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WindowsTest {

  @Test
  void aCorrelationNearNoneKeepsItsDigits() {
    double share = 0x1p-23;
    double[] a = {1, -1, 1, -1};
    double[] b = {1 + share, 1 - share, -1 + share, -1 - share};
    assertThat(Windows.correlation(a, b))
        .isCloseTo(share / Math.sqrt(1 + share * share), within(1e-22));
  }
}
