package org.bqx.kernel;

import java.util.List;

/**
 * The quoted spread, beside its own past.
 *
 * <p>Inputs are rate_index, bid and ask, which may be absent. With mid = (bid + ask) / 2, S =
 * 10,000 (ask - bid) / mid is the spread in basis points. A window of 60 bars ends with the row's
 * bar; one that holds an absent quote has no values.
 */
final class SpreadFamily implements Family {

  static final String NAME = "spread";

  private static final int BID = 1;
  private static final int ASK = 2;
  private static final int LENGTH = 60;

  /**
   * Spreads nearer to each other than this share of the mid are equal: 1e-7 points of an index that
   * is 100 at the mid. S itself differs where equal spreads meet unequal mids.
   */
  private static final double TIE = 1e-9;

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
    return List.of("rate_index", "bid_close", "ask_close");
  }

  @Override
  public int shortestWindow() {
    return 0;
  }

  @Override
  public String defect(Bars bars) {
    for (int input = BID; input <= ASK; input++) {
      for (int bar = 0; bar < bars.count(); bar++) {
        if (bars.at(input, bar) <= 0) {
          return inputName(input)
              + " is "
              + bars.at(input, bar)
              + " at bar "
              + (bar + 1)
              + ": must be positive";
        }
      }
    }
    return null;
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    Quoted quoted = new Quoted(bars);
    return List.of(
        new Now(bars), new Past(bars, quoted), new Percentile(bars), new MidVolatility(bars));
  }

  private static double quoted(double bid, double ask) {
    return 1e4 * (ask - bid) / ((bid + ask) / 2) + 0.0;
  }

  private static final class Quoted extends DerivedSeries {
    private final double[] values;
    private final int count;

    Quoted(Bars bars) {
      super(0, bars.count());
      values = bars.values();
      count = bars.count();
    }

    @Override
    void fill(double[] into, int from, int to) {
      for (int bar = from; bar < to; bar++) {
        into[bar] = quoted(values[BID * count + bar], values[ASK * count + bar]);
      }
    }
  }

  /** S. */
  private static final class Now extends ColumnGroup {
    private final Bars bars;

    Now(Bars bars) {
      super(NAME, 0, 0, "quoted");
      this.bars = bars;
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        rows[bar - from][offset] = quoted(bars.at(BID, bar), bars.at(ASK, bar));
      }
    }
  }

  /** Mean, sample standard deviation, slope, range of S, and whether S is above twice the mean. */
  private static final class Past extends ColumnGroup {
    private final Quoted quoted;
    private final RollingMoments moments = new RollingMoments(LENGTH);
    private final RollingSlope slope = new RollingSlope(LENGTH);
    private final RollingExtremes extremes = new RollingExtremes(LENGTH);
    private double[] spreads;

    Past(Bars bars, Quoted quoted) {
      super(NAME, LENGTH, LENGTH - 1, "mean", "stdev", "slope", "range", "spike");
      this.quoted = quoted;
    }

    @Override
    public void start(int bar) {
      spreads = quoted.from(moments.firstRead(bar));
      moments.start(spreads, 0, bar);
      slope.start(spreads, 0, bar);
      extremes.start(spreads, 0, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        moments.advance(bar);
        slope.advance(bar);
        extremes.advance(bar);
        double mean = moments.mean();
        double[] row = rows[bar - from];
        row[offset] = mean + 0.0;
        row[offset + 1] = moments.stdev();
        row[offset + 2] = slope.slope() + 0.0;
        row[offset + 3] = extremes.max() - extremes.min();
        row[offset + 4] = Double.isNaN(mean) ? mean : spreads[bar] > 2 * mean ? 1 : 0;
      }
    }
  }

  /** The share of the 60 spreads below the last one, and half of those equal to it. */
  private static final class Percentile extends ColumnGroup {
    private final double[] values;
    private final int bid;
    private final int ask;

    Percentile(Bars bars) {
      super(NAME, LENGTH, LENGTH - 1, "percentile");
      values = bars.values();
      bid = BID * bars.count();
      ask = ASK * bars.count();
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        double current = values[ask + bar] - values[bid + bar];
        double tie = TIE * ((values[ask + bar] + values[bid + bar]) / 2);
        int below = 0;
        int above = 0;
        int equal = 0;
        for (int i = bar - LENGTH + 1; i <= bar; i++) {
          double difference = values[ask + i] - values[bid + i] - current;
          below += difference <= -tie ? 1 : 0;
          above += difference >= tie ? 1 : 0;
          equal += Math.abs(difference) < tie ? 1 : 0;
        }
        rows[bar - from][offset] =
            below + above + equal < LENGTH ? Double.NaN : (below + 0.5 * equal) / LENGTH;
      }
    }
  }

  /** Sample standard deviation of the last 60 one-bar returns of mid. */
  private static final class MidVolatility extends ColumnGroup {
    private final MidReturns returns;
    private final RollingMoments moments = new RollingMoments(LENGTH);

    MidVolatility(Bars bars) {
      super(NAME, LENGTH, LENGTH, "mid_volatility");
      returns = new MidReturns(bars);
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

  private static final class MidReturns extends DerivedSeries {
    private final Bars bars;

    MidReturns(Bars bars) {
      super(1, bars.count());
      this.bars = bars;
    }

    @Override
    void fill(double[] into, int from, int to) {
      double before = mid(from - 1);
      for (int bar = from; bar < to; bar++) {
        double mid = mid(bar);
        into[bar] = (mid - before) / before;
        before = mid;
      }
    }

    private double mid(int bar) {
      return (bars.at(BID, bar) + bars.at(ASK, bar)) / 2;
    }
  }
}
