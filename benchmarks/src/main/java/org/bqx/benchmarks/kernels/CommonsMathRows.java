package org.bqx.benchmarks.kernels;

import java.util.Arrays;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.bqx.reference.RegReference;

/**
 * Apache Commons Math as its users would: {@link DescriptiveStatistics} of the window's size that
 * takes in bar after bar, and for each window a least-squares fit by QR decomposition.
 */
final class CommonsMathRows extends WindowRows {
  private final DescriptiveStatistics[] statistics;

  CommonsMathRows(String family, double[] rateIndex, int[] windowLengths, int skip) {
    super(family, rateIndex, windowLengths, skip);
    statistics = new DescriptiveStatistics[windowLengths.length];
    for (int window = 0; window < windowLengths.length; window++) {
      statistics[window] = new DescriptiveStatistics(windowLengths[window]);
      for (int i = skip - windowLengths[window]; i < skip; i++) {
        statistics[window].addValue(rateIndex[i]);
      }
    }
  }

  @Override
  void bqx(int window, int bar, double[] row, int offset) {
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
  }

  @Override
  void reg(int window, int bar, double[] row, int offset) {
    double[] past = Arrays.copyOfRange(rateIndex, bar - windowLengths[window], bar);
    System.arraycopy(RegReference.metrics(past, rateIndex[bar]), 0, row, offset, METRICS);
  }
}
