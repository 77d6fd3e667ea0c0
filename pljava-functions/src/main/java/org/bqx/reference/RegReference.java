package org.bqx.reference;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.SecondMoment;
import org.bqx.kernel.Bars;

/**
 * The family reg by Apache Commons Math, one window at a time: slow, independent of the rolling
 * kernels, and the judge of them.
 *
 * <p>Plain doubles near 100 are not enough for a QR fit over k and k&sup2;, so the values are
 * centred on their mean and the bars on u = (2k - (W-1)) / (W-1), which runs from -1 to 1. The fit
 * g + p u + q u&sup2; is then expanded: a = 4q/(W-1)&sup2;, b = (2p - 4q)/(W-1), c = mean + g - p +
 * q.
 *
 * <p>The basis depends on W alone, so that its QR decomposition, which takes longer than all the
 * rest, is kept for the next window of that length.
 */
public final class RegReference implements Reference {

  private static final Basis[] BASES = new Basis[64];

  /** The basis {1, u, u&sup2;} of a window length, a row for each bar, and its decomposition. */
  private static final class Basis {
    final int length;
    final RealMatrix values;
    final DecompositionSolver solver;

    private Basis(int length) {
      this.length = length;
      double span = length - 1;
      double[][] rows = new double[length][];
      for (int k = 0; k < length; k++) {
        double u = (2 * k - span) / span;
        rows[k] = new double[] {1, u, u * u};
      }
      values = new Array2DRowRealMatrix(rows, false);
      solver = new QRDecomposition(values).getSolver();
    }

    static Basis of(int length) {
      int slot = length % BASES.length;
      Basis basis = BASES[slot];
      if (basis == null || basis.length != length) {
        basis = new Basis(length);
        BASES[slot] = basis;
      }
      return basis;
    }
  }

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    return PastWindows.row(bars, bar, windows, RegReference::metrics);
  }

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
    RealVector y = new ArrayRealVector(window).mapSubtractToSelf(mean);
    Basis basis = Basis.of(length);
    RealVector fit = basis.solver.solve(y);
    RealVector residuals = y.subtract(basis.values.operate(fit));
    double residualSquares = residuals.dotProduct(residuals);
    boolean constant = StatUtils.max(window) == StatUtils.min(window);
    double aTerm = 4 * fit.getEntry(2);
    double bTerm = 2 * fit.getEntry(1) - aTerm;
    return new double[] {
      aTerm / (span * span),
      bTerm / span,
      mean + fit.getEntry(0) - fit.getEntry(1) + fit.getEntry(2),
      aTerm,
      bTerm,
      constant ? 0 : 1 - residualSquares / new SecondMoment().evaluate(y.toArray()),
      Math.sqrt(residualSquares / length),
      residuals.getEntry(length - 1),
      (current - window[0]) / window[0]
    };
  }
}
