package org.bqx.matrix;

import java.util.Arrays;

/**
 * How far the values of a column are from those of a reference. No probability goes with either:
 * minutes are not independent of those before them, and it would always be 0.
 *
 * <p>The population stability index: cuts are the distinct values among the reference's 10 %, 20 %
 * … 90 % quantiles, each the smallest value with at least that share; a value is of the first bin
 * whose cut is not below it. With the shares q of the values and p of the reference, each (n + ½) /
 * (N + ½ bins), it is Σ (q − p) ln(q / p). Below 0.1 is little, above 0.25 much, by custom.
 *
 * <p>Kolmogorov-Smirnov: the greatest distance of the two empirical distributions, at all values of
 * both, equal values together.
 */
public final class Drift {
  private static final int SHARES = 10;
  private static final double HALF = 0.5;

  private Drift() {}

  /**
   * Returns the population stability index.
   *
   * @param reference ascending, without NaN, not empty
   * @param values ascending, without NaN, not empty
   */
  public static double populationStability(double[] reference, double[] values) {
    double[] cuts = new double[SHARES - 1];
    int distinct = 0;
    for (int share = 1; share < SHARES; share++) {
      // The smallest value with at least that share of the values up to it: rounded up, from 1.
      long rank = ((long) share * reference.length + SHARES - 1) / SHARES;
      double cut = reference[(int) rank - 1];
      if (distinct == 0 || cut != cuts[distinct - 1]) {
        cuts[distinct] = cut;
        distinct++;
      }
    }
    int bins = distinct + 1;
    double index = 0;
    int referenceBefore = 0;
    int valuesBefore = 0;
    for (int bin = 0; bin < bins; bin++) {
      int referenceEnd = bin == distinct ? reference.length : notAbove(reference, cuts[bin]);
      int valuesEnd = bin == distinct ? values.length : notAbove(values, cuts[bin]);
      double p = share(referenceEnd - referenceBefore, reference.length, bins);
      double q = share(valuesEnd - valuesBefore, values.length, bins);
      index += (q - p) * StrictMath.log(q / p);
      referenceBefore = referenceEnd;
      valuesBefore = valuesEnd;
    }
    return index;
  }

  /**
   * Returns the Kolmogorov-Smirnov statistic of two samples.
   *
   * @param reference ascending, without NaN, not empty
   * @param values ascending, without NaN, not empty
   */
  public static double kolmogorovSmirnov(double[] reference, double[] values) {
    double greatest = 0;
    int i = 0;
    int j = 0;
    while (i < reference.length && j < values.length) {
      double value = Math.min(reference[i], values[j]);
      while (i < reference.length && reference[i] == value) {
        i++;
      }
      while (j < values.length && values[j] == value) {
        j++;
      }
      greatest =
          Math.max(greatest, Math.abs((double) i / reference.length - (double) j / values.length));
    }
    return greatest;
  }

  /** Returns the values that are numbers, ascending. */
  static double[] sorted(double[] values) {
    double[] numbers = Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] += 0.0; // -0.0 is 0.0, and sorts as it
    }
    Arrays.sort(numbers);
    return numbers;
  }

  private static double share(int count, int all, int bins) {
    return (count + HALF) / (all + HALF * bins);
  }

  /** Returns how many of the ascending values are not above a limit. */
  private static int notAbove(double[] values, double limit) {
    int low = 0;
    int high = values.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (values[middle] <= limit) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
