package org.bqx.kernel;

/**
 * Skewness and excess kurtosis of the last W values, as sample statistics (G1 and G2 of Joanes and
 * Gill 1998):
 *
 * <pre>
 *   skewness = n / ((n-1)(n-2)) M3 / s&sup3;
 *   kurtosis = n(n+1) / ((n-1)(n-2)(n-3)) M4 / s&#8308; - 3(n-1)&sup2; / ((n-2)(n-3))
 * </pre>
 *
 * with Mk = &Sigma;(z - mean)^k, s&sup2; = M2/(n-1). Sums are those of powers of d = z - z(B) as in
 * {@link TrailingWindow}; as z(B) is one of the values, &Sigma;d&#8308; is at most 16 W M4.
 */
final class RollingShape extends TrailingWindow {

  private static final int STRIDE = 4;

  private final double n;

  /** Sums of d, d&sup2;, d&sup3;, d&#8308; of the suffix of k bars at STRIDE * k. */
  private double[] suffixes;

  private double reference;
  private double sum1;
  private double sum2;
  private double sum3;
  private double sum4;

  private double skewness;
  private double kurtosis;

  /**
   * @param length W, at least 4
   */
  RollingShape(int length) {
    super(length);
    n = length;
  }

  /** Computes both; they are NaN if all values are equal. */
  void compute() {
    int k = STRIDE * kept;
    double s1 = suffixes[k] + sum1;
    double s2 = suffixes[k + 1] + sum2;
    double s3 = suffixes[k + 2] + sum3;
    double s4 = suffixes[k + 3] + sum4;
    if (s2 == 0) {
      skewness = Double.NaN;
      kurtosis = Double.NaN;
      return;
    }
    double mean = s1 / n;
    double m2 = s2 - s1 * mean;
    double m3 = s3 - mean * (3 * s2 - 2 * s1 * mean);
    double m4 = s4 - mean * (4 * s3 - mean * (6 * s2 - 3 * s1 * mean));
    double variance = m2 / (n - 1);
    skewness = n / ((n - 1) * (n - 2)) * m3 / (variance * Math.sqrt(variance)) + 0.0;
    kurtosis =
        n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * m4 / (variance * variance)
            - 3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3));
  }

  double skewness() {
    return skewness;
  }

  double kurtosis() {
    return kurtosis;
  }

  @Override
  void allocate() {
    suffixes = new double[STRIDE * length];
  }

  @Override
  void rebuild() {
    reference = values[offset + anchor];
    clear();
    int end = suffixEnd();
    for (int i = anchor - 1, k = STRIDE; i >= end; i--, k += STRIDE) {
      add(i);
      suffixes[k] = sum1;
      suffixes[k + 1] = sum2;
      suffixes[k + 2] = sum3;
      suffixes[k + 3] = sum4;
    }
    clear();
  }

  private void clear() {
    sum1 = 0;
    sum2 = 0;
    sum3 = 0;
    sum4 = 0;
  }

  @Override
  void add(int bar) {
    double d = values[offset + bar] - reference;
    double square = d * d;
    sum1 += d;
    sum2 += square;
    sum3 += square * d;
    sum4 += square * square;
  }
}
