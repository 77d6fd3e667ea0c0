package org.bqx.reference;

import java.util.Arrays;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.bqx.kernel.Bars;

/** The last values of a series, that of the bar itself last. */
final class Windows {

  private Windows() {}

  /** The {@code length} values of an input that end with the bar's. */
  static double[] last(Bars bars, int input, int bar, int length) {
    int end = input * bars.count() + bar + 1;
    return Arrays.copyOfRange(bars.values(), end - length, end);
  }

  /** The {@code length} one-bar returns of an input that end with the bar's. */
  static double[] returns(Bars bars, int input, int bar, int length) {
    double[] returns = new double[length];
    for (int i = 0; i < length; i++) {
      int at = bar - length + 1 + i;
      double before = bars.at(input, at - 1);
      returns[i] = (bars.at(input, at) - before) / before;
    }
    return returns;
  }

  /** The {@code length} differences of neighbours of an input that end with the bar's. */
  static double[] moves(Bars bars, int input, int bar, int length) {
    double[] moves = new double[length];
    for (int i = 0; i < length; i++) {
      int at = bar - length + 1 + i;
      moves[i] = bars.at(input, at) - bars.at(input, at - 1);
    }
    return moves;
  }

  static boolean isConstant(double[] window) {
    return StatUtils.max(window) == StatUtils.min(window);
  }

  /** Each value less another: exact where the two are near. */
  static double[] less(double[] window, double value) {
    return Arrays.stream(window).map(z -> z - value).toArray();
  }

  /**
   * Pearson's correlation, undefined if one of the two is constant. By its definition, over
   * differences from the first values: PearsonsCorrelation takes the root of 1 less a share of
   * squares, which leaves a correlation near 0 few digits.
   */
  static double correlation(double[] a, double[] b) {
    if (isConstant(a) || isConstant(b)) {
      return Double.NaN;
    }
    double[] lessA = less(a, a[0]);
    double[] lessB = less(b, b[0]);
    StandardDeviation stdev = new StandardDeviation();
    return new Covariance().covariance(lessA, lessB)
        / (stdev.evaluate(lessA) * stdev.evaluate(lessB));
  }

  /** The least-squares slope over the places 0, 1, 2, ... */
  static double slope(double[] window) {
    SimpleRegression regression = new SimpleRegression();
    for (int k = 0; k < window.length; k++) {
      regression.addData(k, window[k]);
    }
    return regression.getSlope();
  }

  /** Undefined where the divisor is 0. */
  static double quotient(double dividend, double divisor) {
    return divisor == 0 ? Double.NaN : dividend / divisor;
  }
}
