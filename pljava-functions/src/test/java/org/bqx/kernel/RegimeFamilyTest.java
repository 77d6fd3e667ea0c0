package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.bqx.reference.References;
import org.junit.jupiter.api.Test;

class RegimeFamilyTest extends FamilyContract {

  private static final int EFFICIENCY = 1;
  private static final int PHASE = 2;
  private static final int TREND = 3;
  private static final int RANK = 4;
  private static final int VOLATILITY = 5;
  private static final int BREAKOUT = 6;
  private static final int AGE = 7;

  RegimeFamilyTest() {
    super(Families.of("regime"), References.of("regime"));
  }

  @Override
  Bars bars(double[] rateIndex) {
    return MadeBars.of(rateIndex, "x", "h", "l");
  }

  @Test
  void columnsComeByTheirNeeds() {
    assertThat(names(sorted(bars(new double[] {1}), new int[0])))
        .containsExactly(
            "w60_regime_efficiency",
            "regime_phase",
            "regime_trend",
            "regime_volatility_rank",
            "regime_volatility",
            "regime_breakout",
            "regime_trend_age");
  }

  /** Series long enough for every column: a walk on a grid, with pauses of an hour and a day. */
  @Test
  void longSeriesAgreeWithTheReference() {
    for (long seed = 1; seed <= 3; seed++) {
      double[] walk = Series.walk(6_000, 1e-4, seed);
      for (int bar = 0; bar < walk.length; bar++) {
        boolean pause = bar % 500 >= 440 || bar >= 4_000 && bar < 4_000 + 1_500;
        walk[bar] = pause ? walk[bar - 1] : Math.rint(walk[bar] * 1_000) / 1_000;
      }
      Bars bars = bars(walk);
      assertRows(bars, new int[0], 0, 1, reference);
      List<double[]> full = rows(bars, new int[0], 2_433, 0);
      assertThat(distinct(full, TREND)).hasSize(5);
      assertThat(distinct(full, PHASE)).hasSize(4);
      assertThat(distinct(full, VOLATILITY)).hasSize(3);
    }
  }

  /** Nothing has moved since the start: no trend and no efficiency, all else is there. */
  @Test
  void aMarketThatNeverMovedHasNoTrend() {
    double[] flat = new double[2_500];
    Arrays.fill(flat, 100.1);
    Bars bars = MadeBars.of(flat, "x", "x", "x");
    assertThat(rows(bars, new int[0], 2_433, 0))
        .allSatisfy(
            row ->
                assertThat(row)
                    .containsExactly(100.1, Double.NaN, 3, Double.NaN, 0.5, 1, 0, Double.NaN));
  }

  @Test
  void aQuietDayIsBrokenByALargeMove() {
    double[] closes = new double[4_000];
    for (int bar = 0; bar < closes.length; bar++) {
      double size = bar < 3_000 ? 0.01 : 0.001;
      closes[bar] = 100 + size * (bar % 2) + (bar > 3_300 ? 0.05 * Math.min(20, bar - 3_300) : 0);
    }
    List<double[]> rows = rows(MadeBars.of(closes, "x", "x", "x"), new int[0], 3_200, 0);
    double[] breakouts = rows.stream().mapToDouble(row -> row[BREAKOUT]).toArray();
    assertThat(Arrays.stream(breakouts, 0, 100)).containsOnly(0.0);
    assertThat(Arrays.stream(breakouts).filter(b -> b == 1).count()).isBetween(10L, 40L);
    assertThat(DoubleStream.of(breakouts)).doesNotContain(-1.0);
    double[] rising = rows.get(3_320 - 3_200);
    assertThat(rising[TREND]).isEqualTo(2);
    assertThat(rising[PHASE]).isEqualTo(1);
    assertThat(rising[AGE]).isBetween(1.0, 20.0);
    assertThat(rising[RANK]).isGreaterThan(0.9);
    assertThat(rising[EFFICIENCY]).isGreaterThan(0.9);
  }

  private static List<Double> distinct(List<double[]> rows, int element) {
    return rows.stream().map(row -> row[element]).filter(v -> !v.isNaN()).distinct().toList();
  }
}
