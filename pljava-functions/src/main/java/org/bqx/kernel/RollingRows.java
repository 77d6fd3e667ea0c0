package org.bqx.kernel;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The feature rows of consecutive bars, computed one by one as they are asked for.
 *
 * <p>The row of bar t is {@code [rate_index(t), nine metrics of the shortest window, nine of the
 * next, ...]}: the windows in ascending order, the metrics in the order of the family. The window
 * of length W holds the bars t-W ... t-1. A window that reaches back before bar 0 has no metrics,
 * so the row of a bar with k windows of history has 1 + 9k elements.
 *
 * <p>A row's bits depend on the bars 0 ... t alone: not on the bars after t, not on how many
 * leading bars are skipped. Rows can therefore be added to a month later, from the same bar 0, and
 * equal those of a full computation.
 *
 * <p>The array that {@link #next()} returns may be overwritten by the following call. The iterator
 * reads the bars' array as it goes and copies neither array: leave both alone while iterating.
 */
public final class RollingRows implements Iterator<double[]> {

  /** Metrics of one window, in either family. */
  public static final int METRICS = 9;

  // Several rows at a time keep a window's sums in registers; few enough stay in the first cache.
  private static final int BATCH = 32;

  private final double[] rateIndex;
  private final int[] windowLengths;
  private final RollingWindow[] windows;
  private final Family family;
  private int activeWindows;

  /**
   * Rows of the bars up to {@code nextBar}, of which those from {@code position} are to be given.
   */
  private double[][] rows = new double[BATCH][1];

  private int position;
  private int filled;
  private int nextBar;

  private interface Family {
    RollingWindow window(double[] rateIndex, int length);
  }

  private RollingRows(double[] rateIndex, int[] windowLengths, int skip, Family family) {
    this.rateIndex = rateIndex;
    this.windowLengths = windowLengths;
    this.windows = new RollingWindow[windowLengths.length];
    this.family = family;
    this.nextBar = skip;
  }

  /**
   * Rows of the family bqx: return, mean_return, max_index, min_index, avg_index, stdev_index,
   * endpoint, range, volatility.
   *
   * @param rateIndex n indexes, oldest first, each finite and within [1e-100, 1e100]
   * @param windowLengths lengths in bars, strictly ascending, each at least 2
   * @param skip number of leading bars that yield no row, 0 ... n
   * @return the rows of bars skip ... n-1
   */
  public static RollingRows bqx(double[] rateIndex, int[] windowLengths, int skip) {
    return new RollingRows(rateIndex, windowLengths, skip, BqxWindow::new);
  }

  /**
   * Rows of the family reg: a, b, c, a_term, b_term, r2, rmse, resid_end, endpoint.
   *
   * @param rateIndex n indexes, oldest first, each finite and within [1e-100, 1e100]
   * @param windowLengths lengths in bars, strictly ascending, each at least 3
   * @param skip number of leading bars that yield no row, 0 ... n
   * @return the rows of bars skip ... n-1
   */
  public static RollingRows reg(double[] rateIndex, int[] windowLengths, int skip) {
    return new RollingRows(rateIndex, windowLengths, skip, RegWindow::new);
  }

  @Override
  public boolean hasNext() {
    return position < filled || nextBar < rateIndex.length;
  }

  @Override
  public double[] next() {
    if (position == filled) {
      fill();
    }
    return rows[position++];
  }

  private void fill() {
    if (nextBar == rateIndex.length) {
      throw new NoSuchElementException("no row after bar " + (rateIndex.length - 1));
    }
    activateWindows();
    int end = Math.min(nextBar + BATCH, rateIndex.length);
    if (activeWindows < windows.length) {
      end = Math.min(end, windowLengths[activeWindows]);
    }
    filled = end - nextBar;
    position = 0;
    for (int i = 0; i < filled; i++) {
      rows[i][0] = rateIndex[nextBar + i];
    }
    for (int i = 0; i < activeWindows; i++) {
      windows[i].write(nextBar, end, rows, 1 + METRICS * i);
    }
    nextBar = end;
  }

  private void activateWindows() {
    int before = activeWindows;
    while (activeWindows < windows.length && windowLengths[activeWindows] <= nextBar) {
      windows[activeWindows] = family.window(rateIndex, windowLengths[activeWindows]);
      windows[activeWindows].start(nextBar);
      activeWindows++;
    }
    if (activeWindows > before) {
      rows = new double[BATCH][1 + METRICS * activeWindows];
    }
  }
}
