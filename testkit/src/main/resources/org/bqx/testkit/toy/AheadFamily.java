package org.bqx.kernel;

import java.util.ArrayList;
import java.util.List;

/** The mean of the W bars after a bar. */
final class AheadFamily implements Family {
  @Override
  public String name() {
    return "ahead";
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
    return 1;
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    List<Columns> columns = new ArrayList<>();
    for (int w : windows) {
      columns.add(
          new ToyColumns(List.of("w" + w + "_ahead_mean"), 0, w, t -> mean(bars, t, w)));
    }
    return columns;
  }

  private static double mean(Bars bars, int t, int w) {
    if (t + w >= bars.count()) {
      return Double.NaN;
    }
    double sum = 0;
    for (int i = t + 1; i <= t + w; i++) {
      sum += bars.at(0, i);
    }
    return sum / w;
  }
}
