package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.bqx.reference.References;
import org.junit.jupiter.api.Test;

class MicroFamilyTest extends FamilyContract {

  MicroFamilyTest() {
    super(Families.of("micro"), References.of("micro"));
  }

  @Override
  Bars bars(double[] rateIndex) {
    return MadeBars.of(rateIndex, "x", "h", "l", "volume");
  }

  /**
   * A price that bounces between bid and ask around a value that stays has Roll's covariance
   * -s&sup2; and a spread of 2s, but for the divisor.
   */
  @Test
  void rollFindsTheSpreadOfABounce() {
    double[] closes = new double[61];
    for (int bar = 0; bar < 61; bar++) {
      closes[bar] = 100 + bar % 2;
    }
    double[] row = rows(MadeBars.of(closes, "x", "x", "x", "volume"), new int[0], 60, 0).get(0);
    // 59 pairs of +1 and -1: S = -59 + 1/59.
    double covariance = (-59 + 1 / 59.0) / 58;
    assertThat(names(sorted(bars(closes), new int[0])))
        .containsExactly(
            "micro_tick_direction",
            "w60_micro_toxicity",
            "micro_tick_rule",
            "w60_micro_roll",
            "w60_micro_corwin_schultz");
    assertThat(row)
        .containsExactly(
            new double[] {100, -1, 0, -1, 2 * Math.sqrt(-covariance) / 100, 0}, within(1e-14));
  }

  @Test
  void theTickRuleForgetsAfterSixtyBars() {
    double[] closes = new double[130];
    Arrays.fill(closes, 100);
    closes[0] = 99;
    List<double[]> rows = rows(bars(closes), new int[0], 60, 0);
    assertThat(rows.get(0)[3]).isOne();
    assertThat(rows.subList(1, 70)).allMatch(row -> row[3] == 0);
    closes[0] = 100;
    closes[20] = 99;
    rows = rows(bars(closes), new int[0], 0, 0);
    assertThat(rows.get(80)[3]).isOne();
    assertThat(rows.get(81)[3]).isZero();
  }

  @Test
  void toxicityIsOneWhereAllBarsCloseAtTheirHigh() {
    double[] values = new double[4 * 60];
    for (int bar = 0; bar < 60; bar++) {
      values[bar] = 101;
      values[60 + bar] = 101;
      values[120 + bar] = 100;
      values[180 + bar] = bar;
    }
    assertThat(rows(new Bars(values, 60), new int[0], 59, 0).get(0)).containsExactly(101, 0, 1);
  }
}
