package org.bqx.imports;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BarCheckTest {
  private static final long MINUTE = 60L * 28_000_000;
  private static final double NONE = Double.NaN;

  @Test
  void acceptsAFlatBarWithoutVolume() {
    assertThat(BarCheck.defect(new Bar(MINUTE, 1.1, 1.1, 1.1, 1.1, NONE))).isNull();
  }

  @Test
  void refusesWhatNoMarketMakes() {
    assertDefect(new Bar(MINUTE + 1, 1, 1, 1, 1, NONE), "time is not on the minute");
    assertDefect(new Bar(-60, 1, 1, 1, 1, NONE), "time is outside 1970 to 2099");
    assertDefect(new Bar(4_102_444_800L, 1, 1, 1, 1, NONE), "time is outside 1970 to 2099");
    assertDefect(new Bar(MINUTE, 0, 1, 0, 1, NONE), "open 0.0 is not a positive number");
    assertDefect(new Bar(MINUTE, 1, 1, -1, 1, NONE), "low -1.0 is not a positive number");
    assertDefect(
        new Bar(MINUTE, 1, Double.POSITIVE_INFINITY, 1, 1, NONE),
        "high Infinity is not a positive number");
    assertDefect(new Bar(MINUTE, 1, 1, 1, Double.NaN, NONE), "close NaN is not a positive number");
    assertDefect(new Bar(MINUTE, 2, 1, 2, 2, NONE), "high 1.0 is below low 2.0");
    assertDefect(new Bar(MINUTE, 4, 3, 1, 2, NONE), "open 4.0 is outside 1.0 to 3.0");
    assertDefect(new Bar(MINUTE, 2, 3, 1, 0.5, NONE), "close 0.5 is outside 1.0 to 3.0");
    assertDefect(new Bar(MINUTE, 1, 1, 1, 1, -1), "volume -1.0 is not a count");
  }

  private static void assertDefect(Bar bar, String defect) {
    assertThat(BarCheck.defect(bar)).isEqualTo(defect);
  }
}
