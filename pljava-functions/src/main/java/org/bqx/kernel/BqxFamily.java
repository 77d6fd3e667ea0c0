package org.bqx.kernel;

import java.util.ArrayList;
import java.util.List;

/** How the past windows deviate from the current bar: {@link BqxWindow} for each length. */
final class BqxFamily implements Family {

  static final String NAME = "bqx";

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
    return 2;
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    List<Columns> columns = new ArrayList<>();
    for (int length : windows) {
      columns.add(new BqxWindow(bars, length));
    }
    return columns;
  }
}
