package org.bqx.reference;

import org.bqx.kernel.Bars;

/**
 * A family's rows by plain formulas and Apache Commons Math, one row at a time: slow, independent
 * of the kernel, and the judge of it.
 */
public interface Reference {

  /**
   * Computes the row of one bar.
   *
   * @param bars the bars that the kernel computes from, all of them: a recursion begins at bar 0
   * @param bar 0 ... count-1
   * @param windows lengths in bars, as the family takes them
   * @return the elements of the kernel's row of that bar: rate_index, then the columns whose need
   *     of history is met, in ascending order of their needs; NaN is undefined
   */
  double[] row(Bars bars, int bar, int[] windows);
}
