package org.bqx.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Statistics of the rate: returns, where the close lies among the last ones, the shape of the bar.
 *
 * <p>Inputs are rate_index x, and open o, high h and low l on its scale. A window of W bars ends
 * with the row's bar.
 */
final class RateFamily implements Family {

  static final String NAME = "rate";

  private static final int OPEN = 1;
  private static final int HIGH = 2;
  private static final int LOW = 3;

  private static final int[] RETURNS = {1, 5, 15, 30, 60, 240};

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
    return List.of("rate_index", "index of open", "index of high", "index of low");
  }

  @Override
  public int shortestWindow() {
    return 2;
  }

  @Override
  public String defect(Bars bars) {
    return PriceOrder.defect(this, bars, HIGH, LOW, OPEN, 0);
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    Returns returns = new Returns(bars, 0);
    List<Columns> columns = new ArrayList<>();
    for (int length : RETURNS) {
      columns.add(new Return(bars, length));
    }
    for (int length : windows) {
      columns.add(new Place(bars, length));
    }
    for (int length : windows) {
      columns.add(new Volatility(returns, length));
    }
    columns.add(new Shape(bars));
    columns.add(new Gap(bars));
    columns.add(new UpShare(bars));
    return columns;
  }

  /** (x(t) - x(t-W)) / x(t-W). */
  private static final class Return extends ColumnGroup {
    private final double[] rateIndex;
    private final int length;

    Return(Bars bars, int length) {
      super(NAME, length, length, "return");
      rateIndex = bars.values();
      this.length = length;
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        double before = rateIndex[bar - length];
        rows[bar - from][offset] = (rateIndex[bar] - before) / before;
      }
    }
  }

  /** (x - mean) / stdev and (x - min) / (max - min) of the last W closes. */
  private static final class Place extends ColumnGroup {
    private final double[] rateIndex;
    private final RollingMoments moments;
    private final RollingExtremes extremes;

    Place(Bars bars, int length) {
      super(NAME, length, length - 1, "zscore", "position");
      rateIndex = bars.values();
      moments = new RollingMoments(length);
      extremes = new RollingExtremes(length);
    }

    @Override
    public void start(int bar) {
      moments.start(rateIndex, 0, bar);
      extremes.start(rateIndex, 0, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        moments.advance(bar);
        extremes.advance(bar);
        double close = rateIndex[bar];
        double low = extremes.min();
        double range = extremes.max() - low;
        double[] row = rows[bar - from];
        if (range == 0) {
          row[offset] = Double.NaN;
          row[offset + 1] = Double.NaN;
        } else {
          row[offset] = moments.lessMean(close) / moments.stdev() + 0.0;
          row[offset + 1] = (close - low) / range;
        }
      }
    }
  }

  /** Sample standard deviation of the last W one-bar returns. */
  private static final class Volatility extends ColumnGroup {
    private final Returns returns;
    private final RollingMoments moments;

    Volatility(Returns returns, int length) {
      super(NAME, length, length, "volatility");
      this.returns = returns;
      moments = new RollingMoments(length);
    }

    @Override
    public void start(int bar) {
      moments.start(returns.from(moments.firstRead(bar)), 0, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        moments.advance(bar);
        rows[bar - from][offset] = moments.stdev();
      }
    }
  }

  /** The range of the bar over its close, and its parts over its range. */
  private static final class Shape extends ColumnGroup {
    private final double[] values;
    private final int count;

    Shape(Bars bars) {
      super(NAME, 0, 0, "bar_range", "bar_body", "upper_shadow", "lower_shadow", "close_location");
      values = bars.values();
      count = bars.count();
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        double close = values[bar];
        double open = values[OPEN * count + bar];
        double high = values[HIGH * count + bar];
        double low = values[LOW * count + bar];
        double range = high - low;
        double[] row = rows[bar - from];
        row[offset] = range / close;
        if (range == 0) {
          for (int i = 1; i <= 4; i++) {
            row[offset + i] = Double.NaN;
          }
        } else {
          row[offset + 1] = (close - open) / range + 0.0;
          row[offset + 2] = (high - Math.max(open, close)) / range;
          row[offset + 3] = (Math.min(open, close) - low) / range;
          row[offset + 4] = (close - low) / range;
        }
      }
    }
  }

  /** (o(t) - x(t-1)) / x(t-1). */
  private static final class Gap extends ColumnGroup {
    private final double[] values;
    private final int count;

    Gap(Bars bars) {
      super(NAME, 0, 1, "gap");
      values = bars.values();
      count = bars.count();
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        double before = values[bar - 1];
        rows[bar - from][offset] = (values[OPEN * count + bar] - before) / before;
      }
    }
  }

  /** The share of the last 60 moves that go up: a count, so bars may leave it. */
  private static final class UpShare extends ColumnGroup {
    private static final int LENGTH = 60;

    private final double[] rateIndex;
    private int ups;

    UpShare(Bars bars) {
      super(NAME, LENGTH, LENGTH, "up_share");
      rateIndex = bars.values();
    }

    @Override
    public void start(int bar) {
      ups = 0;
      for (int i = bar - LENGTH; i < bar; i++) {
        ups += up(i);
      }
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        ups += up(bar) - up(bar - LENGTH);
        rows[bar - from][offset] = (double) ups / LENGTH;
      }
    }

    /** Bar 0 has no move. */
    private int up(int bar) {
      return bar > 0 && rateIndex[bar] > rateIndex[bar - 1] ? 1 : 0;
    }
  }
}
