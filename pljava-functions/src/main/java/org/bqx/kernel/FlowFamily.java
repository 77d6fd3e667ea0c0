package org.bqx.kernel;

import java.util.List;

/**
 * Where volume goes, in bounded forms: the usual sums since the beginning of time would say where
 * the history began. Inputs are x, high, low, volume and the minute of the bar since 1970 UTC; a
 * window of N bars ends with the row's bar.
 *
 * <p>A volume that is absent (NaN) makes NaN of the rows whose window it is in. A recursion passes
 * over it: that row alone is NaN.
 */
final class FlowFamily implements Family {

  private static final int HIGH = 1;
  private static final int LOW = 2;
  private static final int VOLUME = 3;
  private static final int MINUTE = 4;

  @Override
  public String name() {
    return "flow";
  }

  @Override
  public int revision() {
    return 1;
  }

  @Override
  public List<String> inputNames() {
    return List.of("rate_index", "index of high", "index of low", "volume", "minute");
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
    Flow flow = new Flow(bars);
    return List.of(
        new OnBalance(flow),
        new Accumulation(flow, 60, "w60_flow_adl"),
        new Accumulation(flow, 20, "w20_flow_cmf"),
        new Force(flow),
        new EaseOfMovement(flow),
        new VolumeIndexes(flow),
        new MoneyFlow(flow),
        new VwapDistance(flow),
        new DayVwapDistance(flow));
  }

  /** Prices and volume. */
  private static final class Flow {
    final Candles candles;
    private final Bars bars;

    Flow(Bars bars) {
      this.bars = bars;
      candles = new Candles(bars, HIGH, LOW);
    }

    double volume(int bar) {
      return bars.at(VOLUME, bar);
    }

    double day(int bar) {
      return Math.floor(bars.at(MINUTE, bar) / 1_440);
    }

    /** ((x - low) - (high - x)) / (high - low), 0 for a flat bar. */
    double location(int bar) {
      double range = candles.range(bar);
      double x = candles.x(bar);
      return range == 0 ? 0 : ((x - candles.low(bar)) - (candles.high(bar) - x)) / range;
    }
  }

  /** A sum of something over that of the volume. */
  private abstract static class Share extends BarColumns {
    final Flow flow;
    private final BlockSums sums;
    private final double[] values = new double[2];

    Share(Flow flow, int length, int needs, String name) {
      super(needs, name);
      this.flow = flow;
      sums = new BlockSums(length, values.length);
    }

    /** What is summed, for a bar of at least {@link #needs()} less N - 1. */
    abstract double summand(int bar, double volume);

    @Override
    final int firstBar(int bar) {
      return sums.firstBar(bar);
    }

    @Override
    final void reset() {
      sums.reset();
    }

    @Override
    final void take(int bar) {
      double volume = flow.volume(bar);
      values[0] = summand(bar, volume);
      values[1] = volume;
      sums.take(values);
    }

    /** The quotient; NaN where there is no volume. */
    final double share() {
      double volume = sums.sum(1);
      return volume == 0 ? Double.NaN : sums.sum(0) / volume;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = share();
    }
  }

  /** &Sigma; sign(d) v / &Sigma; v over 60 bars: Granville's on-balance volume, as a share. */
  private static final class OnBalance extends Share {
    OnBalance(Flow flow) {
      super(flow, 60, 60, "w60_flow_obv");
    }

    @Override
    double summand(int bar, double volume) {
      return bar == 0 ? 0 : Math.signum(flow.candles.change(bar)) * volume;
    }
  }

  /** &Sigma; c v / &Sigma; v, c being where x lies in the bar, -1 to 1 (Chaikin). */
  private static final class Accumulation extends Share {
    Accumulation(Flow flow, int length, String name) {
      super(flow, length, length - 1, name);
    }

    @Override
    double summand(int bar, double volume) {
      return flow.location(bar) * volume;
    }
  }

  /** x/V - 1, V being &Sigma; p v / &Sigma; v over 60 bars. */
  private static final class VwapDistance extends Share {
    VwapDistance(Flow flow) {
      super(flow, 60, 59, "w60_flow_vwap_distance");
    }

    @Override
    double summand(int bar, double volume) {
      return flow.candles.typical(bar) * volume;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double average = share();
      row[offset] = (flow.candles.x(bar) - average) / average;
    }
  }

  /** The same since 00:00 UTC of the bar's day. */
  private static final class DayVwapDistance extends BarColumns {
    private final Flow flow;
    private double day;
    private double values;
    private double volumes;

    DayVwapDistance(Flow flow) {
      super(1_439, "flow_day_vwap_distance");
      this.flow = flow;
    }

