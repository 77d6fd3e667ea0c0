package org.bqx.kernel;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * How a feature of one month goes with a target: a row for each window length.
 *
 * <p>Of the month as a whole, over its complete pairs: Pearson's correlation
 *
 * <pre>
 *   S_ab / sqrt(S_aa S_bb),   S_ab = &Sigma;(a - mean a)(b - mean b)
 * </pre>
 *
 * in two passes; Spearman's, which is Pearson's of the mid-ranks; Pearson's of every {@code
 * step}-th bar; and the mutual information of 16 bins a side that hold equally many bars, in nats,
 * with the correction of Miller (1955) and Madow for the number of cells. Of each window length,
 * what the rolling correlations of the month's bars look like ({@link RollingCorrelation}),
 * quantiles by linear interpolation (Hyndman and Fan's type 7).
 *
 * <p>Fewer than 60 values give NaN.
 */
public final class TargetCorrelation implements Iterator<double[]> {

  /** Rows of equal revisions have equal bits. */
  public static final int REVISION = 1;

  /** Elements of a row. */
  public static final int WIDTH = 15;

  /** The fewest values that anything is said about. */
  public static final int LEAST = 60;

  private static final int BINS = 16;

  private final double[] feature;
  private final double[] target;
  private final double[] placebo;
  private final int[] windows;
  private final int skip;

  private final double pearson;
  private final double spearman;
  private final int pairs;
  private final double thin;
  private final double information;
  private int next;

  /**
   * @param feature n values, one a bar, NaN where absent
   * @param target n values of the target at these bars, likewise
   * @param placebo n values of the target as it was long before them, likewise
   * @param windows lengths in bars, each at least 2
   * @param skip number of first bars that are there for the windows of the others alone, less than
   *     n
   * @param step every how many-th bar, from bar {@code skip} on, has a target of its own; at least
   *     1
   */
  public TargetCorrelation(
      double[] feature, double[] target, double[] placebo, int[] windows, int skip, int step) {
    this.feature = feature;
    this.target = target;
    this.placebo = placebo;
    this.windows = windows;
    this.skip = skip;
    double[] a = new double[feature.length - skip];
    double[] b = new double[a.length];
    pairs = complete(1, a, b);
    a = Arrays.copyOf(a, pairs);
    b = Arrays.copyOf(b, pairs);
    pearson = pearson(a, b);
    double[] ranksOfA = midRanks(a);
    double[] ranksOfB = midRanks(b);
    spearman = pearson(ranksOfA, ranksOfB);
    information = information(ranksOfA, ranksOfB);
    int thinned = complete(step, a, b);
    thin = pearson(Arrays.copyOf(a, thinned), Arrays.copyOf(b, thinned));
  }

  @Override
  public boolean hasNext() {
    return next < windows.length;
  }

  /**
   * Returns the next row.
   *
   * @return the number n of rolling correlations; their mean, sample standard deviation, minimum,
   *     10 % quantile, median, 90 % quantile and maximum; the median of the placebo's by amount,
   *     that of their own; of the month Pearson's, Spearman's, the number of pairs, Pearson's of
   *     every step-th bar, mutual information; NaN where undefined
   */
  @Override
  public double[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int length = windows[next++];
    double[] rolling = RollingCorrelation.present(feature, target, length, skip);
    double[] row = new double[WIDTH];
    Arrays.fill(row, Double.NaN);
    row[0] = rolling.length;
    if (rolling.length >= LEAST) {
      double mean = mean(rolling);
      row[1] = mean;
      row[2] = Math.sqrt(squares(rolling, mean) / (rolling.length - 1));
      row[9] = medianOfAmounts(rolling);
      Arrays.sort(rolling);
      row[3] = rolling[0];
      row[4] = quantile(rolling, 0.1);
      row[5] = quantile(rolling, 0.5);
      row[6] = quantile(rolling, 0.9);
      row[7] = rolling[rolling.length - 1];
    }
    row[8] = medianOfAmounts(RollingCorrelation.present(feature, placebo, length, skip));
    row[10] = pearson;
    row[11] = spearman;
    row[12] = pairs;
    row[13] = thin;
    row[14] = information;
    return row;
  }

  /** Copies the complete pairs of every step-th bar from {@code skip} on; returns how many. */
  private int complete(int step, double[] a, double[] b) {
    int found = 0;
    for (int bar = skip; bar < feature.length; bar += step) {
      if (!Double.isNaN(feature[bar]) && !Double.isNaN(target[bar])) {
        // Equal numbers have equal ranks: -0.0 + 0.0 is 0.0.
        a[found] = feature[bar] + 0.0;
        b[found] = target[bar] + 0.0;
        found++;
      }
    }
    return found;
  }

  /** Pearson's correlation, NaN of fewer than 60 pairs and where a side is constant. */
  private static double pearson(double[] a, double[] b) {
    if (a.length < LEAST || isConstant(a) || isConstant(b)) {
      return Double.NaN;
    }
    double meanOfA = mean(a);
    double meanOfB = mean(b);
    double products = 0;
    for (int i = 0; i < a.length; i++) {
      products += (a[i] - meanOfA) * (b[i] - meanOfB);
    }
    double both = Math.sqrt(squares(a, meanOfA)) * Math.sqrt(squares(b, meanOfB));
    return Math.max(-1, Math.min(1, products / both));
  }

  private static boolean isConstant(double[] values) {
    for (double value : values) {
      if (value != values[0]) {
        return false;
      }
    }
    return true;
  }

  /** The mean, summed relative to a first estimate of it, so that no digits are lost. */
  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double estimate = sum / values.length;
    double rest = 0;
    for (double value : values) {
      rest += value - estimate;
    }
    return estimate + rest / values.length;
  }

  private static double squares(double[] values, double mean) {
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return squares;
  }

  /** Ranks from 1 on; equal values share the mean of theirs. */
  private static double[] midRanks(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] rankAt = new double[sorted.length];
    for (int from = 0, to; from < sorted.length; from = to) {
      to = from + 1;
      while (to < sorted.length && sorted[to] == sorted[from]) {
        to++;
      }
      Arrays.fill(rankAt, from, to, (from + 1 + to) / 2.0);
    }
    double[] ranks = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      ranks[i] = rankAt[Arrays.binarySearch(sorted, values[i])];
    }
    return ranks;
  }

  /** Mutual information of the bins that ranks fall into, not below 0. */
  private static double information(double[] ranksOfA, double[] ranksOfB) {
    int n = ranksOfA.length;
    if (n < LEAST) {
      return Double.NaN;
    }
    int[] ofA = new int[BINS];
    int[] ofB = new int[BINS];
    int[] ofBoth = new int[BINS * BINS];
    for (int i = 0; i < n; i++) {
      int a = bin(ranksOfA[i], n);
      int b = bin(ranksOfB[i], n);
      ofA[a]++;
      ofB[b]++;
      ofBoth[BINS * a + b]++;
    }
    double entropies = entropy(ofA, n) + entropy(ofB, n) - entropy(ofBoth, n);
    double correction = (used(ofA) + used(ofB) - used(ofBoth) - 1) / (2.0 * n);
    return Math.max(0, entropies + correction);
  }

  private static int bin(double rank, int n) {
    return (int) ((rank - 0.5) * BINS / n);
  }

  private static double entropy(int[] counts, int n) {
    double entropy = 0;
    for (int count : counts) {
      if (count > 0) {
        double share = (double) count / n;
        entropy -= share * StrictMath.log(share);
      }
    }
    return entropy;
  }

  private static int used(int[] counts) {
    int used = 0;
    for (int count : counts) {
      if (count > 0) {
        used++;
      }
    }
    return used;
  }

  private static double medianOfAmounts(double[] values) {
    if (values.length < LEAST) {
      return Double.NaN;
    }
    double[] amounts = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      amounts[i] = Math.abs(values[i]);
    }
    Arrays.sort(amounts);
    return quantile(amounts, 0.5);
  }

  private static double quantile(double[] sorted, double share) {
    double place = (sorted.length - 1) * share;
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
