package org.bqx.reference;

import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.bqx.kernel.Bars;

/** The family band: each window by itself, and recursions over all bars at once. */
public final class BandReference implements Reference {

  private Bars known;
  private PriceSeries prices;
  private double[] trueRange;
  private double[] keltner;
  private double[] keltnerRange;
  private double[] fall;
  private double[] massRatio;
  private double[] chaikin;

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    if (bars != known) {
      compute(bars);
    }
    double[] x = prices.x;
    return new ReferenceRow(bars, bar)
        .add(19, () -> mean(bar) + 2 * deviation(bar))
        .add(19, () -> mean(bar))
        .add(19, () -> mean(bar) - 2 * deviation(bar))
        .add(19, () -> 400 * deviation(bar) / mean(bar))
        .add(
            19,
            () -> 0.5 - PriceSeries.quotient(StatUtils.mean(differences(bar)), 4 * deviation(bar)))
        .add(497, () -> trueRange[bar])
        .add(497, () -> 100 * trueRange[bar] / x[bar])
        .add(718, () -> keltner[bar] + 2 * keltnerRange[bar])
        .add(718, () -> keltner[bar])
        .add(718, () -> keltner[bar] - 2 * keltnerRange[bar])
        .add(718, () -> 0.5 + PriceSeries.quotient(x[bar] - keltner[bar], 4 * keltnerRange[bar]))
        .add(19, () -> PriceSeries.max(prices.high, bar, 20))
        .add(
            19,
            () ->
                (PriceSeries.max(prices.high, bar, 20) + PriceSeries.min(prices.low, bar, 20)) / 2)
        .add(19, () -> PriceSeries.min(prices.low, bar, 20))
        .add(
            19,
            () ->
                100
                    * (PriceSeries.max(prices.high, bar, 20) - PriceSeries.min(prices.low, bar, 20))
                    / x[bar])
        .add(718, () -> squeeze(bar))
        .add(26, () -> ulcer(bar))
        .add(354, () -> PriceSeries.sum(massRatio, bar, 25))
        .add(
            194,
            () -> PriceSeries.quotient(100 * (chaikin[bar] - chaikin[bar - 10]), chaikin[bar - 10]))
        .toArray();
  }

  private void compute(Bars bars) {
    prices = new PriceSeries(bars, 1, 2);
    trueRange = Recursions.wilder(prices.trueRange, 1, 14);
    keltner = Recursions.ema(prices.x, 0, 20);
    keltnerRange = Recursions.wilder(prices.trueRange, 1, 20);
    fall =
        prices.from(
            13,
            i -> {
              double greatest = PriceSeries.max(prices.x, i, 14);
              return 100 * (prices.x[i] - greatest) / greatest;
            });
    double[] first = Recursions.ema(prices.range, 0, 9);
    double[] second = Recursions.ema(first, 0, 9);
    massRatio = prices.from(0, i -> PriceSeries.quotient(first[i], second[i]));
    chaikin = Recursions.ema(prices.range, 0, 10);
    known = bars;
  }

  /** The closes of 20 bars less the last, as a mean near 100 would lose digits. */
  private double[] differences(int bar) {
    double[] differences = PriceSeries.window(prices.x, bar, 20);
    for (int i = 0; i < 20; i++) {
      differences[i] -= prices.x[bar];
    }
    return differences;
  }

  private double mean(int bar) {
    return prices.x[bar] + StatUtils.mean(differences(bar));
  }

  private double deviation(int bar) {
    return new StandardDeviation(false).evaluate(differences(bar));
  }

  private double squeeze(int bar) {
    double width = 2 * deviation(bar);
    boolean below = mean(bar) + width < keltner[bar] + 2 * keltnerRange[bar];
    boolean above = mean(bar) - width > keltner[bar] - 2 * keltnerRange[bar];
    return below && above ? 1 : 0;
  }

  private double ulcer(int bar) {
    double squares = 0;
    for (double value : PriceSeries.window(fall, bar, 14)) {
      squares += value * value;
    }
    return Math.sqrt(squares / 14);
  }
}
