package org.bqx.benchmarks.kernels;

/** The formulas as they are written down: loops over each window, O(W) a row. */
final class NaiveRows extends WindowRows {
  NaiveRows(String family, double[] rateIndex, int[] windowLengths, int skip) {
    super(family, rateIndex, windowLengths, skip);
  }

  @Override
  void bqx(int window, int bar, double[] row, int offset) {
    int length = windowLengths[window];
    double current = rateIndex[bar];
    double sum = 0;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = bar - length; i < bar; i++) {
      sum += rateIndex[i] - current;
      low = Math.min(low, rateIndex[i]);
      high = Math.max(high, rateIndex[i]);
    }
    double mean = current + sum / length;
    double squares = 0;
    for (int i = bar - length; i < bar; i++) {
      double deviation = rateIndex[i] - mean;
      squares += deviation * deviation;
    }
    double stdev = Math.sqrt(squares / (length - 1));
    row[offset] = sum / current;
    row[offset + 1] = sum / current / length;
    row[offset + 2] = high;
    row[offset + 3] = low;
    row[offset + 4] = mean;
    row[offset + 5] = stdev;
    row[offset + 6] = (rateIndex[bar - length] - current) / current;
    row[offset + 7] = (high - low) / current;
    row[offset + 8] = stdev / current;
  }

  @Override
  void reg(int window, int bar, double[] row, int offset) {
    int length = windowLengths[window];
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
}
