package org.bqx.reference;

import org.bqx.kernel.Bars;

/** The family trend: each window by itself, and recursions over all bars at once. */
public final class TrendReference implements Reference {

  private static final double TIE = 1e-7;
  private static final int[] EMA_LENGTHS = {10, 20, 50, 100, 200};
  private static final int[] EMA_NEEDS = {184, 368, 919, 1_837, 3_674};

  private Bars known;
  private PriceSeries prices;
  private final double[][] averages = new double[EMA_LENGTHS.length][];
  private double[] adaptive;
  private double[] convergence;
  private double[] signal;
  private double[] plus;
  private double[] minus;
  private double[] direction;
  private double[] stops;
  private double[] sides;

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    if (bars != known) {
      compute(bars);
    }
    double[] x = prices.x;
    ReferenceRow row = new ReferenceRow(bars, bar);
    for (int length : EMA_LENGTHS) {
      row.add(length - 1, () -> PriceSeries.mean(x, bar, length));
    }
    for (int i = 0; i < EMA_LENGTHS.length; i++) {
      double[] average = averages[i];
      row.add(EMA_NEEDS[i], () -> average[bar]);
    }
    return row.add(3_674, () -> adaptive[bar])
        .add(24, () -> slope(bar, 20))
        .add(54, () -> slope(bar, 50))
        .add(478, () -> convergence[bar])
        .add(643, () -> signal[bar])
        .add(643, () -> convergence[bar] - signal[bar])
        .add(497, () -> plus[bar])
        .add(497, () -> minus[bar])
        .add(993, () -> direction[bar])
        .add(500, () -> stops[bar])
        .add(500, () -> sides[bar])
        .add(8, () -> middle(bar, 9))
        .add(25, () -> middle(bar, 26))
        .add(51, () -> (middle(bar - 26, 9) + middle(bar - 26, 26)) / 2)
        .add(77, () -> middle(bar - 26, 52))
        .add(26, () -> (x[bar] - x[bar - 26]) / x[bar - 26])
        .add(14, () -> vortex(bar, prices.high, prices.low))
        .add(14, () -> vortex(bar, prices.low, prices.high))
        .toArray();
  }

  private void compute(Bars bars) {
    prices = new PriceSeries(bars, 1, 2);
    for (int i = 0; i < EMA_LENGTHS.length; i++) {
      averages[i] = Recursions.ema(prices.x, 0, EMA_LENGTHS[i]);
    }
    computeAdaptive();
    double[] fast = Recursions.ema(prices.x, 0, 12);
    double[] slow = Recursions.ema(prices.x, 0, 26);
    convergence = prices.from(0, i -> fast[i] - slow[i]);
    signal = Recursions.ema(convergence, 0, 9);
    computeDirection();
    computeStops();
    known = bars;
  }

  private void computeAdaptive() {
    double[] x = prices.x;
    adaptive = prices.from(0, i -> x[i]);
    for (int i = 10; i < x.length; i++) {
      double way = 0;
      for (double change : PriceSeries.window(prices.change, i, 10)) {
        way += Math.abs(change);
      }
      double efficiency = way == 0 ? 0 : Math.abs(x[i] - x[i - 10]) / way;
      double constant = Math.pow(efficiency * (2 / 3.0 - 2 / 31.0) + 2 / 31.0, 2);
      adaptive[i] = adaptive[i - 1] + (x[i] - adaptive[i - 1]) * constant;
    }
  }

  private void computeDirection() {
    double[] up = prices.from(1, i -> prices.high[i] - prices.high[i - 1]);
    double[] down = prices.from(1, i -> prices.low[i - 1] - prices.low[i]);
    double[] rise = wilder(prices.from(1, i -> up[i] - down[i] > TIE && up[i] > 0 ? up[i] : 0));
    double[] fall = wilder(prices.from(1, i -> down[i] - up[i] > TIE && down[i] > 0 ? down[i] : 0));
    double[] range = wilder(prices.trueRange);
    plus = prices.from(1, i -> PriceSeries.quotient(100 * rise[i], range[i]));
    minus = prices.from(1, i -> PriceSeries.quotient(100 * fall[i], range[i]));
    direction =
        wilder(
            prices.from(
                1,
                i ->
                    rise[i] + fall[i] == 0
                        ? 0
                        : 100 * Math.abs(rise[i] - fall[i]) / (rise[i] + fall[i])));
  }

  private static double[] wilder(double[] values) {
    return Recursions.wilder(values, 1, 14);
  }

  /** By the four steps of the definition, one after the other. */
  private void computeStops() {
    double[] high = prices.high;
    double[] low = prices.low;
    stops = new double[high.length];
    sides = new double[high.length];
    boolean isLong = true;
    double stop = 0;
    double extreme = 0;
    double factor = 0.02;
    for (int t = 1; t < high.length; t++) {
      int before = t == 1 ? 1 : t - 1;
      if (t == 1) {
        double up = high[1] - high[0];
        double down = low[0] - low[1];
        isLong = !(down > 0 && down > up);
        stop = isLong ? low[0] : high[0];
        extreme = isLong ? high[1] : low[1];
      }
      boolean turned = true;
      if (isLong && low[t] <= stop) {
        stop = Math.max(extreme, Math.max(high[before], high[t]));
        isLong = false;
        factor = 0.02;
        extreme = low[t];
      } else if (!isLong && high[t] >= stop) {
        stop = Math.min(extreme, Math.min(low[before], low[t]));
        isLong = true;
        factor = 0.02;
        extreme = high[t];
      } else {
        turned = false;
      }
      stops[t] = stop;
      sides[t] = isLong ? 1 : -1;
      if (!turned && isLong && high[t] > extreme) {
        extreme = high[t];
        factor = Math.min(factor + 0.02, 0.2);
      }
      if (!turned && !isLong && low[t] < extreme) {
        extreme = low[t];
        factor = Math.min(factor + 0.02, 0.2);
      }
      stop += factor * (extreme - stop);
      if (isLong) {
        stop = Math.min(stop, Math.min(low[before], low[t]));
      } else {
        stop = Math.max(stop, Math.max(high[before], high[t]));
      }
    }
  }

  /** Of the closes less the last one, as means near 100 would lose the digits of a quiet window. */
  private double slope(int bar, int length) {
    double last = prices.x[bar];
    double[] differences = new double[bar + 1];
    for (int i = bar - length - 4; i <= bar; i++) {
      differences[i] = prices.x[i] - last;
    }
    double now = PriceSeries.mean(differences, bar, length);
    double before = PriceSeries.mean(differences, bar - 5, length);
    return 1e4 * ((now - before) / (last + before)) / 5;
  }

  private double middle(int bar, int length) {
    return (PriceSeries.max(prices.high, bar, length) + PriceSeries.min(prices.low, bar, length))
        / 2;
  }

  /** &Sigma; abs(a(t) - b(t-1)) / &Sigma; TR over 14 bars. */
  private double vortex(int bar, double[] a, double[] b) {
    double sum = 0;
    for (int i = bar - 13; i <= bar; i++) {
      sum += Math.abs(a[i] - b[i - 1]);
    }
    return PriceSeries.quotient(sum, PriceSeries.sum(prices.trueRange, bar, 14));
  }
}
