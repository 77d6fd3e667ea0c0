package org.bqx.reference;

import java.util.Arrays;
import org.bqx.kernel.Bars;

/** A family whose columns are the same metrics of each window, the W bars before the row's bar. */
abstract class PastWindows implements Reference {

  /**
   * Computes the metrics of one window.
   *
   * @param window the W indexes of the window, oldest first
   * @param current the index of the bar after the window
   */
  abstract double[] metrics(double[] window, double current);

  @Override
  public final double[] row(Bars bars, int bar, int[] windows) {
    double current = bars.at(0, bar);
    double[] row = {current};
    for (int length : windows) {
      if (length <= bar) {
        double[] metrics = metrics(Arrays.copyOfRange(bars.values(), bar - length, bar), current);
        int before = row.length;
        row = Arrays.copyOf(row, before + metrics.length);
        System.arraycopy(metrics, 0, row, before, metrics.length);
      }
    }
    return row;
  }
}
