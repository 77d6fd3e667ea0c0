package org.bqx.functions;

import java.sql.SQLException;
import java.util.Iterator;
import org.bqx.kernel.RollingRows;

/** The set-returning functions {@code bqx.bqx_rows} and {@code bqx.reg_rows}. */
public final class FeatureFunctions {

  private FeatureFunctions() {}

  /**
   * Rows of the family bqx.
   *
   * @param rateIndex indexes of n consecutive bars, oldest first; n is at least 1
   * @param windows lengths in bars, strictly ascending, each at least 2
   * @param skip number of leading bars that yield no row, 0 ... n-1
   * @return rows of bars skip ... n-1, made as they are asked for: rate_index, then for each window
   *     with enough history return, mean_return, max_index, min_index, avg_index, stdev_index,
   *     endpoint, range, volatility; the array is overwritten by the following row
   * @throws SQLException 22004 for a null argument, 22023 for one out of range
   */
  public static Iterator<double[]> bqxRows(double[] rateIndex, int[] windows, Integer skip)
      throws SQLException {
    Arguments.checkSeries(rateIndex, windows, skip, 2);
    return RollingRows.bqx(rateIndex, windows, skip);
  }

  /**
   * Rows of the family reg.
   *
   * @param rateIndex indexes of n consecutive bars, oldest first; n is at least 1
   * @param windows lengths in bars, strictly ascending, each at least 3
   * @param skip number of leading bars that yield no row, 0 ... n-1
   * @return rows of bars skip ... n-1, made as they are asked for: rate_index, then for each window
   *     with enough history a, b, c, a_term, b_term, r2, rmse, resid_end, endpoint; the array is
   *     overwritten by the following row
   * @throws SQLException 22004 for a null argument, 22023 for one out of range
   */
  public static Iterator<double[]> regRows(double[] rateIndex, int[] windows, Integer skip)
      throws SQLException {
    Arguments.checkSeries(rateIndex, windows, skip, 3);
    return RollingRows.reg(rateIndex, windows, skip);
  }
}
