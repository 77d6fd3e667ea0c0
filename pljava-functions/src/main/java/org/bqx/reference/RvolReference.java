package org.bqx.reference;

import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.Variance;
import org.bqx.kernel.Bars;

/** The family rvol: each window by itself, variances by Commons Math. */
public final class RvolReference implements Reference {

  private Bars known;
  private double[] changes;
  private double[] gaps;
  private double[] bodies;
  private double[] squaredRanges;
  private double[] garmanKlass;
  private double[] rogersSatchell;
  private double[] squares;
  private double[] products;

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    if (bars != known) {
      compute(bars);
    }
    ReferenceRow row = new ReferenceRow(bars, bar);
    for (int length : windows) {
      row.add(length, () -> Math.sqrt(variance(changes, bar, length)))
          .add(length, () -> yangZhang(bar, length));
    }
    for (int length : windows) {
      row.add(
              length - 1,
              () ->
                  Math.sqrt(
                      PriceSeries.sum(squaredRanges, bar, length) / (4 * length * Math.log(2))))
          .add(length - 1, () -> Math.sqrt(PriceSeries.mean(garmanKlass, bar, length)))
          .add(length - 1, () -> Math.sqrt(PriceSeries.mean(rogersSatchell, bar, length)));
    }
    return row.add(60, () -> Math.sqrt(bipower(bar)))
        .add(60, () -> jump(bar))
        .add(240, () -> ratio(bar))
        .toArray();
  }

  private void compute(Bars bars) {
    PriceSeries prices = new PriceSeries(bars, 2, 3);
    double[] x = prices.x;
    double[] open = PriceSeries.input(bars, 1);
    changes = prices.from(1, i -> logarithm(x[i], x[i - 1]));
    gaps = prices.from(1, i -> logarithm(open[i], x[i - 1]));
    bodies = prices.from(0, i -> logarithm(x[i], open[i]));
    squaredRanges = prices.from(0, i -> Math.pow(logarithm(prices.high[i], prices.low[i]), 2));
    garmanKlass =
        prices.from(0, i -> squaredRanges[i] / 2 - (2 * Math.log(2) - 1) * bodies[i] * bodies[i]);
    rogersSatchell =
        prices.from(
            0,
            i -> {
              double up = logarithm(prices.high[i], open[i]);
              double down = logarithm(prices.low[i], open[i]);
              return Math.max(0, up * (up - bodies[i]) + down * (down - bodies[i]));
            });
    squares = prices.from(1, i -> changes[i] * changes[i]);
    products = prices.from(2, i -> Math.abs(changes[i] * changes[i - 1]));
    known = bars;
  }

  private static double logarithm(double a, double b) {
    return Math.log1p((a - b) / b);
  }

  private static double variance(double[] values, int bar, int length) {
    double[] window = PriceSeries.window(values, bar, length);
    return StatUtils.max(window) == StatUtils.min(window) ? 0 : new Variance().evaluate(window);
  }

  private double yangZhang(int bar, int length) {
    double k = 0.34 / (1.34 + (length + 1.0) / (length - 1.0));
    return Math.sqrt(
        variance(gaps, bar, length)
            + k * variance(bodies, bar, length)
            + (1 - k) * PriceSeries.mean(rogersSatchell, bar, length));
  }

  private double bipower(int bar) {
    return Math.PI / 2 * PriceSeries.mean(products, bar, 59);
  }

  private double jump(int bar) {
    double square = PriceSeries.mean(squares, bar, 60);
    return square == 0 ? Double.NaN : Math.max(0, 1 - bipower(bar) / square);
  }

  private double ratio(int bar) {
    return PriceSeries.quotient(
        Math.sqrt(variance(changes, bar, 20)), Math.sqrt(variance(changes, bar, 240)));
  }
}
