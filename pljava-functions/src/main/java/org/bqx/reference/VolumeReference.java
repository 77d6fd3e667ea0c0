package org.bqx.reference;

import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.apache.commons.math3.util.MathArrays;
import org.bqx.kernel.Bars;

/** The family volume by Apache Commons Math, one window at a time. */
public final class VolumeReference implements Reference {

  private static final int VOLUME = 1;
  private static final int LENGTH = 60;

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    RowBuilder row = new RowBuilder(bars, bar);
    double volume = bars.at(VOLUME, bar);
    for (int length : windows) {
      row.add(
          length - 1,
          () -> Windows.quotient(volume, StatUtils.mean(Windows.last(bars, VOLUME, bar, length))));
    }
    row.add(LENGTH - 1, () -> spike(Windows.last(bars, VOLUME, bar, LENGTH)));
    row.add(LENGTH - 1, () -> slope(Windows.last(bars, VOLUME, bar, LENGTH)));
    row.add(LENGTH - 1, () -> StatUtils.sum(Windows.last(bars, VOLUME, bar, LENGTH)));
    row.add(
        LENGTH,
        () ->
            weightedReturn(
                Windows.last(bars, VOLUME, bar, LENGTH), Windows.returns(bars, 0, bar, LENGTH)));
    row.add(
        LENGTH,
        () ->
            correlation(
                Windows.last(bars, VOLUME, bar, LENGTH), Windows.returns(bars, 0, bar, LENGTH)));
    row.add(LENGTH - 1, () -> position(Windows.last(bars, VOLUME, bar, LENGTH)));
    row.add(LENGTH - 1, () -> volatility(Windows.last(bars, VOLUME, bar, LENGTH)));
    return row.row();
  }

  private static double spike(double[] volumes) {
    double mean = StatUtils.mean(volumes);
    if (Double.isNaN(mean) || mean == 0) {
      return Double.NaN;
    }
    return volumes[volumes.length - 1] > 2 * mean ? 1 : 0;
  }

  private static double slope(double[] volumes) {
    return Windows.quotient(Windows.slope(volumes), StatUtils.mean(volumes));
  }

  private static double weightedReturn(double[] volumes, double[] returns) {
    return Windows.quotient(
        StatUtils.sum(MathArrays.ebeMultiply(returns, volumes)), StatUtils.sum(volumes));
  }

  private static double correlation(double[] volumes, double[] returns) {
    double[] moves = new double[returns.length];
    for (int i = 0; i < moves.length; i++) {
      moves[i] = Math.abs(returns[i]);
    }
    return Windows.correlation(volumes, moves);
  }

  private static double position(double[] volumes) {
    double sum = StatUtils.sum(volumes);
    // Commons Math passes over NaN.
    return Double.isNaN(sum) ? sum : RateReference.position(volumes);
  }

  private static double volatility(double[] volumes) {
    return Windows.quotient(new StandardDeviation().evaluate(volumes), StatUtils.mean(volumes));
  }
}
