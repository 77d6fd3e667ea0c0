package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CandlesTest {

  private static final double NAN = Double.NaN;

  @Test
  void aBarThatItsHighAndLowDoNotEncloseIsNamed() {
    for (String name : List.of("mom", "trend", "band", "regime")) {
      Family family = Families.of(name);
      assertThat(family.defect(new Bars(new double[] {8, 9, 9, 9, 7, 9}, 2))).isNull();
      assertThat(family.defect(new Bars(new double[] {8, 9, 9, 8, 7, 9}, 2)))
          .isEqualTo("index of high is 8.0 at bar 2: must not be below rate_index, which is 9.0");
      assertThat(family.defect(new Bars(new double[] {8, 9, 9, 9, 8.5, 9}, 2)))
          .isEqualTo("index of low is 8.5 at bar 1: must not be above rate_index, which is 8.0");
      assertThat(family.defect(new Bars(new double[] {8, 9, NAN, 9, 8, 9}, 2)))
          .startsWith("index of high is NaN at bar 1");
    }
  }

  @Test
  void theOpenIsEnclosedWhereItIsAnInput() {
    assertThat(Families.of("rvol").defect(new Bars(new double[] {8, 8.5, 8.4, 7}, 1)))
        .isEqualTo("index of high is 8.4 at bar 1: must not be below index of open, which is 8.5");
  }

  @Test
  void trueRangeReachesTheCloseBefore() {
    Candles candles = new Candles(new Bars(new double[] {8, 12, 8, 13, 8, 11}, 2), 1, 2);
    assertThat(candles.trueRange(1)).isEqualTo(5);
    assertThat(candles.range(1)).isEqualTo(2);
    assertThat(candles.typical(1)).isEqualTo(12);
    assertThat(candles.middle(1)).isEqualTo(12);
    assertThat(candles.change(1)).isEqualTo(4);
  }
}
