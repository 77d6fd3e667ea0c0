package org.bqx.kernel;

import java.util.List;

/** Columns that take in one bar after the other, and write a row from what they have taken in. */
abstract class BarColumns implements Columns {

  private final List<String> names;
  private final int needs;

  BarColumns(int needs, String... names) {
    this.names = List.of(names);
    this.needs = needs;
  }

  @Override
  public final List<String> names() {
    return names;
  }

  @Override
  public final int width() {
    return names.size();
  }

  @Override
  public final int needs() {
    return needs;
  }

  /**
   * Returns the first bar to be taken in, so that the row of a bar has the bits of a row that all
   * bars before were taken in for. A recursion's is 0.
   *
   * @param bar at least {@link #needs()}
   */
  int firstBar(int bar) {
    return 0;
  }

  /** Makes room, and forgets what was taken in. */
  void reset() {}

  /** Takes in a bar, the one after that of the last call. */
  void take(int bar) {}

  /** Writes the row of the bar that was taken in last. */
  abstract void write(int bar, double[] row, int offset);

  @Override
  public final void start(int bar) {
    int first = firstBar(bar);
    reset();
    for (int before = first; before < bar; before++) {
      take(before);
    }
  }

  @Override
  public final void write(int from, int to, double[][] rows, int offset) {
    for (int bar = from; bar < to; bar++) {
      take(bar);
      write(bar, rows[bar - from], offset);
    }
  }
}
