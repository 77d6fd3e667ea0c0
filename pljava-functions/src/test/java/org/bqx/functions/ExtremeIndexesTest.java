package org.bqx.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Iterator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** At the ends of the permitted range nothing overflows or vanishes into a NaN. */
class ExtremeIndexesTest {

  @ParameterizedTest
  @ValueSource(doubles = {1e-100, 1e100})
  void everyMetricIsFinite(double extreme) throws SQLException {
    double[] bars = new double[300];
    for (int i = 0; i < bars.length; i++) {
      bars[i] = i % 50 == 7 ? 1 / extreme : i % 3 == 0 ? Math.nextAfter(extreme, 1) : extreme;
    }
    int[] windows = {3, 40, 101};
    assertFinite(FeatureFunctions.featureRows("bqx", bars, 300, windows, 0, 0));
    assertFinite(FeatureFunctions.featureRows("reg", bars, 300, windows, 0, 0));
  }

  private static void assertFinite(Iterator<double[]> rows) {
    rows.forEachRemaining(row -> assertThat(row).matches(ExtremeIndexesTest::allFinite));
  }

  private static boolean allFinite(double[] row) {
    for (double value : row) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
