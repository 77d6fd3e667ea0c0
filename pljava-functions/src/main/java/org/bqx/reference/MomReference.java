package org.bqx.reference;

import org.apache.commons.math3.stat.StatUtils;
import org.bqx.kernel.Bars;

/** The family mom: each window by itself, and recursions over all bars at once. */
public final class MomReference implements Reference {

  private Bars known;
  private PriceSeries prices;
  private double[] strength14;
  private double[] strength21;
  private double[] trix;

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    if (bars != known) {
      compute(bars);
    }
    double[] x = prices.x;
    return new ReferenceRow(bars, bar)
        .add(10, () -> x[bar] - x[bar - 10])
        .add(20, () -> x[bar] - x[bar - 20])
        .add(12, () -> 100 * (x[bar] - x[bar - 12]) / x[bar - 12])
        .add(13, () -> stochastic(bar))
        .add(13, () -> williams(bar))
        .add(15, () -> meanStochastic(bar))
        .add(
            17, () -> (meanStochastic(bar - 2) + meanStochastic(bar - 1) + meanStochastic(bar)) / 3)
        .add(14, () -> chande(bar))
        .add(19, () -> commodityChannel(bar))
        .add(28, () -> 100 * (4 * pressure(bar, 7) + 2 * pressure(bar, 14) + pressure(bar, 28)) / 7)
        .add(
            33,
            () ->
                PriceSeries.mean(prices.middle, bar, 5) - PriceSeries.mean(prices.middle, bar, 34))
        .add(497, () -> strength14[bar])
        .add(510, () -> stochasticStrength(bar))
        .add(754, () -> strength21[bar])
        .add(829, () -> 100 * (trix[bar] - trix[bar - 1]) / trix[bar - 1])
        .toArray();
  }

  private void compute(Bars bars) {
    prices = new PriceSeries(bars, 1, 2);
    strength14 = strength(14);
    strength21 = strength(21);
    trix = prices.x;
    for (int times = 0; times < 3; times++) {
      trix = Recursions.ema(trix, 0, 15);
    }
    known = bars;
  }

  private double[] strength(int length) {
    double[] rises = prices.from(1, i -> Math.max(prices.change[i], 0));
    double[] falls = prices.from(1, i -> Math.max(-prices.change[i], 0));
    double[] rise = Recursions.wilder(rises, 1, length);
    double[] fall = Recursions.wilder(falls, 1, length);
    return prices.from(1, i -> PriceSeries.quotient(100 * rise[i], rise[i] + fall[i]));
  }

  private double stochastic(int bar) {
    double high = PriceSeries.max(prices.high, bar, 14);
    double low = PriceSeries.min(prices.low, bar, 14);
    return PriceSeries.quotient(100 * (prices.x[bar] - low), high - low);
  }

  private double williams(int bar) {
    double high = PriceSeries.max(prices.high, bar, 14);
    double low = PriceSeries.min(prices.low, bar, 14);
    return PriceSeries.quotient(100 * (prices.x[bar] - high), high - low);
  }

  private double meanStochastic(int bar) {
    return (stochastic(bar - 2) + stochastic(bar - 1) + stochastic(bar)) / 3;
  }

  private double stochasticStrength(int bar) {
    double[] window = PriceSeries.window(strength14, bar, 14);
    for (double value : window) {
      if (Double.isNaN(value)) {
        return Double.NaN;
      }
    }
    double low = StatUtils.min(window);
    return PriceSeries.quotient(window[13] - low, StatUtils.max(window) - low);
  }

  private double chande(int bar) {
    double[] changes = PriceSeries.window(prices.change, bar, 14);
    double sizes = 0;
    for (double change : changes) {
      sizes += Math.abs(change);
    }
    return PriceSeries.quotient(100 * StatUtils.sum(changes), sizes);
  }

  /** Of the prices less the last one: a mean near 100 would lose the digits of a quiet window. */
  private double commodityChannel(int bar) {
    double[] window = PriceSeries.window(prices.typical, bar, 20);
    if (StatUtils.max(window) == StatUtils.min(window)) {
      return Double.NaN;
    }
    double[] differences = new double[20];
    for (int i = 0; i < 20; i++) {
      differences[i] = window[i] - window[19];
    }
    double mean = StatUtils.mean(differences);
    double deviations = 0;
    for (double difference : differences) {
      deviations += Math.abs(difference - mean);
    }
    return (differences[19] - mean) / (0.015 * deviations / 20);
  }

  private double pressure(int bar, int length) {
    double pressure = 0;
    for (int i = bar - length + 1; i <= bar; i++) {
      pressure += prices.x[i] - Math.min(prices.low[i], prices.x[i - 1]);
    }
    return PriceSeries.quotient(pressure, PriceSeries.sum(prices.trueRange, bar, length));
  }
}
