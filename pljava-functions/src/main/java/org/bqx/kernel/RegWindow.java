package org.bqx.kernel;

import java.util.List;

/**
 * Metrics of the family reg: the least-squares parabola y(k) = a k&sup2; + b k + c through the
 * window, k = 0 ... W-1.
 *
 * <p>The sums of {@link RollingWindow} are taken over j, the distance from the anchor (negative in
 * the suffix): Ti = &Sigma;j&#8305;d for i = 0, 1, 2 and Q = &Sigma;d&sup2;. The window's centre
 * lies at j = m. The fit uses the basis {1, &tau;, &tau;&sup2; - v}, orthogonal over the window,
 * with &tau; = j - m = k - h, h = (W-1)/2 and v = mean &tau;&sup2; = (W&sup2;-1)/12:
 *
 * <pre>
 *   U1 = &Sigma;&tau;d = T1 - m T0               &beta; = U1 / (W (W&sup2;-1) / 12)
 *   U2 = &Sigma;(&tau;&sup2;-v)d = T2 - m (T1 + U1) - v T0   a = U2 / (W (W&sup2;-1) (W&sup2;-4) / 180)
 *   b = &beta; - a (W-1)      c = r + T0/W - &beta; h + a (h&sup2; - v)
 *   SStot = Q - T0&sup2;/W    SSres = SStot - &beta; U1 - a U2
 * </pre>
 *
 * <p>The trap is SSres of a window that is nearly a parabola: what is left of the subtraction is
 * rounding error, and its root, rmse, shows half as many digits. SSres is off by at most &epsilon;
 * = 16 W 2&#8315;&#8309;&sup2; Q. Where that could move rmse by 5e-10 of itself and by 5e-12, the
 * window is read again: the residuals of the fit above are summed bar by bar, and their own
 * projections, which are the fit's rounding errors, are taken out of the coefficients. This costs
 * O(W), on windows that prices do not form.
 *
 * <p>r2 is 0 exactly when Q = 0: the window is constant. Its error is that of SStot, at most
 * 2&#8315;&#8309;&sup2; W Q / SStot. Where a market steps once and stands still, and the last bar
 * before the step is the last of a block and the first of the window, r is the price before the
 * step and Q = (W-1) SStot: r2 of 630 bars is then off by up to 1e-10, in practice by 3e-11.
 */
final class RegWindow extends RollingWindow {

  private static final List<String> METRICS =
      List.of("a", "b", "c", "a_term", "b_term", "r2", "rmse", "resid_end", "endpoint");

  private static final int T0 = 0;
  private static final int T1 = 1;
  private static final int T2 = 2;
  private static final int Q = 3;
  private static final int STRIDE = 4;

  private static final double RELATIVE_TOLERANCE = 1e-9;
  private static final double ABSOLUTE_TOLERANCE = 1e-11;

  /** Suffix of k bars at STRIDE * (k - 1). */
  private double[] suffixes;

  private final double rounding;
  private final double absoluteTolerance;
  private final double half;
  private final double meanSquare;
  private final double inverseLength;
  private final double inverseNorm1;
  private final double inverseNorm2;
  private final double endBasis2;

  private double t0;
  private double t1;
  private double t2;
  private double q;

  private double refinedMean;
  private double refinedSlope;
  private double refinedCurvature;
  private double refinedResidualSquares;

  RegWindow(Bars bars, int length) {
    super(bars, length);
    double w = length;
    rounding = 16 * w * Math.ulp(1.0);
    absoluteTolerance = w * ABSOLUTE_TOLERANCE * ABSOLUTE_TOLERANCE;
    half = (w - 1) / 2;
    meanSquare = (w * w - 1) / 12;
    inverseLength = 1 / w;
    inverseNorm1 = 1 / (w * meanSquare);
    inverseNorm2 = 15 / (w * meanSquare * (w * w - 4));
    endBasis2 = half * half - meanSquare;
  }

  @Override
  public List<String> names() {
    return names(RegFamily.NAME, METRICS);
  }

  @Override
  public int width() {
    return METRICS.size();
  }

  @Override
  void allocate() {
    suffixes = new double[STRIDE * length];
  }

