package org.bqx.kernel;

/**
 * One rolling window of W bars, summed without ever subtracting a bar that has left.
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
 * <p>Values are summed as d = x - x(B-1). The reference x(B-1) is always inside the window, and
 * this bounds cancellation: with Q = &Sigma;d&sup2; and SS = &Sigma;(d - mean d)&sup2;, Q &le; W *
 * SS, so SS = Q - (&Sigma;d)&sup2;/W loses at most a factor W, even where the reference is itself
 * an outlier.
 *
 * <p>The scheme is that of van Herk (1992) and Gil and Werman (1993) for sliding extrema, applied
 * to moments.
 */
abstract class RollingWindow {

  final double[] rateIndex;
  final int length;
  int anchor;
  double reference;

  RollingWindow(double[] rateIndex, int length) {
    this.rateIndex = rateIndex;
    this.length = length;
  }

  /** Places the window's end before {@code bar}, which has at least W bars before it. */
  final void start(int bar) {
    moveAnchor(bar / length * length);
    for (int i = anchor; i < bar; i++) {
      append(i);
    }
  }

  /** Writes the nine metrics of the window before {@code bar}, then takes that bar in. */
  final void writeAndAdvance(int bar, double[] row, int offset) {
    write(bar, row, offset);
    if (bar + 1 - anchor == length) {
      moveAnchor(bar + 1);
    } else {
      append(bar);
    }
  }

  private void moveAnchor(int newAnchor) {
    anchor = newAnchor;
    reference = rateIndex[newAnchor - 1];
    rebuild();
  }

  /** Sums every suffix of the block before the anchor and empties the prefix. */
  abstract void rebuild();

  /** Adds a bar to the prefix. */
  abstract void append(int bar);

  abstract void write(int bar, double[] row, int offset);
}
