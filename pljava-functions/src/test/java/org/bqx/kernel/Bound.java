package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What counts as equal: 1e-9 relative or 1e-11 absolute, for a 1e-11 / (W-1)&sup2; and for b 1e-11
 * / (W-1).
 */
public final class Bound {

  static final String[] BQX = {
    "return",
    "mean_return",
    "max_index",
    "min_index",
    "avg_index",
    "stdev_index",
    "endpoint",
    "range",
    "volatility"
  };
  public static final String[] REG = {
    "a", "b", "c", "a_term", "b_term", "r2", "rmse", "resid_end", "endpoint"
  };

  private Bound() {}

  /** The error of one metric as a share of what is allowed: 1 is the limit. */
  static double share(String metric, int length, double actual, double expected) {
    double span = length - 1;
    double absolute =
        switch (metric) {
          case "a" -> 1e-11 / (span * span);
          case "b" -> 1e-11 / span;
          default -> 1e-11;
        };
    return Math.abs(actual - expected) / Math.max(absolute, 1e-9 * Math.abs(expected));
  }

  public static void assertWithin(
      String[] metrics, int length, double[] actual, double[] expected, String where) {
    for (int i = 0; i < metrics.length; i++) {
      // A NaN on either side makes the comparison false, and so fails.
      assertThat(share(metrics[i], length, actual[i], expected[i]) <= 1)
          .as(
              "%s of W = %s, %s: %s, expected %s",
              metrics[i], length, where, actual[i], expected[i])
          .isTrue();
    }
  }
}
