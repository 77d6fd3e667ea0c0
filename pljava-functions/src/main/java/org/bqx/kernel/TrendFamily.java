package org.bqx.kernel;

import java.util.List;

/**
 * Trend: averages of the price, their slopes, and whether it goes one way. Inputs are x, high and
 * low; a window of N bars ends with the row's bar, and positive means that the price rose.
 */
final class TrendFamily implements Family {

  private static final int HIGH = 1;
  private static final int LOW = 2;

  /** Bars after which the start of a recursion weighs less than 2^-53. */
  private static final int EMA_9 = 165;

  private static final int EMA_26 = 478;
  private static final int WILDER_14 = 496;

  @Override
  public String name() {
    return "trend";
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
        new Mean(candles, 10),
        new Mean(candles, 20),
        new Mean(candles, 50),
        new Mean(candles, 100),
        new Mean(candles, 200),
        new Exponential(candles, 10, 184),
        new Exponential(candles, 20, 368),
        new Exponential(candles, 50, 919),
        new Exponential(candles, 100, 1_837),
        new Exponential(candles, 200, 3_674),
        new Adaptive(candles),
        new Slope(candles, 20),
        new Slope(candles, 50),
        new Convergence(candles, EMA_26, "trend_macd"),
        new ConvergenceSignal(candles),
        new Direction(candles),
        new DirectionIndex(candles),
        new Parabolic(candles),
        new Line(candles, 9, "trend_ichimoku_conversion_index"),
        new Line(candles, 26, "trend_ichimoku_base_index"),
        new SpanA(candles),
        new SpanB(candles),
        new LaggingReturn(candles),
        new Vortex(candles));
  }

  /** Mean of x over N bars. */
  private static final class Mean extends BarColumns {
    private final Candles candles;
    private final int length;
    private final BlockSums sums;

    Mean(Candles candles, int length) {
      super(length - 1, "w" + length + "_trend_sma_index");
      this.candles = candles;
      this.length = length;
      sums = new BlockSums(length, 1);
    }

    @Override
    int firstBar(int bar) {
      return sums.firstBar(bar);
    }

    @Override
    void reset() {
      sums.reset();
    }

    @Override
    void take(int bar) {
      sums.take(candles.x(bar));
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = sums.sum(0) / length;
    }
  }

  /** EMA(N) of x. */
  private static final class Exponential extends BarColumns {
    private final Candles candles;
    private final Average average;

    Exponential(Candles candles, int length, int needs) {
      super(needs, "w" + length + "_trend_ema_index");
      this.candles = candles;
      average = Average.ema(length);
    }

    @Override
    void reset() {
      average.reset();
    }

    @Override
    void take(int bar) {
      average.take(candles.x(bar));
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = average.value();
    }
  }

  /**
   * Kaufman's adaptive moving average, from bar 9 on, which has x:
   *
   * <pre>
   *   y(t) = y(t-1) + (x(t) - y(t-1)) c,   c = (e (2/3 - 2/31) + 2/31)&sup2;
   *   e = abs(x(t) - x(t-10)) / &Sigma; abs(d) over 10 bars, 0 where the sum is 0
   * </pre>
   */
  private static final class Adaptive extends BarColumns {
    private static final double FAST = 2.0 / 3;
    private static final double SLOW = 2.0 / 31;

    private final Candles candles;
    private double average;

    Adaptive(Candles candles) {
      super(3_674, "w10_trend_kama_index");
      this.candles = candles;
    }

    @Override
    void take(int bar) {
      if (bar <= 9) {
        average = candles.x(bar);
        return;
      }
      double way = 0;
      for (int i = bar - 9; i <= bar; i++) {
        way += Math.abs(candles.change(i));
      }
      double distance = Math.abs(candles.x(bar) - candles.x(bar - 10));
      double efficiency = way == 0 ? 0 : distance / way;
      double share = efficiency * (FAST - SLOW) + SLOW;
      average += (candles.x(bar) - average) * (share * share);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = average;
    }
  }

  /**
   * 10&#8308; (M(t)/M(t-5) - 1)/5, M being the mean of N closes: basis points a bar. M(t) - M(t-5)
   * is the sum of the five x that came less the five that left, over N, which cancels less.
   */
  private static final class Slope extends BarColumns {
    private final Candles candles;
    private final int length;
    private final BlockSums sums;

    Slope(Candles candles, int length) {
      super(length + 4, "w" + length + "_trend_slope");
      this.candles = candles;
      this.length = length;
      sums = new BlockSums(length, 1);
    }

    @Override
    int firstBar(int bar) {
      // The mean is that of five bars before. Before the history nothing is read.
      return sums.firstBar(bar - 5) + 5;
    }

    @Override
    void reset() {
      sums.reset();
    }

    @Override
    void take(int bar) {
      sums.take(candles.x(bar - 5));
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double change = 0;
      for (int i = bar - 4; i <= bar; i++) {
        change += candles.x(i) - candles.x(i - length);
      }
      row[offset] = 1e4 * change / sums.sum(0) / 5;
    }
  }

  /** EMA 12 - EMA 26 of x (Appel's MACD). */
  private static class Convergence extends BarColumns {
    private final Candles candles;
    private final Average fast = Average.ema(12);
    private final Average slow = Average.ema(26);

    Convergence(Candles candles, int needs, String... names) {
      super(needs, names);
      this.candles = candles;
    }

    @Override
    void reset() {
      fast.reset();
      slow.reset();
    }

    @Override
    void take(int bar) {
      fast.take(candles.x(bar));
      slow.take(candles.x(bar));
    }

    final double value() {
      return fast.value() - slow.value();
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = value();
    }
  }

  /** EMA 9 of the MACD, and what the MACD has above it. */
  private static final class ConvergenceSignal extends Convergence {
    private final Average signal = Average.ema(9);

    ConvergenceSignal(Candles candles) {
      super(candles, EMA_26 + EMA_9, "trend_macd_signal", "trend_macd_hist");
    }

    @Override
    void reset() {
      super.reset();
      signal.reset();
    }

    @Override
    void take(int bar) {
      super.take(bar);
      signal.take(value());
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = signal.value();
      row[offset + 1] = value() - signal.value();
    }
  }

  private static final class Direction extends BarColumns {
    private final DirectionalMovement movement;

    Direction(Candles candles) {
      super(WILDER_14 + 1, "w14_trend_plus_di", "w14_trend_minus_di");
      movement = new DirectionalMovement(candles, 14);
    }

    @Override
    void reset() {
      movement.reset();
    }

    @Override
    void take(int bar) {
      movement.take(bar);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = movement.plus();
      row[offset + 1] = movement.minus();
    }
  }

  /** ADX: Wilder 14 of DX, from bar 1 on. */
  private static final class DirectionIndex extends BarColumns {
    private final DirectionalMovement movement;
    private final Average average = Average.wilder(14);

    DirectionIndex(Candles candles) {
      super(2 * WILDER_14 + 1, "w14_trend_adx");
      movement = new DirectionalMovement(candles, 14);
    }

    @Override
    void reset() {
      movement.reset();
      average.reset();
    }

    @Override
    void take(int bar) {
      movement.take(bar);
      if (bar > 0) {
        average.take(movement.strength());
      }
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = average.value();
    }
  }

  private static final class Parabolic extends BarColumns {
    private final ParabolicStop stop;

    Parabolic(Candles candles) {
      super(500, "trend_sar_index", "trend_sar_side");
      stop = new ParabolicStop(candles);
    }

    @Override
    void take(int bar) {
      stop.take(bar);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = stop.level();
      row[offset + 1] = stop.side();
    }
  }

  /** The middle of the highest high and the lowest low of N bars. */
  private static final class Middle {
    private final Candles candles;
    private final SlidingExtreme highs;
    private final SlidingExtreme lows;
    private double value;

    Middle(Candles candles, int length) {
      this.candles = candles;
      highs = SlidingExtreme.maximum(length);
      lows = SlidingExtreme.minimum(length);
    }

    void reset() {
      highs.reset();
      lows.reset();
    }

    void take(int bar) {
      value = (highs.take(candles.high(bar)) + lows.take(candles.low(bar))) / 2;
    }

    double value() {
      return value;
    }
  }

  /** A line of Ichimoku. */
  private static final class Line extends BarColumns {
    private final Middle middle;

    Line(Candles candles, int length, String name) {
      super(length - 1, name);
      middle = new Middle(candles, length);
    }

    @Override
    int firstBar(int bar) {
      return bar - needs();
    }

    @Override
    void reset() {
      middle.reset();
    }

    @Override
    void take(int bar) {
      middle.take(bar);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = middle.value();
    }
  }

  /**
   * The cloud's first edge over a bar: the mean of the conversion and base lines 26 bars before.
   */
  private static final class SpanA extends BarColumns {
    private final Middle conversion;
    private final Middle base;

    SpanA(Candles candles) {
      super(51, "trend_ichimoku_span_a_index");
      conversion = new Middle(candles, 9);
      base = new Middle(candles, 26);
    }

    @Override
    int firstBar(int bar) {
      return bar - 25;
    }

    @Override
    void reset() {
      conversion.reset();
      base.reset();
    }

    @Override
    void take(int bar) {
      conversion.take(bar - 26);
      base.take(bar - 26);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = (conversion.value() + base.value()) / 2;
    }
  }

  /** The cloud's second edge over a bar: the middle of 52 bars, 26 bars before. */
  private static final class SpanB extends BarColumns {
    private final Middle middle;

    SpanB(Candles candles) {
      super(77, "trend_ichimoku_span_b_index");
      middle = new Middle(candles, 52);
    }

    @Override
    int firstBar(int bar) {
      return bar - 51;
    }

    @Override
    void reset() {
      middle.reset();
    }

    @Override
    void take(int bar) {
      middle.take(bar - 26);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = middle.value();
    }
  }

  /** (x(t) - x(t-26)) / x(t-26): what Ichimoku's lagging line shows, without a look ahead. */
  private static final class LaggingReturn extends BarColumns {
    private final Candles candles;

    LaggingReturn(Candles candles) {
      super(26, "trend_ichimoku_chikou_return");
      this.candles = candles;
    }

    @Override
    int firstBar(int bar) {
      return bar;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double before = candles.x(bar - 26);
      row[offset] = (candles.x(bar) - before) / before;
    }
  }

  /**
   * Botes' and Siepman's vortex over 14 bars: &Sigma; abs(high(t) - low(t-1)) and &Sigma;
   * abs(low(t) - high(t-1)), over the sum of the true range. NaN where that is 0.
   */
  private static final class Vortex extends BarColumns {
    private final Candles candles;

    Vortex(Candles candles) {
      super(14, "w14_trend_vortex_plus", "w14_trend_vortex_minus");
      this.candles = candles;
    }

    @Override
    int firstBar(int bar) {
      return bar;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double up = 0;
      double down = 0;
      double range = 0;
      for (int i = bar - 13; i <= bar; i++) {
        up += Math.abs(candles.high(i) - candles.low(i - 1));
        down += Math.abs(candles.low(i) - candles.high(i - 1));
        range += candles.trueRange(i);
      }
      row[offset] = range == 0 ? Double.NaN : up / range;
      row[offset + 1] = range == 0 ? Double.NaN : down / range;
    }
  }
}
