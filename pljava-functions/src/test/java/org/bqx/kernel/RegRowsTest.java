package org.bqx.kernel;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegRowsTest extends PastWindowsContract {

  RegRowsTest() {
    super("reg");
  }

  @Override
  double[] exact(double[] window, double current) {
    return ExactMetrics.reg(window, current);
  }

  @Override
  double absolute(String column) {
    return Bound.ofReg(column);
  }

  /**
   * A market that steps once and stands still. Where the first bar of the window is the last of a
   * block the sums are of W - 1 equal differences from the price before the step, and what is left
   * of them is a W-th: r2 shows their rounding.
   */
  @Test
  void aWindowThatStandsStillButForItsFirstBarAgreesWithDecimalArithmetic() {
    Random random = new Random(7);
    for (int length : new int[] {60, 240, 630}) {
      for (int run = 0; run < 100; run++) {
        double level = Math.pow(10, -5 + random.nextInt(15));
        double before = level * (1 + Math.pow(10, -6 + 5 * random.nextDouble()));
        double[] closes = new double[3 * length];
        Arrays.fill(closes, level);
        Arrays.fill(closes, 0, 2 * length, before);
        assertRows(bars(closes), new int[] {length}, closes.length - 1, 1, exact());
      }
    }
  }
}
