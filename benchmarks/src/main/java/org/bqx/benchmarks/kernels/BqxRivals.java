package org.bqx.benchmarks.kernels;

import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/** Rivals of bqx: two passes over each window, and {@link DescriptiveStatistics}. */
final class BqxRivals implements Rivals {
  @Override
  public int metrics() {
    return 9;
  }

  @Override
  public void naive(double[] rateIndex, int length, int bar, double[] row, int offset) {
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

  /** Statistics of the window's size that take in bar after bar. */
  @Override
  public WindowRows.Metrics commonsMath(double[] rateIndex, int[] windowLengths, int skip) {
    DescriptiveStatistics[] statistics = new DescriptiveStatistics[windowLengths.length];
    for (int window = 0; window < windowLengths.length; window++) {
      statistics[window] = new DescriptiveStatistics(windowLengths[window]);
      for (int i = skip - windowLengths[window]; i < skip; i++) {
        statistics[window].addValue(rateIndex[i]);
      }
    }
    return (window, bar, row, offset) -> {
      DescriptiveStatistics past = statistics[window];
      int length = windowLengths[window];
      double current = rateIndex[bar];
      double mean = past.getMean();
      double high = past.getMax();
      double low = past.getMin();
      double stdev = past.getStandardDeviation();
      row[offset] = (mean - current) / current * length;
      row[offset + 1] = (mean - current) / current;
      row[offset + 2] = high;
      row[offset + 3] = low;
      row[offset + 4] = mean;
      row[offset + 5] = stdev;
      row[offset + 6] = (past.getElement(0) - current) / current;
      row[offset + 7] = (high - low) / current;
      row[offset + 8] = stdev / current;
      past.addValue(current);
    };
  }
}
