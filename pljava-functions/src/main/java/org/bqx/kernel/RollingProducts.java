package org.bqx.kernel;

/**
 * Covariance, correlation and standard deviations of the last W pairs of two series.
 *
 * <p>With a' = a - a(B), b' = b - b(B) as in {@link TrailingWindow}:
 *
 * <pre>
 *   S_ab = &Sigma;a'b' - &Sigma;a' &Sigma;b' / W,   covariance = S_ab / (W-1),   correlation = S_ab / sqrt(S_aa S_bb)
 * </pre>
 *
 * {@link BlockComoments} rounds otherwise, and says why both are there.
 */
final class RollingProducts extends TrailingWindow {

  private static final int A = 0;
  private static final int B = 1;
  private static final int AA = 2;
  private static final int BB = 3;
  private static final int AB = 4;
  private static final int STRIDE = 5;

  private final double inverseLength;

  private double[] others;
  private int othersOffset;

  /** Suffix of k bars at STRIDE * k. */
  private double[] suffixes;

  private double referenceA;
  private double referenceB;
  private double a;
  private double b;
  private double aa;
  private double bb;
  private double ab;

  /**
   * @param length W, at least 2
   */
  RollingProducts(int length) {
    super(length);
    inverseLength = 1.0 / length;
  }

  /** As {@link TrailingWindow#start}, with the second series. */
  void start(double[] first, int firstOffset, double[] second, int secondOffset, int bar) {
    others = second;
    othersOffset = secondOffset;
    start(first, firstOffset, bar);
  }

  /** Returns the sample covariance. */
  double covariance() {
    int k = STRIDE * kept;
    return (suffixes[k + AB] + ab - (suffixes[k + A] + a) * ((suffixes[k + B] + b) * inverseLength))
        / (length - 1);
  }

  /** Returns Pearson's correlation within [-1, 1], or NaN if one of the two is constant. */
  double correlation() {
    int k = STRIDE * kept;
    double sumA = suffixes[k + A] + a;
    double sumB = suffixes[k + B] + b;
    double squaresA = suffixes[k + AA] + aa;
    double squaresB = suffixes[k + BB] + bb;
    if (squaresA == 0 || squaresB == 0) {
      return Double.NaN;
    }
    double spreadA = squaresA - sumA * (sumA * inverseLength);
    double spreadB = squaresB - sumB * (sumB * inverseLength);
    double together = suffixes[k + AB] + ab - sumA * (sumB * inverseLength);
    return Math.max(-1, Math.min(1, together / (Math.sqrt(spreadA) * Math.sqrt(spreadB))));
  }

  /** Returns the sample standard deviation of the first series, 0 exactly if it is constant. */
  double deviation() {
    int k = STRIDE * kept;
    return deviation(suffixes[k + A] + a, suffixes[k + AA] + aa);
  }

  /** Returns that of the second series. */
  double otherDeviation() {
    int k = STRIDE * kept;
    return deviation(suffixes[k + B] + b, suffixes[k + BB] + bb);
  }

  private double deviation(double sum, double squares) {
    return Math.sqrt(Math.max(0, squares - sum * (sum * inverseLength)) / (length - 1));
  }

  @Override
  void allocate() {
    suffixes = new double[STRIDE * length];
  }

  @Override
  void rebuild() {
    referenceA = values[offset + anchor];
    referenceB = others[othersOffset + anchor];
    clear();
    int end = suffixEnd();
    for (int i = anchor - 1, k = STRIDE; i >= end; i--, k += STRIDE) {
      add(i);
      suffixes[k + A] = a;
      suffixes[k + B] = b;
      suffixes[k + AA] = aa;
      suffixes[k + BB] = bb;
      suffixes[k + AB] = ab;
    }
    clear();
  }

  private void clear() {
    a = 0;
    b = 0;
    aa = 0;
    bb = 0;
    ab = 0;
  }

  @Override
  void add(int bar) {
    double da = values[offset + bar] - referenceA;
    double db = others[othersOffset + bar] - referenceB;
    a += da;
    b += db;
    aa += da * da;
    bb += db * db;
    ab += da * db;
  }
}