  @Override
  void rebuild() {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double squares = 0;
    double j = -1;
    for (int k = 0; k < suffixes.length; k += STRIDE, j--) {
      double d = rateIndex[anchor + (int) j] - reference;
      double jd = j * d;
      s0 += d;
      s1 += jd;
      s2 += j * jd;
      squares += d * d;
      suffixes[k + T0] = s0;
      suffixes[k + T1] = s1;
      suffixes[k + T2] = s2;
      suffixes[k + Q] = squares;
    }
    t0 = 0;
    t1 = 0;
    t2 = 0;
    q = 0;
  }

  @Override
  void append(int from, int to) {
    for (int i = from; i < to; i++) {
      double j = i - anchor;
      double d = rateIndex[i] - reference;
      double jd = j * d;
      t0 += d;
      t1 += jd;
      t2 += j * jd;
      q += d * d;
    }
  }

  @Override
  void writeWithinBlock(int from, int to, double[][] rows, int firstRow, int offset) {
    double w = length;
    double p0 = t0;
    double p1 = t1;
    double p2 = t2;
    double pq = q;
    for (int bar = from; bar < to; bar++) {
      double prefix = bar - anchor;
      int suffix = STRIDE * (length - (bar - anchor) - 1);
      double s0 = suffixes[suffix + T0] + p0;
      double s1 = suffixes[suffix + T1] + p1;
      double s2 = suffixes[suffix + T2] + p2;
      double squares = suffixes[suffix + Q] + pq;

      double centre = prefix - (half + 1);
      double u1 = s1 - centre * s0;
      double u2 = s2 - centre * (s1 + u1) - meanSquare * s0;
      double mean = s0 * inverseLength;
      double slope = u1 * inverseNorm1;
      double curvature = u2 * inverseNorm2;
      double totalSquares = squares - s0 * mean;
      double residualSquares = totalSquares - slope * u1 - curvature * u2;
      double error = rounding * squares;
      if (error > RELATIVE_TOLERANCE * residualSquares
          && error * error > absoluteTolerance * residualSquares) {
        refine(bar, mean, slope, curvature);
        mean = refinedMean;
        slope = refinedSlope;
        curvature = refinedCurvature;
        residualSquares = refinedResidualSquares;
      }

      double current = rateIndex[bar];
      double first = rateIndex[bar - length];
      double b = slope - curvature * (w - 1);
      double even = mean + curvature * endBasis2;
      double[] row = rows[firstRow + bar - from];
      row[offset] = curvature;
      row[offset + 1] = b;
      row[offset + 2] = reference + (even - slope * half);
      row[offset + 3] = curvature * ((w - 1) * (w - 1));
      row[offset + 4] = b * (w - 1);
      row[offset + 5] = squares == 0 ? 0 : 1 - residualSquares / totalSquares;
      row[offset + 6] = Math.sqrt(residualSquares * inverseLength);
      row[offset + 7] = rateIndex[bar - 1] - reference - (even + slope * half);
      row[offset + 8] = (current - first) / first;

      double d = current - reference;
      double jd = prefix * d;
      p0 += d;
      p1 += jd;
      p2 += prefix * jd;
      pq += d * d;
    }
    t0 = p0;
    t1 = p1;
    t2 = p2;
    q = pq;
  }

  /** One step of iterative refinement of the fit, with SSres summed from the residuals. */
  private void refine(int bar, double mean, double slope, double curvature) {
    double constant = mean - curvature * meanSquare;
    double tau = -half;
    double r0 = 0;
    double r1 = 0;
    double r2 = 0;
    double rr = 0;
    for (int i = bar - length; i < bar; i++, tau++) {
      double residual = rateIndex[i] - reference - (constant + tau * (slope + tau * curvature));
      r0 += residual;
      r1 += tau * residual;
      r2 += (tau * tau - meanSquare) * residual;
      rr += residual * residual;
    }
    refinedMean = mean + r0 * inverseLength;
    refinedSlope = slope + r1 * inverseNorm1;
    refinedCurvature = curvature + r2 * inverseNorm2;
    refinedResidualSquares =
        Math.max(0, rr - r0 * r0 * inverseLength - r1 * r1 * inverseNorm1 - r2 * r2 * inverseNorm2);
  }
}
