package org.bqx.kernel;

import java.util.List;

/**
 * Momentum: how far and how steadily the price has moved. Inputs are x, high and low; a window of N
 * bars ends with the row's bar, and positive means that the price rose.
 */
final class MomFamily implements Family {

  private static final int HIGH = 1;
  private static final int LOW = 2;

  @Override
  public String name() {
    return "mom";
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
        new Momentum(candles, 10),
        new Momentum(candles, 20),
        new RateOfChange(candles),
        new Stochastic(candles),
        new SmoothedStochastic(candles, 15, 1, "w14_mom_stoch_d"),
        new SmoothedStochastic(candles, 17, 2, "w14_mom_stoch_slow_d"),
        new Chande(candles),
        new CommodityChannel(candles),
        new Ultimate(candles),
        new Awesome(candles),
        new Strength(candles, 14, 497),
        new StochasticStrength(candles),
        new Strength(candles, 21, 754),
        new Trix(candles));
  }

  /** x(t) - x(t-N). */
  private static final class Momentum extends BarColumns {
    private final Candles candles;
    private final int length;

    Momentum(Candles candles, int length) {
      super(length, "w" + length + "_mom_momentum");
      this.candles = candles;
      this.length = length;
    }

    @Override
    int firstBar(int bar) {
      return bar;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = candles.x(bar) - candles.x(bar - length);
    }
  }

  /** 100 (x(t) - x(t-12)) / x(t-12). */
  private static final class RateOfChange extends BarColumns {
    private final Candles candles;

    RateOfChange(Candles candles) {
      super(12, "w12_mom_roc");
      this.candles = candles;
    }

    @Override
    int firstBar(int bar) {
      return bar;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double before = candles.x(bar - 12);
      row[offset] = 100 * (candles.x(bar) - before) / before;
    }
  }

  /** The greatest high and the least low of 14 bars. */
  private static final class Reach {
    private final Candles candles;
    private final SlidingExtreme highs = SlidingExtreme.maximum(14);
    private final SlidingExtreme lows = SlidingExtreme.minimum(14);
    private double high;
    private double low;

    Reach(Candles candles) {
      this.candles = candles;
    }

    void reset() {
      highs.reset();
      lows.reset();
    }

    void take(int bar) {
      high = highs.take(candles.high(bar));
      low = lows.take(candles.low(bar));
    }

    /** %K: 100 (x - low) / (high - low); NaN where high = low. */
    double position(int bar) {
      return high == low ? Double.NaN : 100 * (candles.x(bar) - low) / (high - low);
    }

    /** Williams' %R: 100 (x - high) / (high - low); NaN where high = low. */
    double depth(int bar) {
      return high == low ? Double.NaN : 100 * (candles.x(bar) - high) / (high - low);
    }
  }

  /** %K and %R. */
  private static final class Stochastic extends BarColumns {
    private final Reach reach;

    Stochastic(Candles candles) {
      super(13, "w14_mom_stoch_k", "w14_mom_williams");
      reach = new Reach(candles);
    }

    @Override
    int firstBar(int bar) {
      return bar - 13;
    }

    @Override
    void reset() {
      reach.reset();
    }

    @Override
    void take(int bar) {
      reach.take(bar);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = reach.position(bar);
      row[offset + 1] = reach.depth(bar);
    }
  }

  /** %D, the mean of three %K, or the mean of three such means. */
  private static final class SmoothedStochastic extends BarColumns {
    private final Reach reach;
    private final Mean[] means;
    private double smoothed;

    /** The mean of the last three values; NaN as long as one of them is NaN. */
    private static final class Mean {
      private double beforeLast;
      private double last;

      double take(double value) {
        double mean = (beforeLast + last + value) / 3;
        beforeLast = last;
        last = value;
        return mean;
      }
    }

    SmoothedStochastic(Candles candles, int needs, int times, String name) {
      super(needs, name);
      reach = new Reach(candles);
      means = new Mean[times];
      for (int i = 0; i < times; i++) {
        means[i] = new Mean();
      }
    }

    @Override
    int firstBar(int bar) {
      return bar - needs();
    }

    @Override
    void reset() {
      reach.reset();
    }

    @Override
    void take(int bar) {
      reach.take(bar);
      smoothed = reach.position(bar);
      for (Mean mean : means) {
        smoothed = mean.take(smoothed);
      }
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = smoothed;
    }
  }

  /** Chande's momentum oscillator: 100 times the sum of 14 changes over that of their sizes. */
  private static final class Chande extends BarColumns {
    private final Candles candles;

    Chande(Candles candles) {
      super(14, "w14_mom_cmo");
      this.candles = candles;
    }

    @Override
    int firstBar(int bar) {
      return bar;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double sum = 0;
      double sizes = 0;
      for (int i = bar - 13; i <= bar; i++) {
        double change = candles.change(i);
        sum += change;
        sizes += Math.abs(change);
      }
      row[offset] = sizes == 0 ? Double.NaN : 100 * sum / sizes;
    }
  }

  /**
   * Lambert's commodity channel index: (p - mean p) / (0.015 mean abs(p - mean p)), p being (high +
   * low + x) / 3 of 20 bars. Sums are of p less the last p, so that no digits cancel.
   */
  private static final class CommodityChannel extends BarColumns {
    private final Candles candles;
    private final double[] differences = new double[20];

    /** The price of bar t is at t mod 32. */
    private final double[] prices = new double[32];

    CommodityChannel(Candles candles) {
      super(19, "w20_mom_cci");
      this.candles = candles;
    }

    @Override
    int firstBar(int bar) {
      return bar - 19;
    }

    @Override
    void take(int bar) {
      prices[bar & 31] = candles.typical(bar);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double last = prices[bar & 31];
      double sum = 0;
      boolean constant = true;
      for (int i = 0; i < 20; i++) {
        double difference = prices[bar - i & 31] - last;
        constant &= difference == 0;
        differences[i] = difference;
        sum += difference;
      }
      if (constant) {
        row[offset] = Double.NaN;
        return;
      }
      double mean = sum / 20;
      double deviations = 0;
      for (double difference : differences) {
        deviations += Math.abs(difference - mean);
      }
      row[offset] = 0.0 - mean / (0.015 * (deviations / 20));
    }
  }

  /**
   * Williams' ultimate oscillator: 100 (4 A7 + 2 A14 + A28) / 7, A_N being the sum of x - min(low,
   * x(t-1)) over that of the true range. NaN where one of the three divisors is 0.
   */
  private static final class Ultimate extends BarColumns {
    private final Candles candles;

    /** Those of bar t are at t mod 32. */
    private final double[] pressures = new double[32];

    private final double[] ranges = new double[32];

    Ultimate(Candles candles) {
      super(28, "mom_ultimate");
      this.candles = candles;
    }

    @Override
    int firstBar(int bar) {
      return bar - 27;
    }

    @Override
    void take(int bar) {
      if (bar > 0) {
        pressures[bar & 31] = candles.x(bar) - Math.min(candles.low(bar), candles.x(bar - 1));
        ranges[bar & 31] = candles.trueRange(bar);
      }
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double pressure = 0;
      double range = 0;
      double weighted = 0;
      double weight = 4;
      for (int length = 1; length <= 28; length++) {
        int i = bar - length + 1 & 31;
        pressure += pressures[i];
        range += ranges[i];
        if (length == 7 || length == 14 || length == 28) {
          weighted += range == 0 ? Double.NaN : weight * pressure / range;
          weight /= 2;
        }
      }
      row[offset] = 100 * weighted / 7;
    }
  }

  /** Williams' awesome oscillator: mean of 5 less mean of 34 of (high + low) / 2. */
  private static final class Awesome extends BarColumns {
    private final Candles candles;

    Awesome(Candles candles) {
      super(33, "mom_awesome");
      this.candles = candles;
    }

    @Override
    int firstBar(int bar) {
      return bar;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double last = candles.middle(bar);
      double sum = 0;
      double fast = 0;
      for (int i = 0; i < 34; i++) {
        sum += candles.middle(bar - i) - last;
        if (i == 4) {
          fast = sum / 5;
        }
      }
      row[offset] = fast - sum / 34;
    }
  }

  private static final class Strength extends BarColumns {
    private final RelativeStrength strength;
    private double value;

    Strength(Candles candles, int length, int needs) {
      super(needs, "w" + length + "_mom_rsi");
      strength = new RelativeStrength(candles, length);
    }

    @Override
    void reset() {
      strength.reset();
    }

    @Override
    void take(int bar) {
      value = strength.take(bar);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = value;
    }
  }

  /**
   * Where the relative strength lies in its range of 14 bars, from 0 to 1. NaN where it does not
   * vary, or is NaN at one of them.
   */
  private static final class StochasticStrength extends BarColumns {
    private final RelativeStrength strength;
    private final SlidingExtreme highs = SlidingExtreme.maximum(14);
    private final SlidingExtreme lows = SlidingExtreme.minimum(14);
    private int defined;
    private double position;

    StochasticStrength(Candles candles) {
      super(510, "w14_mom_stochrsi");
      strength = new RelativeStrength(candles, 14);
    }

    @Override
    void reset() {
      strength.reset();
      forget();
    }

    private void forget() {
      highs.reset();
      lows.reset();
      defined = 0;
    }

    @Override
    void take(int bar) {
      double value = strength.take(bar);
      if (Double.isNaN(value)) {
        forget();
        position = Double.NaN;
        return;
      }
      defined++;
      double high = highs.take(value);
      double low = lows.take(value);
      position = defined < 14 || high == low ? Double.NaN : (value - low) / (high - low);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = position;
    }
  }

  /** 100 (E(t) - E(t-1)) / E(t-1), E being an EMA 15 of an EMA 15 of an EMA 15 of x. */
  private static final class Trix extends BarColumns {
    private final Candles candles;
    private final Average first = Average.ema(15);
    private final Average second = Average.ema(15);
    private final Average third = Average.ema(15);
    private double before;

    Trix(Candles candles) {
      super(829, "w15_mom_trix");
      this.candles = candles;
    }

    @Override
    void reset() {
      first.reset();
      second.reset();
      third.reset();
    }

    @Override
    void take(int bar) {
      before = third.value();
      third.take(second.take(first.take(candles.x(bar))));
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = 100 * (third.value() - before) / before;
    }
  }
}
