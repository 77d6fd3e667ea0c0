package org.bqx.functions;

import java.sql.SQLException;
import java.util.Iterator;
import org.bqx.kernel.RollingCorrelation;
import org.bqx.kernel.TargetCorrelation;

/** The functions {@code bqx.correlation_rows} and {@code bqx.rolling_correlation}. */
public final class CorrelationFunctions {

  /** What {@code bqx.functions_version} knows these by, beside the families. */
  static final String NAME = "target_corr";

  static {
    JarClasses.load();
  }

  private CorrelationFunctions() {}

  /**
   * How a feature of one month goes with a target.
   *
   * @param feature n values, one a bar, oldest first, NaN where absent; n is at least 1
   * @param target n values of the target at these bars, likewise
   * @param placebo n values of the target as it was long before them, likewise
   * @param windows lengths in bars, each at least 60
   * @param skip number of first bars that are there for the windows of the others alone; less than
   *     n
   * @param step every how many-th bar has a target of its own, at least 1
   * @return a row for each window: {@link TargetCorrelation#next}, NaN where undefined
   * @throws SQLException 22004 for a null argument, 22023 for one out of range
   */
  public static Iterator<double[]> correlationRows(
      double[] feature,
      double[] target,
      double[] placebo,
      int[] windows,
      Integer skip,
      Integer step)
      throws SQLException {
    Arguments.checkNotNull("feature", feature);
    Arguments.checkNotNull("target", target);
    Arguments.checkNotNull("placebo", placebo);
    Arguments.checkNotNull("windows", windows);
    Arguments.checkNotNull("skip", skip);
    Arguments.checkNotNull("step", step);
    Arguments.checkSeries("feature", feature, feature.length);
    Arguments.checkSeries("target", target, feature.length);
    Arguments.checkSeries("placebo", placebo, feature.length);
    Arguments.checkLengths("windows", windows, TargetCorrelation.LEAST);
    Arguments.checkSkipAndTail(skip, 0, feature.length);
    Arguments.checkLengths("step", new int[] {step}, 1);
    return new TargetCorrelation(feature, target, placebo, windows, skip, step);
  }

  /**
   * Pearson's correlation of two series over the last W bars, for each bar.
   *
   * @param a n values, one a bar, oldest first, NaN where absent; n is at least 1
   * @param b n values likewise
   * @param length W, at least 60
   * @return 3 columns one after the other, n values each: {@link RollingCorrelation#columns}
   * @throws SQLException 22004 for a null argument, 22023 for one out of range
   */
  public static double[] rollingCorrelation(double[] a, double[] b, Integer length)
      throws SQLException {
    Arguments.checkNotNull("a", a);
    Arguments.checkNotNull("b", b);
    Arguments.checkNotNull("length", length);
    Arguments.checkSeries("a", a, a.length);
    Arguments.checkSeries("b", b, a.length);
    Arguments.checkLengths("length", new int[] {length}, TargetCorrelation.LEAST);
    return RollingCorrelation.columns(a, b, length);
  }
}
