package org.bqx.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * The columns of one window of W bars, summed without ever subtracting a bar that has left.
 *
 * <p>The bars are cut into blocks of W, counted from bar 0. The window before bar t always
 * straddles (or ends at) one block edge, the anchor B = W * floor(t / W):
 *
 * <pre>
 *   window = bars t-W ... B-1 (a suffix of the block before B) + bars B ... t-1 (a prefix of the next)
 * </pre>
 *
 * At each anchor the sums of all W suffixes are built backwards from B-1, in one pass; the prefix
 * grows by one bar a row. Both only ever add, so a bar that has left cannot leave a rounding error
 * behind, however large it was, and the cost is two additions a row and sum.
 *
 * <p>Values are summed as d = x - r. The reference r is x(B-1) or x(B), whichever is closer to
 * x(B-2): not an outlier if only one of the three is. It lies in the window, or (for the one window
 * that ends before x(B)) closer to a value of the window than another such value is. That bounds
 * cancellation: with Q = &Sigma;d&sup2; and SS = &Sigma;(d - mean d)&sup2;, Q &le; 9 W SS, so SS =
 * Q - (&Sigma;d)&sup2;/W loses at most that factor, and Q = 0 exactly when the window is constant.
 *
 * <p>The scheme is that of van Herk (1992) and Gil and Werman (1993) for sliding extrema, applied
 * to moments.
 */
abstract class RollingWindow implements Columns {

  /** Input 0 at bar t, and other inputs after it. */
  final double[] rateIndex;

  final int length;
  int anchor;
  double reference;

  RollingWindow(Bars bars, int length) {
    this.rateIndex = bars.values();
    this.length = length;
  }

  /** Returns {@code w60_family_metric} for each metric of a family. */
  final List<String> names(String family, List<String> metrics) {
    List<String> names = new ArrayList<>();
    for (String metric : metrics) {
      names.add("w" + length + "_" + family + "_" + metric);
    }
    return names;
  }

  @Override
  public final int needs() {
    return length;
  }

  /** Places the window's end before {@code bar}, which has at least W bars before it. */
  @Override
  public final void start(int bar) {
    allocate();
    moveAnchor(bar / length * length);
    append(anchor, bar);
  }

  /** Writes the windows before the bars {@code from ... to-1} and takes those bars in. */
  @Override
  public final void write(int from, int to, double[][] rows, int offset) {
    int bar = from;
    while (bar < to) {
      if (bar == anchor + length) {
        moveAnchor(bar);
      }
      int end = Math.min(to, anchor + length);
      writeWithinBlock(bar, end, rows, bar - from, offset);
      bar = end;
    }
  }

  private void moveAnchor(int newAnchor) {
    anchor = newAnchor;
    double before = rateIndex[anchor - 2];
    double last = rateIndex[anchor - 1];
    double next = rateIndex[anchor];
    reference = Math.abs(next - before) < Math.abs(last - before) ? next : last;
    rebuild();
  }

  /** Makes room for the sums of the suffixes. */
  abstract void allocate();

  /** Sums every suffix of the block before the anchor and empties the prefix. */
  abstract void rebuild();

  /** Adds the bars {@code from ... to-1} to the prefix. */
  abstract void append(int from, int to);

  /**
   * Writes the windows before the bars {@code from ... to-1} and appends them; all are of the block
   * after the anchor.
   */
  abstract void writeWithinBlock(int from, int to, double[][] rows, int firstRow, int offset);
}
