package org.bqx.kernel;

import java.util.List;

/**
 * Bands around the price, and how wide they are. Inputs are x, high and low; a window of N bars
 * ends with the row's bar.
 */
final class BandFamily implements Family {

  private static final int HIGH = 1;
  private static final int LOW = 2;

  @Override
  public String name() {
    return "band";
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
        new BollingerColumns(candles),
        new TrueRange(candles),
        new Keltner(candles),
        new Donchian(candles),
        new Squeeze(candles),
        new Ulcer(candles),
        new Mass(candles),
        new ChaikinVolatility(candles));
  }

  /**
   * Mean M and population standard deviation s of 20 closes. Sums are of x less the last x, so that
   * no digits cancel; s is 0 exactly where the closes are constant.
   */
  private static final class Bollinger {
    private static final int LENGTH = 20;

    private final Candles candles;
    private double meanDifference;
    private double deviation;

    Bollinger(Candles candles) {
      this.candles = candles;
    }

    void compute(int bar) {
      double last = candles.x(bar);
      double sum = 0;
      double squares = 0;
      for (int i = bar - LENGTH + 1; i < bar; i++) {
        sum += candles.x(i) - last;
      }
      meanDifference = sum / LENGTH;
      for (int i = bar - LENGTH + 1; i <= bar; i++) {
        double difference = candles.x(i) - last - meanDifference;
        squares += difference * difference;
      }
      deviation = Math.sqrt(squares / LENGTH);
    }

    /** M - x. */
    double meanDifference() {
      return meanDifference;
    }

    double mean(int bar) {
      return candles.x(bar) + meanDifference;
    }

    double deviation() {
      return deviation;
    }
  }

  /** M + 2 s, M, M - 2 s, 100 * 4 s / M, and 1/2 + (x - M) / (4 s), which is NaN where s is 0. */
  private static final class BollingerColumns extends BarColumns {
    private final Bollinger bollinger;

    BollingerColumns(Candles candles) {
      super(
          19,
          "w20_band_bb_upper_index",
          "w20_band_bb_middle_index",
          "w20_band_bb_lower_index",
          "w20_band_bb_width",
          "w20_band_bb_percent_b");
      bollinger = new Bollinger(candles);
    }

    @Override
    int firstBar(int bar) {
      return bar;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      bollinger.compute(bar);
      double mean = bollinger.mean(bar);
      double deviation = bollinger.deviation();
      row[offset] = mean + 2 * deviation;
      row[offset + 1] = mean;
      row[offset + 2] = mean - 2 * deviation;
      row[offset + 3] = 100 * (4 * deviation) / mean;
      row[offset + 4] =
          deviation == 0 ? Double.NaN : 0.5 - bollinger.meanDifference() / (4 * deviation);
    }
  }

  /** Wilder's average true range over 14 bars, from bar 1 on, and per cent of x. */
  private static final class TrueRange extends BarColumns {
    private final Candles candles;
    private final Average average = Average.wilder(14);

    TrueRange(Candles candles) {
      super(497, "w14_band_atr", "w14_band_atr_percent");
      this.candles = candles;
    }

    @Override
    void reset() {
      average.reset();
    }

    @Override
    void take(int bar) {
      if (bar > 0) {
        average.take(candles.trueRange(bar));
      }
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = average.value();
      row[offset + 1] = 100 * average.value() / candles.x(bar);
    }
  }

  /** E, the EMA 20 of x, and A, Wilder's average true range over 20 bars, from bar 1 on. */
  private static final class Channel {
    private final Candles candles;
    private final Average middle = Average.ema(20);
    private final Average range = Average.wilder(20);

    Channel(Candles candles) {
      this.candles = candles;
    }

    void reset() {
      middle.reset();
      range.reset();
    }

    void take(int bar) {
      middle.take(candles.x(bar));
      if (bar > 0) {
        range.take(candles.trueRange(bar));
      }
    }

    double middle() {
      return middle.value();
    }

    double range() {
      return range.value();
    }

    double upper() {
      return middle() + 2 * range();
    }

    double lower() {
      return middle() - 2 * range();
    }
  }

  /** E + 2 A, E, E - 2 A, and 1/2 + (x - E) / (4 A), which is NaN where A is 0. */
  private static final class Keltner extends BarColumns {
    private final Candles candles;
    private final Channel channel;

    Keltner(Candles candles) {
      super(
          718,
          "w20_band_keltner_upper_index",
          "w20_band_keltner_middle_index",
          "w20_band_keltner_lower_index",
          "w20_band_keltner_position");
      this.candles = candles;
      channel = new Channel(candles);
    }

    @Override
    void reset() {
      channel.reset();
    }

    @Override
    void take(int bar) {
      channel.take(bar);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double range = channel.range();
      row[offset] = channel.upper();
      row[offset + 1] = channel.middle();
      row[offset + 2] = channel.lower();
      row[offset + 3] =
          range == 0 ? Double.NaN : 0.5 + (candles.x(bar) - channel.middle()) / (4 * range);
    }
  }

  /** The highest high and the lowest low of 20 bars, their middle, and their distance over x. */
  private static final class Donchian extends BarColumns {
    private final Candles candles;
    private final SlidingExtreme highs = SlidingExtreme.maximum(20);
    private final SlidingExtreme lows = SlidingExtreme.minimum(20);
    private double high;
    private double low;

    Donchian(Candles candles) {
      super(
          19,
          "w20_band_donchian_upper_index",
          "w20_band_donchian_middle_index",
          "w20_band_donchian_lower_index",
          "w20_band_donchian_width");
      this.candles = candles;
    }

    @Override
    int firstBar(int bar) {
      return bar - 19;
    }

    @Override
    void reset() {
      highs.reset();
      lows.reset();
    }

    @Override
    void take(int bar) {
      high = highs.take(candles.high(bar));
      low = lows.take(candles.low(bar));
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = high;
      row[offset + 1] = (high + low) / 2;
      row[offset + 2] = low;
      row[offset + 3] = 100 * (high - low) / candles.x(bar);
    }
  }

  /** 1 where M + 2 s &lt; E + 2 A and M - 2 s &gt; E - 2 A, else 0. */
  private static final class Squeeze extends BarColumns {
    private final Bollinger bollinger;
    private final Channel channel;

    Squeeze(Candles candles) {
      super(718, "w20_band_squeeze");
      bollinger = new Bollinger(candles);
      channel = new Channel(candles);
    }

    @Override
    void reset() {
      channel.reset();
    }

    @Override
    void take(int bar) {
      channel.take(bar);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      bollinger.compute(bar);
      double mean = bollinger.mean(bar);
      double width = 2 * bollinger.deviation();
      boolean inside = mean + width < channel.upper() && mean - width > channel.lower();
      row[offset] = inside ? 1 : 0;
    }
  }

  /**
   * Martin's ulcer index: the square root of the mean of 14 f&sup2;, f being 100 (x/max - 1) with
   * the greatest x of the 14 bars that end with its own.
   */
  private static final class Ulcer extends BarColumns {
    private static final int LENGTH = 14;

    private final Candles candles;
    private final SlidingExtreme closes = SlidingExtreme.maximum(LENGTH);
    private final double[] squares = new double[LENGTH];

    Ulcer(Candles candles) {
      super(26, "w14_band_ulcer");
      this.candles = candles;
    }

    @Override
    int firstBar(int bar) {
      return bar - 26;
    }

    @Override
    void reset() {
      closes.reset();
    }

    @Override
    void take(int bar) {
      double greatest = closes.take(candles.x(bar));
      double fall = 100 * (candles.x(bar) - greatest) / greatest;
      squares[bar % LENGTH] = fall * fall;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double sum = 0;
      for (double square : squares) {
        sum += square;
      }
      row[offset] = Math.sqrt(sum / LENGTH);
    }
  }

  /**
   * Dorsey's mass index: the sum over 25 bars of E / EMA9(E), E being the EMA 9 of the range. NaN
   * where a divisor is 0.
   */
  private static final class Mass extends BarColumns {
    private static final int LENGTH = 25;

    private final Candles candles;
    private final Average first = Average.ema(9);
    private final Average second = Average.ema(9);
    private final double[] ratios = new double[LENGTH];

    Mass(Candles candles) {
      super(354, "w25_band_mass");
      this.candles = candles;
    }

    @Override
    void reset() {
      first.reset();
      second.reset();
    }

    @Override
    void take(int bar) {
      double average = first.take(candles.range(bar));
      double smoothed = second.take(average);
      ratios[bar % LENGTH] = smoothed == 0 ? Double.NaN : average / smoothed;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double sum = 0;
      for (double ratio : ratios) {
        sum += ratio;
      }
      row[offset] = sum;
    }
  }

  /** 100 (E(t) / E(t-10) - 1), E being the EMA 10 of the range. NaN where E(t-10) is 0. */
  private static final class ChaikinVolatility extends BarColumns {
    private static final int LENGTH = 10;

    private final Candles candles;
    private final Average average = Average.ema(LENGTH);
    private final double[] averages = new double[LENGTH];
    private double before;

    ChaikinVolatility(Candles candles) {
      super(194, "w10_band_chaikin_volatility");
      this.candles = candles;
    }

    @Override
    void reset() {
      average.reset();
    }

    @Override
    void take(int bar) {
      int place = bar % LENGTH;
      before = averages[place];
      averages[place] = average.take(candles.range(bar));
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = before == 0 ? Double.NaN : 100 * (average.value() - before) / before;
    }
  }
}
