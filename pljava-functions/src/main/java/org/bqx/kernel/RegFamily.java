package org.bqx.kernel;

import java.util.ArrayList;
import java.util.List;

/** Least-squares parabolas through the past windows: {@link RegWindow} for each length. */
final class RegFamily implements Family {

  static final String NAME = "reg";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int revision() {
    return 1;
  }

  @Override
  public List<String> inputNames() {
    return List.of("rate_index");
  }

  @Override
  public int shortestWindow() {
    return 3;
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    List<Columns> columns = new ArrayList<>();
    for (int length : windows) {
      columns.add(new RegWindow(bars, length));
    }
    return columns;
  }
}
