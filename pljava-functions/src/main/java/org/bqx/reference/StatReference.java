package org.bqx.reference;

import java.util.Arrays;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.Kurtosis;
import org.apache.commons.math3.stat.descriptive.moment.Skewness;
import org.apache.commons.math3.stat.descriptive.moment.Variance;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.apache.commons.math3.util.FastMath;
import org.bqx.kernel.Bars;

/** The family stat by Apache Commons Math, one window at a time. */
public final class StatReference implements Reference {

  private static final int LENGTH = 240;

  /** A number that is made of a window. */
  private interface Statistic {
    double of(double[] window);
  }

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    RowBuilder row = new RowBuilder(bars, bar);
    add(row, bars, bar, windows, r -> new Skewness().evaluate(scaled(r)));
    add(row, bars, bar, windows, r -> new Kurtosis().evaluate(scaled(r)));
    for (int length : windows) {
      row.add(length, () -> deviation(Windows.returns(bars, 0, bar, length)));
    }
    for (int length : windows) {
      row.add(length, () -> entropy(Windows.moves(bars, 0, bar, length)));
    }
    add(row, bars, bar, windows, StatReference::autocorrelation);
    int[] fixed = {LENGTH};
    add(row, bars, bar, fixed, r -> varianceRatio(r, 5));
    add(row, bars, bar, fixed, r -> varianceRatio(r, 15));
    add(row, bars, bar, fixed, StatReference::hurst);
    return row.row();
  }

  /** A statistic of returns that is undefined where they are equal. */
  private static void add(RowBuilder row, Bars bars, int bar, int[] windows, Statistic statistic) {
    for (int length : windows) {
      row.add(
          length,
          () -> {
            double[] returns = Windows.returns(bars, 0, bar, length);
            return Windows.isConstant(returns) ? Double.NaN : statistic.of(returns);
          });
    }
  }

  /**
   * Less the first, over the greatest of these: Commons Math takes a variance below 1e-19 for none.
   */
  private static double[] scaled(double[] window) {
    double[] less = Windows.less(window, window[0]);
    double greatest = Arrays.stream(less).map(Math::abs).max().orElseThrow();
    return Arrays.stream(less).map(z -> z / greatest).toArray();
  }

  private static double deviation(double[] returns) {
    double median = new Median().evaluate(returns);
    return new Median().evaluate(Arrays.stream(returns).map(r -> Math.abs(r - median)).toArray());
  }

  private static double entropy(double[] moves) {
    double min = StatUtils.min(moves);
    double max = StatUtils.max(moves);
    if (max == min) {
      return 0;
    }
    int[] counts = new int[10];
    for (double d : moves) {
      counts[Math.min(9, (int) Math.floor((d - min) / (max - min) * 10 + 1e-6))]++;
    }
    double entropy = 0;
    for (int count : counts) {
      if (count > 0) {
        double share = (double) count / moves.length;
        entropy -= share * FastMath.log(2, share);
      }
    }
    return entropy;
  }

  private static double autocorrelation(double[] returns) {
    return Windows.correlation(
        Arrays.copyOfRange(returns, 1, returns.length), Arrays.copyOf(returns, returns.length - 1));
  }

  private static double[] logarithms(double[] returns) {
    return Arrays.stream(returns).map(FastMath::log1p).toArray();
  }

  /** The squares of the sums of q neighbours less q times the mean, added up. */
  private static double squares(double[] logarithms, int q) {
    double mean = StatUtils.mean(logarithms);
    double squares = 0;
    for (int end = q; end <= logarithms.length; end++) {
      double sum = 0;
      for (int i = end - q; i < end; i++) {
        sum += logarithms[i] - mean;
      }
      squares += sum * sum;
    }
    return squares;
  }

  private static double varianceRatio(double[] returns, int q) {
    double[] logarithms = logarithms(returns);
    double n = logarithms.length;
    return squares(logarithms, q)
        / (q * (n - q + 1) * (1 - q / n))
        / new Variance().evaluate(logarithms);
  }

  private static double hurst(double[] returns) {
    double[] logarithms = logarithms(returns);
    SimpleRegression regression = new SimpleRegression();
    for (int q = 1; q <= 32; q *= 2) {
      double sigma = FastMath.sqrt(squares(logarithms, q) / (logarithms.length - q + 1));
      regression.addData(FastMath.log(q), FastMath.log(sigma));
    }
    return regression.getSlope();
  }
}
