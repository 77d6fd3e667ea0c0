package org.bqx.kernel;

import java.util.List;

/**
 * Neighbouring columns of a family that need equally many bars of history, and what computes them.
 *
 * <p>It is started once, at the first bar that gets these columns, and then writes bar after bar. A
 * value's bits depend on the bars 0 ... t + {@link #lookahead()} alone, t being its bar: not on the
 * bar that the columns were started at, not on how many bars one call writes, not on other columns.
 * A recursion therefore begins at bar 0, wherever it is started.
 *
 * <p>Undefined is NaN: a quotient whose divisor is 0, or a bar after t that does not exist.
 *
 * <p>What takes much memory is made by {@link #start}, not before: columns whose need is never met
 * are never started.
 */
public interface Columns {

  /** Returns the full column names, in the order of the values, as {@code w60_bqx_return}. */
  List<String> names();

  /** Returns the number of columns: the size of {@link #names()}. */
  int width();

  /**
   * Returns how many bars must exist before a row's bar, at least 0. The row of a bar with fewer is
   * cut short before these columns.
   */
  int needs();

  /**
   * Returns how many bars after a row's bar are read, at least 0. A value for which they do not
   * exist is NaN.
   */
  default int lookahead() {
    return 0;
  }

  /**
   * Prepares for the first row.
   *
   * @param bar its bar, counted from 0 and at least {@link #needs()}
   */
  void start(int bar);

  /**
   * Writes the values of the bars {@code from ... to-1}. The first call begins at the bar of {@link
   * #start}, each later one where the one before ended.
   *
   * @param rows one array a bar: that of bar {@code from} is the first
   * @param offset of the first value in each array
   */
  void write(int from, int to, double[][] rows, int offset);
}
