package org.bqx.benchmarks.kernels;

import java.util.Arrays;
import org.bqx.reference.RegReference;

/** Rivals of reg: loops over each window, and for each a least-squares fit by QR decomposition. */
final class RegRivals implements Rivals {
  @Override
  public int metrics() {
    return 9;
  }

  @Override
  public void naive(double[] rateIndex, int length, int bar, double[] row, int offset) {
    int first = bar - length;
    double half = (length - 1) / 2.0;
    double meanSquare = (length * (double) length - 1) / 12;
    double reference = rateIndex[first];
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double norm2 = 0;
    for (int k = 0; k < length; k++) {
      double d = rateIndex[first + k] - reference;
      double tau = k - half;
      double bend = tau * tau - meanSquare;
      s0 += d;
      s1 += tau * d;
      s2 += bend * d;
      norm2 += bend * bend;
    }
    double mean = s0 / length;
    double slope = s1 / (length * meanSquare);
    double a = s2 / norm2;
    double total = 0;
    double residuals = 0;
    double residual = 0;
    for (int k = 0; k < length; k++) {
      double d = rateIndex[first + k] - reference;
      double tau = k - half;
      residual = d - (mean + slope * tau + a * (tau * tau - meanSquare));
      total += (d - mean) * (d - mean);
      residuals += residual * residual;
    }
    double b = slope - a * (length - 1);
    row[offset] = a;
    row[offset + 1] = b;
    row[offset + 2] = reference + mean - slope * half + a * (half * half - meanSquare);
    row[offset + 3] = a * (length - 1) * (length - 1);
    row[offset + 4] = b * (length - 1);
    row[offset + 5] = total == 0 ? 0 : 1 - residuals / total;
    row[offset + 6] = Math.sqrt(residuals / length);
    row[offset + 7] = residual;
    row[offset + 8] = (rateIndex[bar] - rateIndex[first]) / rateIndex[first];
  }

  @Override
  public WindowRows.Metrics commonsMath(double[] rateIndex, int[] windowLengths, int skip) {
    return (window, bar, row, offset) -> {
      double[] past = Arrays.copyOfRange(rateIndex, bar - windowLengths[window], bar);
      System.arraycopy(RegReference.metrics(past, rateIndex[bar]), 0, row, offset, metrics());
    };
  }
}
