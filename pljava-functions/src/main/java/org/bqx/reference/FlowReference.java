package org.bqx.reference;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.math3.stat.StatUtils;
import org.bqx.kernel.Bars;

/** The family flow: each window by itself, and the recursion over all bars at once. */
public final class FlowReference implements Reference {

  private static final double TIE = 1e-7;

  private Bars known;
  private PriceSeries prices;
  private double[] volume;
  private double[] day;
  private double[] force;

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    if (bars != known) {
      compute(bars);
    }
    return new ReferenceRow(bars, bar)
        .add(60, () -> average(bar, 60, i -> Math.signum(prices.change[i])))
        .add(59, () -> average(bar, 60, this::location))
        .add(19, () -> average(bar, 20, this::location))
        .add(240, () -> force[bar])
        .add(14, () -> easeOfMovement(bar))
        .add(60, () -> sumOfReturns(bar, -1))
        .add(60, () -> sumOfReturns(bar, 1))
        .add(14, () -> moneyFlow(bar))
        .add(59, () -> prices.x[bar] / average(bar, 60, i -> prices.typical[i]) - 1)
        .add(1_439, () -> dayDistance(bar))
        .toArray();
  }

  private void compute(Bars bars) {
    prices = new PriceSeries(bars, 1, 2);
    volume = PriceSeries.input(bars, 3);
    double[] minute = PriceSeries.input(bars, 4);
    day = prices.from(0, i -> Math.floor(minute[i] / 1_440));
    // The averages of the bars that have a volume, and then back to all bars.
    int[] present = new int[volume.length];
    int count = 0;
    for (int i = 1; i < volume.length; i++) {
      if (!Double.isNaN(volume[i])) {
        present[count++] = i;
      }
    }
    double[] moves = new double[count];
    double[] volumes = new double[count];
    for (int k = 0; k < count; k++) {
      moves[k] = prices.change[present[k]] * volume[present[k]];
      volumes[k] = volume[present[k]];
    }
    double[] move = Recursions.ema(moves, 0, 13);
    double[] average = Recursions.ema(volumes, 0, 13);
    force = new double[volume.length];
    Arrays.fill(force, Double.NaN);
    for (int k = 0; k < count; k++) {
      force[present[k]] = PriceSeries.quotient(move[k], average[k]);
    }
    known = bars;
  }

  /** The mean of a value by volume. */
  private double average(int bar, int length, IntToDoubleFunction value) {
    double sum = 0;
    for (int i = bar - length + 1; i <= bar; i++) {
      sum += value.applyAsDouble(i) * volume[i];
    }
    return PriceSeries.quotient(sum, PriceSeries.sum(volume, bar, length));
  }

  private double location(int bar) {
    double up = prices.x[bar] - prices.low[bar];
    double down = prices.high[bar] - prices.x[bar];
    return prices.range[bar] == 0 ? 0 : (up - down) / prices.range[bar];
  }

  private double easeOfMovement(int bar) {
    double[] ease = new double[14];
    for (int k = 0; k < 14; k++) {
      int i = bar - k;
      ease[k] =
          PriceSeries.quotient(
              (prices.middle[i] - prices.middle[i - 1]) * prices.range[i], volume[i]);
    }
    return StatUtils.mean(ease) * PriceSeries.mean(volume, bar, 14);
  }

  private double sumOfReturns(int bar, int side) {
    double sum = 0;
    for (int i = bar - 59; i <= bar; i++) {
      double difference = volume[i] - volume[i - 1];
      if (Double.isNaN(difference)) {
        return Double.NaN;
      }
      if (Math.signum(difference) == side) {
        sum += Math.log1p(prices.change[i] / prices.x[i - 1]);
      }
    }
    return sum;
  }

  private double moneyFlow(int bar) {
    double rising = 0;
    double falling = 0;
    for (int i = bar - 13; i <= bar; i++) {
      if (Double.isNaN(volume[i])) {
        return Double.NaN;
      }
      double difference = prices.typical[i] - prices.typical[i - 1];
      if (difference > TIE) {
        rising += prices.typical[i] * volume[i];
      }
      if (difference < -TIE) {
        falling += prices.typical[i] * volume[i];
      }
    }
    return PriceSeries.quotient(100 * rising, rising + falling);
  }

  private double dayDistance(int bar) {
    int first = bar;
    while (first > 0 && day[first - 1] == day[bar]) {
      first--;
    }
    return prices.x[bar] / average(bar, bar - first + 1, i -> prices.typical[i]) - 1;
  }
}
