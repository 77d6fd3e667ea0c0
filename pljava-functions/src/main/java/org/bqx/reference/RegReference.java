package org.bqx.reference;

import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;

/**
 * The family reg by Apache Commons Math, one window at a time: slow, independent of the rolling
 * kernels, and the judge of them.
 *
 * <p>Plain doubles near 100 are not enough for a QR fit over k and k&sup2;, so the values are
 * centred on their mean and the bars on u = (2k - (W-1)) / (W-1), which runs from -1 to 1. The fit
 * g + p u + q u&sup2; is then expanded: a = 4q/(W-1)&sup2;, b = (2p - 4q)/(W-1), c = mean + g - p +
 * q.
 */
public final class RegReference {

  private RegReference() {}

  /**
   * Metrics of one window.
   *
   * @param window the W indexes of the window, oldest first; W is at least 3
   * @param current the index of the bar after the window
   * @return nine elements: a, b, c, a_term, b_term, r2, rmse, resid_end, endpoint
   */
  public static double[] metrics(double[] window, double current) {
    int length = window.length;
    double span = length - 1;
    double mean = StatUtils.mean(window);
    double[] y = new double[length];
    double[][] basis = new double[length][2];
    for (int k = 0; k < length; k++) {
      double u = (2 * k - span) / span;
      basis[k][0] = u;
      basis[k][1] = u * u;
      y[k] = window[k] - mean;
    }
    OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
    regression.newSampleData(y, basis);
    double[] fit = regression.estimateRegressionParameters();
    double[] residuals = regression.estimateResiduals();
    boolean constant = StatUtils.max(window) == StatUtils.min(window);
    double aTerm = 4 * fit[2];
    double bTerm = 2 * fit[1] - aTerm;
    return new double[] {
      aTerm / (span * span),
      bTerm / span,
      mean + fit[0] - fit[1] + fit[2],
      aTerm,
      bTerm,
      constant ? 0 : regression.calculateRSquared(),
      Math.sqrt(regression.calculateResidualSumOfSquares() / length),
      residuals[length - 1],
      (current - window[0]) / window[0]
    };
  }
}
