package org.bqx.reference;

import java.util.Arrays;
import org.apache.commons.math3.stat.StatUtils;
import org.bqx.kernel.Bars;

/** The family toy, by Commons Math. */
final class ToyReference implements Reference {
  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    double[] x = Arrays.copyOfRange(bars.values(), 0, bars.count());
    double[] high = Arrays.copyOfRange(bars.values(), bars.count(), 2 * bars.count());
    double[] row = {x[bar], (high[bar] - x[bar]) / x[bar]};
    for (int needs = 1; needs <= bar; needs++) {
      for (int w : windows) {
        if (w - 1 == needs) {
          double[] closes = Arrays.copyOfRange(x, bar - w + 1, bar + 1);
          double range = StatUtils.max(closes) - StatUtils.min(closes);
          row = append(row, StatUtils.mean(high, bar - w + 1, w));
          row = append(row, range == 0 ? Double.NaN : (x[bar] - StatUtils.min(closes)) / range);
        }
      }
      for (int w : windows) {
        if (w == needs) {
          row = append(row, high[bar] / high[bar - w] - 1);
        }
      }
    }
    return row;
  }

  private static double[] append(double[] row, double value) {
    double[] longer = Arrays.copyOf(row, row.length + 1);
    longer[row.length] = value;
    return longer;
  }
}
