package org.bqx.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * A family with what bqx and reg have not: a second input, high, which may be absent; columns
 * without a window, some of which need history; a recursion; values that can be undefined; a look
 * ahead. Its columns are not in the order of their needs.
 */
final class ToyFamily implements Family {

  static final int SMOOTHED_NEEDS = 5;
  static final int AHEAD = 2;

  private final int revision;
  private final double shift;

  /**
   * @param shift is added to the smoothed close
   */
  ToyFamily(int revision, double shift) {
    this.revision = revision;
    this.shift = shift;
  }

  @Override
  public String name() {
    return "toy";
  }

  @Override
  public int revision() {
    return revision;
  }

  @Override
  public List<String> inputNames() {
    return List.of("rate_index", "index of high");
  }

  @Override
  public int shortestWindow() {
    return 1;
  }

  @Override
  public String defect(Bars bars) {
    for (int bar = 0; bar < bars.count(); bar++) {
      if (bars.at(1, bar) < bars.at(0, bar)) {
        return "high is below rate_index at bar " + (bar + 1);
      }
    }
    return null;
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    List<Columns> columns = new ArrayList<>();
    for (int length : windows) {
      columns.add(new Change(bars, length));
    }
    columns.add(new Smoothed(bars, shift));
    columns.add(new Location(bars));
    columns.add(new Ahead(bars));
    return columns;
  }

  /** Change of the high over a window; undefined where one of the two is absent. */
  private record Change(Bars bars, int length) implements Columns {
    @Override
    public List<String> names() {
      return List.of("w" + length + "_toy_high_change");
    }

    @Override
    public int width() {
      return 1;
    }

    @Override
    public int needs() {
      return length;
    }

    @Override
    public void start(int bar) {}

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        rows[bar - from][offset] = bars.at(1, bar) - bars.at(1, bar - length);
      }
    }
  }

  /** y += (x - y) / 2 from bar 0 on. */
  private static final class Smoothed implements Columns {
    private final Bars bars;
    private final double shift;
    private double smoothed;

    Smoothed(Bars bars, double shift) {
      this.bars = bars;
      this.shift = shift;
    }

    @Override
    public List<String> names() {
      return List.of("toy_smoothed_index");
    }

    @Override
    public int width() {
      return 1;
    }

    @Override
    public int needs() {
      return SMOOTHED_NEEDS;
    }

    @Override
    public void start(int bar) {
      smoothed = bars.at(0, 0);
      for (int i = 1; i < bar; i++) {
        smoothed += (bars.at(0, i) - smoothed) / 2;
      }
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        smoothed += (bars.at(0, bar) - smoothed) / 2;
        rows[bar - from][offset] = smoothed + shift;
      }
    }
  }

  /** Two columns of the bar itself; the second is undefined where close and high are equal. */
  private record Location(Bars bars) implements Columns {
    @Override
    public List<String> names() {
      return List.of("toy_high_distance", "toy_high_odds");
    }

    @Override
    public int width() {
      return 2;
    }

    @Override
    public int needs() {
      return 0;
    }

    @Override
    public void start(int bar) {}

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        double close = bars.at(0, bar);
        double distance = bars.at(1, bar) - close;
        rows[bar - from][offset] = distance;
        rows[bar - from][offset + 1] = distance == 0 ? Double.NaN : close / distance;
      }
    }
  }

  /** The close some bars later, over the close. */
  private record Ahead(Bars bars) implements Columns {
    @Override
    public List<String> names() {
      return List.of("toy_ahead_ratio");
    }

    @Override
    public int width() {
      return 1;
    }

    @Override
    public int needs() {
      return 0;
    }

    @Override
    public int lookahead() {
      return AHEAD;
    }

    @Override
    public void start(int bar) {}

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        rows[bar - from][offset] =
            bar + AHEAD < bars.count() ? bars.at(0, bar + AHEAD) / bars.at(0, bar) : Double.NaN;
      }
    }
  }
}
