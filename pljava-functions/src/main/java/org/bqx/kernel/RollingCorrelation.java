package org.bqx.kernel;

import java.util.Arrays;

/**
 * Pearson's correlation of the last W pairs of two aligned series, for each bar: {@link
 * RollingProducts} over all of them.
 */
public final class RollingCorrelation {

  private RollingCorrelation() {}

  /**
   * Computes the windows of the bars t-W+1 ... t for every bar t.
   *
   * @param a n values, NaN where absent; n is at least 1
   * @param b n values likewise
   * @param length W, at least 2
   * @return 3 columns one after the other, n values each: the correlation within [-1, 1], and the
   *     sample standard deviations of a and of b; all NaN where the window is not full or holds an
   *     absent value, the correlation also where a or b is constant in it
   */
  public static double[] columns(double[] a, double[] b, int length) {
    int count = a.length;
    double[] columns = new double[3 * count];
    Arrays.fill(columns, Double.NaN);
    RollingProducts window = new RollingProducts(length);
    for (int bar = start(window, a, b); bar < count; bar++) {
      window.advance(bar);
      double ofA = window.deviation();
      double ofB = window.otherDeviation();
      if (!Double.isNaN(ofA + ofB)) {
        columns[bar] = window.correlation();
        columns[count + bar] = ofA;
        columns[2 * count + bar] = ofB;
      }
    }
    return columns;
  }

  /**
   * Gathers the correlations that are there.
   *
   * @param first the first bar whose window counts
   * @return in order of time, those that are not NaN of the bars {@code first ... n-1}
   */
  static double[] present(double[] a, double[] b, int length, int first) {
    double[] present = new double[Math.max(0, a.length - first)];
    int found = 0;
    RollingProducts window = new RollingProducts(length);
    for (int bar = start(window, a, b); bar < a.length; bar++) {
      window.advance(bar);
      if (bar >= first) {
        double correlation = window.correlation();
        if (!Double.isNaN(correlation)) {
          present[found++] = correlation;
        }
      }
    }
    return Arrays.copyOf(present, found);
  }

  /** Starts at the first full window and returns its bar, which may be beyond the last. */
  private static int start(RollingProducts window, double[] a, double[] b) {
    int first = window.length - 1;
    if (first < a.length) {
      window.start(a, 0, b, 0, first);
    }
    return first;
  }
}
