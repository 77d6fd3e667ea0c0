package org.bqx.benchmarks.kernels;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.bqx.kernel.FamilyRows;

/** Rows computed window by window, in the layout of {@link FamilyRows}; the row is reused. */
final class WindowRows implements Iterator<double[]> {
  /** Writes the metrics of a window before a bar. */
  interface Metrics {
    /**
     * @param window its number, from 0 on
     * @param bar its number, from 0 on; it is asked bar after bar
     * @param offset where the first metric goes
     */
    void write(int window, int bar, double[] row, int offset);
  }

  private final double[] rateIndex;
  private final int windows;
  private final int count;
  private final Metrics metrics;
  private final double[] row;
  private int bar;

  /**
   * @param skip leading bars without a row, at least the longest window
   * @param count metrics of a window
   */
  WindowRows(double[] rateIndex, int[] windowLengths, int skip, int count, Metrics metrics) {
    this.rateIndex = rateIndex;
    this.windows = windowLengths.length;
    this.count = count;
    this.metrics = metrics;
    this.row = new double[1 + count * windows];
    this.bar = skip;
  }

  @Override
  public boolean hasNext() {
    return bar < rateIndex.length;
  }

  @Override
  public double[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    row[0] = rateIndex[bar];
    for (int window = 0; window < windows; window++) {
      metrics.write(window, bar, row, 1 + count * window);
    }
    bar++;
    return row;
  }
}
