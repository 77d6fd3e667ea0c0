package org.bqx.kernel;

/**
 * Windows of W bars that end with a bar, over a series, gathered without ever taking away a bar
 * that has left.
 *
 * <p>The bars are cut into blocks of W, counted from bar 0. With B = W * floor(t / W), the anchor,
 *
 * <pre>
 *   window = bars t-W+1 ... B-1 (a suffix of the block before B) + bars B ... t (a prefix of the next)
 * </pre>
 *
 * At each anchor what is gathered of every suffix is built backwards from B-1, in one pass; the
 * prefix grows by one bar a row. So a bar that has left leaves no rounding error behind, a NaN
 * counts exactly as long as it is in the window, and a value's bits do not depend on the bar that
 * the window was started at.
 *
 * <p>Bar B is in each of the W windows whose anchor it is. Subclasses that sum squares sum d = z -
 * z(B): with Q = &Sigma;d&sup2; and SS = &Sigma;(z - mean z)&sup2;, Q &le; W SS, so that SS = Q -
 * (&Sigma;d)&sup2;/W loses at most a factor W, and Q = 0 exactly when the window is constant.
 *
 * <p>The scheme is that of van Herk (1992) and Gil and Werman (1993) for sliding extrema. {@link
 * RollingWindow} is the same for windows that end before their bar.
 */
abstract class TrailingWindow {

  final int length;

  /** The series: bar t at {@code values[offset + t]}. */
  double[] values;

  int offset;

  /** The first bar of the prefix. */
  int anchor;

  /** How many bars of the block before the anchor are in the window. */
  int kept;

  /**
   * @param length W, at least 1
   */
  TrailingWindow(int length) {
    this.length = length;
  }

  /** Returns the first bar whose value is read by a window that is started at {@code bar}. */
  final int firstRead(int bar) {
    return Math.max(0, bar / length * length - length + 1);
  }

  /**
   * Prepares for {@code advance(bar)}, the window of the bars {@code bar-W+1 ... bar}.
   *
   * @param values bar t at {@code values[offset + t]}, from {@link #firstRead} on
   * @param bar at least W-1
   */
  final void start(double[] values, int offset, int bar) {
    this.values = values;
    this.offset = offset;
    allocate();
    anchor = bar / length * length;
    rebuild();
    for (int i = anchor; i < bar; i++) {
      add(i);
    }
  }

  /** Takes the bar after the last one, the first time that of {@link #start}. */
  final void advance(int bar) {
    if (bar == anchor + length) {
      anchor = bar;
      rebuild();
    }
    add(bar);
    kept = anchor + length - 1 - bar;
  }

  /** Returns the first bar of the longest suffix that a window needs. */
  final int suffixEnd() {
    return Math.max(0, anchor - length + 1);
  }

  /** Makes room for the suffixes of 0 ... W-1 bars. */
  abstract void allocate();

  /** Gathers the suffixes of the bars before the anchor, down to {@link #suffixEnd}. */
  abstract void rebuild();

  /** Adds a bar to the prefix. */
  abstract void add(int bar);
}
