package org.bqx.kernel;

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
 *   b = &beta; - a (W-1)      c = x(B-1) + T0/W - &beta; h + a (h&sup2; - v)
 *   SStot = Q - T0&sup2;/W    SSres = SStot - &beta; U1 - a U2
 * </pre>
 *
 * <p>The trap is SSres of a window that is nearly a parabola: what is left of the subtraction is
 * rounding error, and its root, rmse, shows half as many digits. Where SSres falls below 1e-4 Q the
 * window is therefore read again: the residuals of the fit above are summed bar by bar, and their
 * own projections, which are the fit's rounding errors, are taken out of the coefficients. That
 * costs O(W), on windows that prices do not form.
 *
 * <p>A window is constant exactly when Q = 0, since the reference is one of its values.
 */
final class RegWindow extends RollingWindow {

  private static final int T0 = 0;
  private static final int T1 = 1;
  private static final int T2 = 2;
  private static final int Q = 3;
  private static final int STRIDE = 4;

  private static final double CANCELLED = 1e-4;

  /** Suffix of k bars at STRIDE * (k - 1). */
  private final double[] suffixes;

  private final double half;
  private final double meanSquare;
  private final double norm1;
  private final double norm2;
  private final double endBasis2;

  private double t0;
  private double t1;
  private double t2;
  private double q;

  /** The fit of the window last read, of d over the orthogonal basis. */
  private double mean;

  private double slope;
  private double curvature;
  private double residualSquares;

  RegWindow(double[] rateIndex, int length) {
    super(rateIndex, length);
    double w = length;
    suffixes = new double[STRIDE * length];
    half = (w - 1) / 2;
    meanSquare = (w * w - 1) / 12;
    norm1 = w * meanSquare;
    norm2 = norm1 * (w * w - 4) / 15;
    endBasis2 = half * half - meanSquare;
  }

  @Override
  void rebuild() {
    clear();
    for (int i = anchor - 1, k = 0; i >= anchor - length; i--, k += STRIDE) {
      append(i);
      suffixes[k + T0] = t0;
      suffixes[k + T1] = t1;
      suffixes[k + T2] = t2;
      suffixes[k + Q] = q;
    }
    clear();
  }

  private void clear() {
    t0 = 0;
    t1 = 0;
    t2 = 0;
    q = 0;
  }

  @Override
  void append(int bar) {
    double j = bar - anchor;
    double d = rateIndex[bar] - reference;
    double jd = j * d;
    t0 += d;
    t1 += jd;
    t2 += j * jd;
    q += d * d;
  }

  @Override
  void write(int bar, double[] row, int offset) {
    double w = length;
    int prefix = bar - anchor;
    int suffix = STRIDE * (length - prefix - 1);
    double s0 = suffixes[suffix + T0] + t0;
    double s1 = suffixes[suffix + T1] + t1;
    double s2 = suffixes[suffix + T2] + t2;
    double squares = suffixes[suffix + Q] + q;

    double centre = prefix - (half + 1);
    double u1 = s1 - centre * s0;
    double u2 = s2 - centre * (s1 + u1) - meanSquare * s0;
    mean = s0 / w;
    slope = u1 / norm1;
    curvature = u2 / norm2;
    double totalSquares = squares - s0 * mean;
    residualSquares = totalSquares - slope * u1 - curvature * u2;
    if (residualSquares < CANCELLED * squares) {
      refine(bar);
    }

    double first = rateIndex[bar - length];
    double b = slope - curvature * (w - 1);
    row[offset] = curvature;
    row[offset + 1] = b;
    row[offset + 2] = reference + (mean - slope * half + curvature * endBasis2);
    row[offset + 3] = curvature * ((w - 1) * (w - 1));
    row[offset + 4] = b * (w - 1);
    row[offset + 5] = squares == 0 ? 0 : 1 - residualSquares / totalSquares;
    row[offset + 6] = Math.sqrt(residualSquares / w);
    row[offset + 7] =
        rateIndex[bar - 1] - reference - (mean + slope * half + curvature * endBasis2);
    row[offset + 8] = (rateIndex[bar] - first) / first;
  }

  /** One step of iterative refinement of the fit, with SSres summed from the residuals. */
  private void refine(int bar) {
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
    mean += r0 / length;
    slope += r1 / norm1;
    curvature += r2 / norm2;
    residualSquares = Math.max(0, rr - r0 * r0 / length - r1 * r1 / norm1 - r2 * r2 / norm2);
  }
}
