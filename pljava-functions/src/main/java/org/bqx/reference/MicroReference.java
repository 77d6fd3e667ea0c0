package org.bqx.reference;

import java.util.Arrays;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.apache.commons.math3.util.FastMath;
import org.bqx.kernel.Bars;

/** The family micro by Apache Commons Math and the formulas as they were published. */
public final class MicroReference implements Reference {

  private static final int HIGH = 1;
  private static final int LOW = 2;
  private static final int VOLUME = 3;
  private static final int LENGTH = 60;

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    RowBuilder row = new RowBuilder(bars, bar);
    row.add(1, () -> Math.signum(bars.at(0, bar) - bars.at(0, bar - 1)));
    row.add(LENGTH, () -> tickRule(Windows.moves(bars, 0, bar, LENGTH)));
    row.add(LENGTH, () -> roll(Windows.moves(bars, 0, bar, LENGTH)) / bars.at(0, bar));
    row.add(LENGTH - 1, () -> toxicity(bars, bar));
    row.add(LENGTH, () -> corwinSchultz(bars, bar));
    return row.row();
  }

  private static double tickRule(double[] moves) {
    double sign = 0;
    for (double move : moves) {
      sign = move == 0 ? sign : Math.signum(move);
    }
    return sign;
  }

  private static double roll(double[] moves) {
    double covariance =
        new Covariance()
            .covariance(
                Arrays.copyOfRange(moves, 1, LENGTH), Arrays.copyOfRange(moves, 0, LENGTH - 1));
    return 2 * Math.sqrt(Math.max(0, -covariance));
  }

  private static double toxicity(Bars bars, int bar) {
    double[] volumes = Windows.last(bars, VOLUME, bar, LENGTH);
    double[] imbalances = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      int at = bar - LENGTH + 1 + i;
      double range = bars.at(HIGH, at) - bars.at(LOW, at);
      // Bought less sold, as shares of the range.
      double share =
          range == 0
              ? 0
              : ((bars.at(0, at) - bars.at(LOW, at)) - (bars.at(HIGH, at) - bars.at(0, at)))
                  / range;
      imbalances[i] = volumes[i] * Math.abs(share);
    }
    return Windows.quotient(StatUtils.sum(imbalances), StatUtils.sum(volumes));
  }

  private static double corwinSchultz(Bars bars, int bar) {
    double[] spreads = new double[LENGTH];
    double k = 3 - 2 * FastMath.sqrt(2);
    for (int i = 0; i < LENGTH; i++) {
      int at = bar - LENGTH + 1 + i;
      double beta = 0;
      for (int each = at - 1; each <= at; each++) {
        beta += square(logarithm(bars.at(HIGH, each), bars.at(LOW, each)));
      }
      double gamma =
          square(
              logarithm(
                  Math.max(bars.at(HIGH, at - 1), bars.at(HIGH, at)),
                  Math.min(bars.at(LOW, at - 1), bars.at(LOW, at))));
      double alpha = (FastMath.sqrt(2 * beta) - FastMath.sqrt(beta)) / k - FastMath.sqrt(gamma / k);
      // 2 (e^alpha - 1) / (e^alpha + 1)
      double spread = 2 * FastMath.expm1(alpha) / (FastMath.exp(alpha) + 1);
      spreads[i] = Math.max(0, spread);
    }
    return StatUtils.mean(spreads);
  }

  private static double logarithm(double high, double low) {
    return FastMath.log1p((high - low) / low);
  }

  private static double square(double value) {
    return value * value;
  }
}