    @Override
    int firstBar(int bar) {
      int first = bar;
      while (first > 0 && flow.day(first - 1) == flow.day(bar)) {
        first--;
      }
      return first;
    }

    @Override
    void reset() {
      day = Double.NaN;
    }

    @Override
    void take(int bar) {
      double today = flow.day(bar);
      if (today != day) {
        day = today;
        values = 0;
        volumes = 0;
      }
      double volume = flow.volume(bar);
      values += flow.candles.typical(bar) * volume;
      volumes += volume;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double average = volumes == 0 ? Double.NaN : values / volumes;
      row[offset] = (flow.candles.x(bar) - average) / average;
    }
  }

  /** Elder's force, EMA13(d v) / EMA13(v), from bar 1 on. NaN where there has been no volume. */
  private static final class Force extends BarColumns {
    private final Flow flow;
    private final Average moves = Average.ema(13);
    private final Average volumes = Average.ema(13);
    private double force;

    Force(Flow flow) {
      super(240, "w13_flow_force");
      this.flow = flow;
    }

    @Override
    void reset() {
      moves.reset();
      volumes.reset();
    }

    @Override
    void take(int bar) {
      double volume = flow.volume(bar);
      if (bar == 0 || Double.isNaN(volume)) {
        force = Double.NaN;
        return;
      }
      double move = moves.take(flow.candles.change(bar) * volume);
      double average = volumes.take(volume);
      force = average == 0 ? Double.NaN : move / average + 0.0;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = force;
    }
  }

  /**
   * Arms' ease of movement, mean14((m(t) - m(t-1)) (high - low) / v) mean14(v), m being (high +
   * low)/2. NaN where a bar has no volume.
   */
  private static final class EaseOfMovement extends BarColumns {
    private final Flow flow;

    EaseOfMovement(Flow flow) {
      super(14, "w14_flow_eom");
      this.flow = flow;
    }

    @Override
    int firstBar(int bar) {
      return bar;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double ease = 0;
      double volumes = 0;
      for (int i = bar - 13; i <= bar; i++) {
        double volume = flow.volume(i);
        double move = flow.candles.middle(i) - flow.candles.middle(i - 1);
        ease += volume == 0 ? Double.NaN : move * flow.candles.range(i) / volume;
        volumes += volume;
      }
      row[offset] = ease / 14 * (volumes / 14);
    }
  }

  /**
   * &Sigma; ln(x(t)/x(t-1)) over those of 60 bars whose volume is less, and more, than the one
   * before: the negative and positive volume index (Fosback), as returns.
   */
  private static final class VolumeIndexes extends BarColumns {
    private final Flow flow;
    private final BlockSums sums = new BlockSums(60, 2);
    private final double[] values = new double[2];

    VolumeIndexes(Flow flow) {
      super(60, "w60_flow_nvi", "w60_flow_pvi");
      this.flow = flow;
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
      values[0] = 0;
      values[1] = 0;
      if (bar > 0) {
        double difference = flow.volume(bar) - flow.volume(bar - 1);
        double before = flow.candles.x(bar - 1);
        if (Double.isNaN(difference)) {
          values[0] = Double.NaN;
          values[1] = Double.NaN;
        } else if (difference != 0) {
          values[difference < 0 ? 0 : 1] =
              StrictMath.log1p((flow.candles.x(bar) - before) / before);
        }
      }
      sums.take(values);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = sums.sum(0);
      row[offset + 1] = sums.sum(1);
    }
  }

  /**
   * The money flow index, 100 P / (P + N) over 14 bars: P and N are the sums of p v over the bars
   * whose p rose, and fell, by more than {@link Candles#TIE}. NaN where P + N is 0.
   */
  private static final class MoneyFlow extends BarColumns {
    private final Flow flow;

    MoneyFlow(Flow flow) {
      super(14, "w14_flow_mfi");
      this.flow = flow;
    }

    @Override
    int firstBar(int bar) {
      return bar;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double positive = 0;
      double negative = 0;
      double before = flow.candles.typical(bar - 14);
      for (int i = bar - 13; i <= bar; i++) {
        double price = flow.candles.typical(i);
        double money = price * flow.volume(i);
        if (price - before > Candles.TIE) {
          positive += money;
        } else if (before - price > Candles.TIE) {
          negative += money;
        } else {
          // An absent volume is in the window all the same.
          positive += 0 * money;
        }
        before = price;
      }
      double both = positive + negative;
      row[offset] = both == 0 ? Double.NaN : 100 * positive / both;
    }
  }
}
