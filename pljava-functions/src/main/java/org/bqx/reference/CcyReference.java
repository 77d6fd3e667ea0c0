package org.bqx.reference;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.bqx.kernel.Bars;

/**
 * The family ccy by Commons Math: least squares by Householder's reflections, of the pairs' lines
 * and one more that says that the strengths add up to 0.
 */
public final class CcyReference implements Reference {

  private static final int CURRENCIES = 8;

  /** A diagonal element of R that is smaller is a zero with rounding. */
  private static final double SINGULAR = 1e-9;

  private Bars known;

  /** The first bar at which a currency occurs; the number of bars if it never does. */
  private int[] firstBars;

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    if (bars != known) {
      findFirstBars(bars);
    }
    double[] strengths = new double[CURRENCIES];
    RealMatrix lines = MatrixUtils.createRealMatrix(29, CURRENCIES);
    RealVector logarithms = new ArrayRealVector(29);
    int pairs = 0;
    int line = 0;
    for (int i = 0; i < CURRENCIES; i++) {
      for (int j = i + 1; j < CURRENCIES; j++, line++) {
        double x = bars.at(1 + line, bar);
        if (!Double.isNaN(x)) {
          lines.setEntry(line, i, 1);
          lines.setEntry(line, j, -1);
          logarithms.setEntry(line, (x > 0 ? 1 : -1) * Math.log1p((Math.abs(x) - 100) / 100));
          pairs++;
        }
      }
    }
    int[] present = present(bar);
    double squares = Double.NaN;
    Arrays.fill(strengths, Double.NaN);
    if (pairs > 0) {
      int[] all = IntStream.rangeClosed(0, 28).toArray();
      RealMatrix chosen = lines.getSubMatrix(all, present);
      for (int column = 0; column < present.length; column++) {
        chosen.setEntry(28, column, 1);
      }
      DecompositionSolver solver = new QRDecomposition(chosen, SINGULAR).getSolver();
      if (solver.isNonSingular()) {
        RealVector solution = solver.solve(logarithms);
        for (int column = 0; column < present.length; column++) {
          strengths[present[column]] = solution.getEntry(column);
        }
        RealVector residuals = logarithms.subtract(chosen.operate(solution));
        residuals.setEntry(28, 0);
        squares = residuals.dotProduct(residuals);
      }
    }
    RowBuilder row = new RowBuilder(bars, bar);
    for (double strength : strengths) {
      row.add(0, () -> 100 * Math.exp(strength));
    }
    double count = pairs;
    double mean = squares / pairs;
    row.add(0, () -> count);
    row.add(0, () -> 1e4 * Math.sqrt(mean));
    return row.row();
  }

  private void findFirstBars(Bars bars) {
    firstBars = new int[CURRENCIES];
    Arrays.fill(firstBars, bars.count());
    for (int bar = bars.count() - 1; bar >= 0; bar--) {
      int pair = 0;
      for (int i = 0; i < CURRENCIES; i++) {
        for (int j = i + 1; j < CURRENCIES; j++, pair++) {
          if (!Double.isNaN(bars.at(1 + pair, bar))) {
            firstBars[i] = bar;
            firstBars[j] = bar;
          }
        }
      }
    }
    known = bars;
  }

  private int[] present(int bar) {
    return IntStream.range(0, CURRENCIES).filter(currency -> firstBars[currency] <= bar).toArray();
  }
}
