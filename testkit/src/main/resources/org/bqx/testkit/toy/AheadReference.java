package org.bqx.reference;

import org.apache.commons.math3.stat.StatUtils;
import org.bqx.kernel.Bars;

/** The family ahead, by Commons Math. */
final class AheadReference implements Reference {
  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    double[] row = new double[1 + windows.length];
    row[0] = bars.at(0, bar);
    for (int i = 0; i < windows.length; i++) {
      row[i + 1] =
          bar + windows[i] < bars.count()
              ? StatUtils.mean(bars.values(), bar + 1, windows[i])
              : Double.NaN;
    }
    return row;
  }
}
