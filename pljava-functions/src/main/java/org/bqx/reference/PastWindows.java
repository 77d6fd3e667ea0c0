package org.bqx.reference;

import java.util.Arrays;
import org.bqx.kernel.Bars;

/** Rows whose columns are the same metrics of each window, the W bars before the row's bar. */
final class PastWindows {

  private PastWindows() {}

  /** The metrics of one window. */
  interface Metrics {

    /**
     * Computes them.
     *
     * @param window the W indexes of the window, oldest first
     * @param current the index of the bar after the window
     */
    double[] of(double[] window, double current);
  }

  /** Computes a row: rate_index, then the metrics of each window with enough history. */
  static double[] row(Bars bars, int bar, int[] windows, Metrics metrics) {
    double current = bars.at(0, bar);
    double[] row = {current};
    for (int length : windows) {
      if (length <= bar) {
        double[] window = Arrays.copyOfRange(bars.values(), bar - length, bar);
        double[] values = metrics.of(window, current);
        int before = row.length;
        row = Arrays.copyOf(row, before + values.length);
        System.arraycopy(values, 0, row, before, values.length);
      }
    }
    return row;
  }
}
