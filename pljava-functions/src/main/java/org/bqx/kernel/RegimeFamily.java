package org.bqx.kernel;

import java.util.List;

/**
 * What kind of market it is: trend, volatility, breakout, phase, as classes; and how straight the
 * price moves.
 *
 * <p>Inputs are rate_index x, and high and low on its scale. Averages are Wilder's, of 14, from bar
 * 0 on.
 */
final class RegimeFamily implements Family {

  static final String NAME = "regime";

  private static final int HIGH = 1;
  private static final int LOW = 2;

  /** The bars of a day, among which a value is ranked. */
  private static final int DAY = 1_440;

  private static final int LENGTH = 14;

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
    return List.of("rate_index", "index of high", "index of low");
  }

  @Override
  public int shortestWindow() {
    return 0;
  }

  @Override
  public String defect(Bars bars) {
    return PriceOrder.defect(this, bars, HIGH, LOW, 0);
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    Candles candles = new Candles(bars, HIGH, LOW);
    return List.of(
        new Trend(candles),
        new TrendAge(candles),
        new Volatility(bars),
        new Breakout(bars, candles),
        new Phase(bars),
        new Efficiency(bars));
  }

  /**
   * The share of a window's values below one, and half of those equal to it. Two deviations of
   * windows that hold the same returns in another order are equal but for rounding: so values
   * nearer than 1e-10 of them are.
   */
  private static double rank(SortedWindow window, double value) {
    int below = window.countBelow(value * (1 - 1e-10));
    int notAbove = window.countNotAbove(value * (1 + 1e-10));
    return (below + 0.5 * (notAbove - below)) / DAY;
  }

  /** The class of trend, by Wilder's directional indicators and their average ADX. */
  private static final class TrendClass {
    private final DirectionalMovement movement;
    private final Average strength = Average.wilder(LENGTH);

    TrendClass(Candles candles) {
      movement = new DirectionalMovement(candles, LENGTH);
    }

    /** Takes in the bars before one. */
    void start(int bar) {
      movement.reset();
      strength.reset();
      for (int i = 0; i < bar; i++) {
        take(i);
      }
    }

    /** Returns the class, -2 ... 2; NaN where the true range has been 0, and before bar 1. */
    double take(int bar) {
      if (bar == 0) {
        return Double.NaN;
      }
      movement.take(bar);
      double adx = strength.take(movement.strength());
      double difference = movement.plus() - movement.minus();
      if (Double.isNaN(difference)) {
        return Double.NaN;
      }
      if (adx <= 20) {
        return 0;
      }
      int size = adx > 25 && Math.abs(difference) > 10 ? 2 : 1;
      return Math.signum(difference) * size + 0.0;
    }
  }

  private static final class Trend extends ColumnGroup {
    private final TrendClass trend;

    Trend(Candles candles) {
      super(NAME, 0, 993, "trend");
      trend = new TrendClass(candles);
    }

    @Override
    public void start(int bar) {
      trend.start(bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        rows[bar - from][offset] = trend.take(bar);
      }
    }
  }

  /** Bars since the class of trend changed, at most a day. */
  private static final class TrendAge extends ColumnGroup {
    private final TrendClass trend;
    private double last;
    private int changed;
    private int undefined;

    TrendAge(Candles candles) {
      super(NAME, 0, 2_433, "trend_age");
      trend = new TrendClass(candles);
    }

    @Override
    public void start(int bar) {
      trend.start(0);
      last = Double.NaN;
      changed = 0;
      undefined = 0;
      for (int i = 0; i < bar; i++) {
        take(i);
      }
    }

    private void take(int bar) {
      double now = trend.take(bar);
      if (now != last) {
        changed = bar;
        last = now;
      }
      if (Double.isNaN(now)) {
        undefined = bar;
      }
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        take(bar);
        rows[bar - from][offset] =
            bar - undefined <= DAY ? Double.NaN : Math.min(DAY, bar - changed);
      }
    }
  }

  /** The rank, within a day, of the deviation of the last 60 logarithmic returns; and its third. */
  private static final class Volatility extends ColumnGroup {
    private final int count;
    private final LogarithmicReturns returns;
    private final RollingMoments moments = new RollingMoments(60);
    private final SortedWindow window = new SortedWindow(DAY);
    private double[] deviations;

    Volatility(Bars bars) {
      super(NAME, 0, 1_499, "volatility_rank", "volatility");
      count = bars.count();
      returns = new LogarithmicReturns(bars, new Returns(bars, 0));
    }

    @Override
    public void start(int bar) {
      deviations = new double[count];
      int first = bar - DAY + 1;
      moments.start(returns.from(moments.firstRead(first)), 0, first);
      for (int i = first; i < bar; i++) {
        take(i);
      }
      window.start(deviations, 0, bar);
    }

    private void take(int bar) {
      moments.advance(bar);
      deviations[bar] = moments.stdev();
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        take(bar);
        window.advance(bar);
        double rank = rank(window, deviations[bar]);
        rows[bar - from][offset] = rank;
        rows[bar - from][offset + 1] = rank < 1 / 3.0 ? 0 : rank < 2 / 3.0 ? 1 : 2;
      }
    }
  }

  /** The sign of a large move of 20 bars out of a quiet market. */
  private static final class Breakout extends ColumnGroup {
    private static final int BACK = 20;

    private final double[] rateIndex;
    private final int count;
    private final Candles candles;
    private final Average average = Average.wilder(LENGTH);
    private final SortedWindow window = new SortedWindow(DAY);
    private double[] ranges;

    Breakout(Bars bars, Candles candles) {
      super(NAME, 0, 1_956, "breakout");
      rateIndex = bars.values();
      count = bars.count();
      this.candles = candles;
    }

    @Override
    public void start(int bar) {
      ranges = new double[count];
      average.reset();
      for (int i = 1; i < bar; i++) {
        ranges[i] = average.take(candles.trueRange(i));
      }
      window.start(ranges, -BACK, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        ranges[bar] = average.take(candles.trueRange(bar));
        window.advance(bar);
        double before = ranges[bar - BACK];
        double move = rateIndex[bar] - rateIndex[bar - BACK];
        boolean broken =
            ranges[bar] > 1.5 * before
                && Math.abs(move) > 2 * before
                && rank(window, before) < 1 / 3.0;
        rows[bar - from][offset] = broken ? Math.signum(move) : 0;
      }
    }
  }

  /**
   * By Wyckoff's phases: 1 markup, above the mean of 200 bars while that of 50 rises; 2
   * distribution, above but not rising; 3 markdown, neither; 0 accumulation, rising but not above.
   * Differences below {@link Candles#TIE}, and 1e-12 of the mean, are none: sums of prices on a
   * grid are often equal, and rounding must not decide.
   */
  private static final class Phase extends ColumnGroup {
    private static final int SLOW = 200;
    private static final int FAST = 50;
    private static final int BACK = 20;
    private static final double ROUNDING = 1e-12;

    private final double[] rateIndex;
    private final RollingMoments slow = new RollingMoments(SLOW);
    private final RollingMoments now = new RollingMoments(FAST);
    private final RollingMoments before = new RollingMoments(FAST);

    Phase(Bars bars) {
      super(NAME, 0, SLOW - 1, "phase");
      rateIndex = bars.values();
    }

    @Override
    public void start(int bar) {
      slow.start(rateIndex, 0, bar);
      now.start(rateIndex, 0, bar);
      before.start(rateIndex, 0, bar - BACK);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        slow.advance(bar);
        now.advance(bar);
        before.advance(bar - BACK);
        boolean above = slow.lessMean(rateIndex[bar]) > tie(slow.mean());
        boolean rising = now.mean() - before.mean() > tie(now.mean());
        rows[bar - from][offset] = above ? (rising ? 1 : 2) : rising ? 0 : 3;
      }
    }

    private static double tie(double mean) {
      return Candles.TIE + ROUNDING * Math.abs(mean);
    }
  }

  /** abs(x(t) - x(t-60)) over the sum of the 60 absolute moves between. */
  private static final class Efficiency extends ColumnGroup {
    private static final int LENGTH = 60;

    private final double[] rateIndex;
    private final AbsoluteMoves moves;
    private final BlockSums sum = new BlockSums(LENGTH, 1);
    private double[] moveOfBars;

    Efficiency(Bars bars) {
      super(NAME, LENGTH, LENGTH, "efficiency");
      rateIndex = bars.values();
      moves = new AbsoluteMoves(bars);
    }

    @Override
    public void start(int bar) {
      moveOfBars = moves.from(sum.firstBar(bar));
      sum.start(moveOfBars, 0, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        sum.take(moveOfBars[bar]);
        double total = sum.sum(0);
        rows[bar - from][offset] =
            total == 0 ? Double.NaN : Math.abs(rateIndex[bar] - rateIndex[bar - LENGTH]) / total;
      }
    }
  }

  private static final class AbsoluteMoves extends DerivedSeries {
    private final double[] rateIndex;

    AbsoluteMoves(Bars bars) {
      super(1, bars.count());
      rateIndex = bars.values();
    }

    @Override
    void fill(double[] into, int from, int to) {
      for (int bar = from; bar < to; bar++) {
        into[bar] = Math.abs(rateIndex[bar] - rateIndex[bar - 1]);
      }
    }
  }
}
