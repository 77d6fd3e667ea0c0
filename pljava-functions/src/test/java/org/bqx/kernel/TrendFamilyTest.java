package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrendFamilyTest extends PriceFamilyContract {

  TrendFamilyTest() {
    super("trend", "x", "h", "l");
  }

  @Override
  List<String> classes() {
    return List.of("trend_sar_side");
  }

  /** The golden digests end before the slowest averages begin. */
  @Test
  void theSlowestAveragesHaveTheBitsOfRevisionOne() {
    Bars golden = GoldenBars.of("rate_index", "high", "low");
    int count = golden.count();
    double[] values = new double[6 * count];
    for (int copy = 0; copy < 6; copy++) {
      System.arraycopy(golden.values(), copy / 2 * count, values, copy * count, count);
    }
    List<double[]> rows = rows(new Bars(values, 2 * count), windows(), 2 * count - 1, 0);
    double[] row = rows.get(0);
    assertThat(family.revision()).isEqualTo(1);
    assertThat(row).hasSize(29);
    assertThat(row[27]).as("w200_trend_ema_index").isEqualTo(97.59688719333117);
    assertThat(row[28]).as("w10_trend_kama_index").isEqualTo(96.28278298715216);
  }
}
