package org.bqx.kernel;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The rows of a family for consecutive bars, computed one by one as they are asked for.
 *
 * <p>The row of bar t is {@code [rate_index(t), columns ...]}: the columns in ascending order of
 * the bars they need before t, those with equal needs in the order of the family. Where a need is
 * not met the row ends. So the first rows of a history are shorter than the others.
 *
 * <p>A row's bits depend on the bars 0 ... t alone, and on the bars after t that its columns look
 * ahead to: not on how many rows are skipped, nor on how many bars follow. Rows can therefore be
 * added to a month later, from the same bar 0, and equal those of a full computation.
 *
 * <p>The array that {@link #next()} returns may be overwritten by the following call. The iterator
 * reads the bars' array as it goes and copies neither array: leave both alone while iterating.
 */
public final class FamilyRows implements Iterator<double[]> {

  // Several rows at a time keep a window's sums in registers; few enough stay in the first cache.
  private static final int BATCH = 32;

  private final double[] rateIndex;
  private final int end;
  private final Columns[] columns;
  private final int[] offsets;
  private int active;

  /**
   * Rows of the bars up to {@code nextBar}, of which those from {@code position} are to be given.
   */
  private double[][] rows = new double[BATCH][1];

  private int position;
  private int filled;
  private int nextBar;

  /**
   * Rows of the bars {@code skip ... count-1-tail}.
   *
   * @param bars n bars that the family takes
   * @param windows lengths in bars, as the family takes them
   * @param skip number of leading bars that yield no row, at least 0
   * @param tail number of last bars that yield no row, at least 0; skip + tail is at most n
   */
  public FamilyRows(Family family, Bars bars, int[] windows, int skip, int tail) {
    rateIndex = bars.values();
    end = bars.count() - tail;
    nextBar = skip;
    columns = family.columns(bars, windows).toArray(new Columns[0]);
    sortByNeeds(columns);
    offsets = new int[columns.length + 1];
    offsets[0] = 1;
    for (int i = 0; i < columns.length; i++) {
      offsets[i + 1] = offsets[i] + columns[i].width();
    }
  }

  /** Insertion sort: stable, and there are few. */
  private static void sortByNeeds(Columns[] columns) {
    for (int i = 1; i < columns.length; i++) {
      Columns inserted = columns[i];
      int place = i;
      for (; place > 0 && columns[place - 1].needs() > inserted.needs(); place--) {
        columns[place] = columns[place - 1];
      }
      columns[place] = inserted;
    }
  }

  /** Returns the number of elements of a row with all its columns. */
  public int width() {
    return offsets[columns.length];
  }

  @Override
  public boolean hasNext() {
    return position < filled || nextBar < end;
  }

  @Override
  public double[] next() {
    if (position == filled) {
      fill();
    }
    return rows[position++];
  }

  private void fill() {
    if (nextBar >= end) {
      throw new NoSuchElementException("no row after bar " + (end - 1));
    }
    activateColumns();
    int to = Math.min(nextBar + BATCH, end);
    if (active < columns.length) {
      to = Math.min(to, columns[active].needs());
    }
    filled = to - nextBar;
    position = 0;
    for (int i = 0; i < filled; i++) {
      rows[i][0] = rateIndex[nextBar + i];
    }
    for (int i = 0; i < active; i++) {
      columns[i].write(nextBar, to, rows, offsets[i]);
    }
    nextBar = to;
  }

  private void activateColumns() {
    int before = active;
    while (active < columns.length && columns[active].needs() <= nextBar) {
      columns[active].start(nextBar);
      active++;
    }
    if (active > before) {
      rows = new double[BATCH][offsets[active]];
    }
  }
}
