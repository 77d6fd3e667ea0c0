package org.bqx.functions;

import java.sql.SQLException;
import org.bqx.reference.BqxReference;
import org.bqx.reference.RegReference;

/** The functions {@code bqx.bqx_reference} and {@code bqx.reg_reference}, for verification. */
public final class ReferenceFunctions {

  private ReferenceFunctions() {}

  /**
   * Metrics of the family bqx for one window.
   *
   * @param windowValues the W indexes of the window, oldest first; W is at least 2
   * @param currentValue the index of the bar after the window
   * @return nine elements, in the order of {@link FeatureFunctions#bqxRows}
   * @throws SQLException 22004 for a null argument, 22023 for one out of range
   */
  public static double[] bqx(double[] windowValues, Double currentValue) throws SQLException {
    Arguments.checkWindow(windowValues, currentValue, 2);
    return BqxReference.metrics(windowValues, currentValue);
  }

  /**
   * Metrics of the family reg for one window.
   *
   * @param windowValues the W indexes of the window, oldest first; W is at least 3
   * @param currentValue the index of the bar after the window
   * @return nine elements, in the order of {@link FeatureFunctions#regRows}
   * @throws SQLException 22004 for a null argument, 22023 for one out of range
   */
  public static double[] reg(double[] windowValues, Double currentValue) throws SQLException {
    Arguments.checkWindow(windowValues, currentValue, 3);
    return RegReference.metrics(windowValues, currentValue);
  }
}
