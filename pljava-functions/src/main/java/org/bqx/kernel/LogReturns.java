package org.bqx.kernel;

/**
 * Logarithms of ratios of a bar's prices, by log1p((a - b)/b), which keeps the digits of ratios
 * near 1. They take most of the time, so that columns share them: a chunk of bars is computed when
 * the first of its bars is asked for.
 */
final class LogReturns {

  private static final int CHUNK = 64;

  private final double[] values;
  private final int count;

  /** Elements are made by the first {@link #provide}. */
  private double[] changes;

  private double[] gaps;
  private double[] bodies;
  private double[] squaredRanges;
  private double[] rogersSatchell;
  private boolean[] provided;

  LogReturns(Bars bars) {
    values = bars.values();
    count = bars.count();
  }

  /** Computes what a bar needs, if it is not yet there. */
  void provide(int bar) {
    if (provided == null) {
      allocate();
    }
    int chunk = bar / CHUNK;
    if (!provided[chunk]) {
      int end = Math.min(count, (chunk + 1) * CHUNK);
      for (int i = chunk * CHUNK; i < end; i++) {
        compute(i);
      }
      provided[chunk] = true;
    }
  }

  private void allocate() {
    changes = new double[count];
    gaps = new double[count];
    bodies = new double[count];
    squaredRanges = new double[count];
    rogersSatchell = new double[count];
    provided = new boolean[count / CHUNK + 1];
  }

  private void compute(int bar) {
    double close = values[bar];
    double open = values[RvolFamily.OPEN * count + bar];
    double high = values[RvolFamily.HIGH * count + bar];
    double low = values[RvolFamily.LOW * count + bar];
    double up = logarithm(high, open);
    double down = logarithm(low, open);
    double body = logarithm(close, open);
    double range = logarithm(high, low);
    bodies[bar] = body;
    squaredRanges[bar] = range * range;
    // Not less than 0 but for rounding.
    rogersSatchell[bar] = Math.max(0, up * (up - body) + down * (down - body));
    if (bar > 0) {
      double before = values[bar - 1];
      changes[bar] = logarithm(close, before);
      gaps[bar] = logarithm(open, before);
    }
  }

  private static double logarithm(double a, double b) {
    // Many bars open at the close before, or do not move: log1p(0) is 0.
    return a == b ? 0 : StrictMath.log1p((a - b) / b);
  }

  /** ln(x(t) / x(t-1)); 0 at bar 0. */
  double change(int bar) {
    return changes[bar];
  }

  /** ln(open(t) / x(t-1)); 0 at bar 0. */
  double gap(int bar) {
    return gaps[bar];
  }

  /** ln(x / open). */
  double body(int bar) {
    return bodies[bar];
  }

  /** ln&sup2;(high / low). */
  double squaredRange(int bar) {
    return squaredRanges[bar];
  }

  /** max(0, u (u - c) + w (w - c)). */
  double rogersSatchell(int bar) {
    return rogersSatchell[bar];
  }
}
