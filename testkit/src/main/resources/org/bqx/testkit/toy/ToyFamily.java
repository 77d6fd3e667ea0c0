package org.bqx.kernel;

import java.util.ArrayList;
import java.util.List;

/** Two inputs, three needs, a column that can be undefined. */
final class ToyFamily implements Family {
  @Override
  public String name() {
    return "toy";
  }

  @Override
  public int revision() {
    return 1;
  }

  @Override
  public List<String> inputNames() {
    return List.of("rate_index", "index of high");
  }

  @Override
  public int shortestWindow() {
    return 2;
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    List<Columns> columns = new ArrayList<>();
    columns.add(
        new ToyColumns(
            List.of("toy_reach"), 0, 0, t -> (bars.at(1, t) - bars.at(0, t)) / bars.at(0, t)));
    for (int w : windows) {
      columns.add(
          new ToyColumns(
              List.of("w" + w + "_toy_high_mean", "w" + w + "_toy_position"),
              w - 1,
              0,
              t -> mean(bars, t, w),
              t -> position(bars, t, w)));
    }
    for (int w : windows) {
      columns.add(
          new ToyColumns(
              List.of("w" + w + "_toy_high_return"),
              w,
              0,
              t -> (bars.at(1, t) - bars.at(1, t - w)) / bars.at(1, t - w)));
    }
    return columns;
  }

  private static double mean(Bars bars, int t, int w) {
    double sum = 0;
    for (int i = t - w + 1; i <= t; i++) {
      sum += bars.at(1, i);
    }
    return sum / w;
  }

  private static double position(Bars bars, int t, int w) {
    double low = bars.at(0, t);
    double high = low;
    for (int i = t - w + 1; i <= t; i++) {
      low = Math.min(low, bars.at(0, i));
      high = Math.max(high, bars.at(0, i));
    }
    return high == low ? Double.NaN : (bars.at(0, t) - low) / (high - low);
  }
}
