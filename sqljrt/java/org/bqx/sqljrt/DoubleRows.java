package org.bqx.sqljrt;

import java.util.Iterator;

/**
 * A set of {@code double[]} under way. Several rows cross into C by one call, since a call costs
 * more than a row.
 *
 * <p>{@link #fill} takes what it can. Whatever else comes (the end, null, an element of another
 * class, an array too long, an exception) it leaves to {@link #next}.
 */
final class DoubleRows {
  static final int MOST_ROWS = 64;
  static final int MOST_VALUES = 8192;

  private final Iterator<?> rows;
  private final double[] values = new double[MOST_VALUES];
  private final int[] lengths = new int[MOST_ROWS];

  /** What the iterator gave and nobody has taken, {@link Support#END} if nothing. */
  private Object ahead = Support.END;

  private Throwable failure;

  DoubleRows(Iterator<?> rows) {
    this.rows = rows;
  }

  /**
   * Takes up to {@code most} rows: their elements, one row's after the other's, into {@link
   * #values}, and how many each has into {@link #lengths}.
   *
   * @return the number of rows; 0 if {@link #next} has the next
   * @throws Throwable what the iterator throws at the first row; at another, {@link #next} throws it
   */
  int fill(int most) throws Throwable {
    int count = 0;
    int used = 0;
    try {
      while (count < most && failure == null && peek() instanceof double[]) {
        double[] row = (double[]) ahead;
        if (row.length > values.length - used) {
          break;
        }
        System.arraycopy(row, 0, values, used, row.length);
        used += row.length;
        lengths[count++] = row.length;
        ahead = Support.END;
      }
    } catch (Throwable e) {
      if (count == 0) {
        throw e;
      }
      failure = e;
    }
    return count;
  }

  /**
   * Takes one element.
   *
   * @return {@link Support#END} after the last
   */
  Object next() throws Throwable {
    if (failure != null) {
      throw failure;
    }
    Object element = peek();
    ahead = Support.END;
    return element;
  }

  private Object peek() {
    if (ahead == Support.END) {
      ahead = Support.next(rows);
    }
    return ahead;
  }
}
