package org.bqx.reference;

import java.util.Arrays;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.bqx.kernel.Bars;

/** The family rate by Apache Commons Math, one window at a time. */
public final class RateReference implements Reference {

  private static final int OPEN = 1;
  private static final int HIGH = 2;
  private static final int LOW = 3;

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    RowBuilder row = new RowBuilder(bars, bar);
    double close = bars.at(0, bar);
    for (int length : new int[] {1, 5, 15, 30, 60, 240}) {
      row.add(length, () -> (close - bars.at(0, bar - length)) / bars.at(0, bar - length));
    }
    for (int length : windows) {
      row.add(length - 1, () -> zscore(Windows.last(bars, 0, bar, length)));
    }
    for (int length : windows) {
      row.add(length - 1, () -> position(Windows.last(bars, 0, bar, length)));
    }
    for (int length : windows) {
      row.add(
          length, () -> new StandardDeviation().evaluate(Windows.returns(bars, 0, bar, length)));
    }
    double open = bars.at(OPEN, bar);
    double high = bars.at(HIGH, bar);
    double low = bars.at(LOW, bar);
    row.add(0, () -> (high - low) / close);
    row.add(0, () -> Windows.quotient(close - open, high - low));
    row.add(0, () -> Windows.quotient(high - Math.max(open, close), high - low));
    row.add(0, () -> Windows.quotient(Math.min(open, close) - low, high - low));
    row.add(0, () -> Windows.quotient(close - low, high - low));
    row.add(1, () -> (open - bars.at(0, bar - 1)) / bars.at(0, bar - 1));
    row.add(
        60,
        () -> Arrays.stream(Windows.returns(bars, 0, bar, 60)).filter(r -> r > 0).count() / 60.0);
    return row.row();
  }

  /** Deviations are taken from the last value, not from the mean's rounded sum. */
  private static double zscore(double[] window) {
    double[] deviations = Windows.less(window, window[window.length - 1]);
    return Windows.isConstant(window)
        ? Double.NaN
        : -StatUtils.mean(deviations) / new StandardDeviation().evaluate(deviations);
  }

  static double position(double[] window) {
    double min = StatUtils.min(window);
    return Windows.quotient(window[window.length - 1] - min, StatUtils.max(window) - min);
  }
}
