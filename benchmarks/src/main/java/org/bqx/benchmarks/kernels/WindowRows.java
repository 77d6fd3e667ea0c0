package org.bqx.benchmarks.kernels;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.bqx.kernel.FamilyRows;

/** Rows computed window by window, in the layout of {@link FamilyRows}; the row is reused. */
abstract class WindowRows implements Iterator<double[]> {
  /** Columns of one window, in either family. */
  static final int METRICS = 9;

  final double[] rateIndex;
  final int[] windowLengths;
  private final boolean regression;
  private final double[] row;
  private int bar;

  /**
   * @param family bqx or reg
   * @param skip leading bars without a row, at least the longest window
   */
  WindowRows(String family, double[] rateIndex, int[] windowLengths, int skip) {
    this.rateIndex = rateIndex;
    this.windowLengths = windowLengths;
    this.regression = family.equals("reg");
    this.row = new double[1 + METRICS * windowLengths.length];
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
    for (int window = 0; window < windowLengths.length; window++) {
      int offset = 1 + METRICS * window;
      if (regression) {
        reg(window, bar, row, offset);
      } else {
        bqx(window, bar, row, offset);
      }
    }
    bar++;
    return row;
  }

  /** Writes the nine metrics of family bqx for a window, by its number, before a bar. */
  abstract void bqx(int window, int bar, double[] row, int offset);

  /** Writes the nine metrics of family reg for a window, by its number, before a bar. */
  abstract void reg(int window, int bar, double[] row, int offset);
}
