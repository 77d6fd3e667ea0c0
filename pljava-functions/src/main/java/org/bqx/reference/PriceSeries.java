package org.bqx.reference;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.math3.stat.StatUtils;
import org.bqx.kernel.Bars;

/** Series of bars as plain arrays, and functions of their windows, which end with a bar. */
final class PriceSeries {

  /** The close. */
  final double[] x;

  final double[] high;
  final double[] low;

  /** What is defined from bar 1 on is NaN at bar 0. */
  final double[] change;

  final double[] trueRange;
  final double[] typical;
  final double[] middle;
  final double[] range;

  /**
   * @param high number of the input that is the high, counted from 0
   * @param low number of the input that is the low
   */
  PriceSeries(Bars bars, int high, int low) {
    x = input(bars, 0);
    this.high = input(bars, high);
    this.low = input(bars, low);
    change = from(1, i -> x[i] - x[i - 1]);
    trueRange = from(1, i -> Math.max(this.high[i], x[i - 1]) - Math.min(this.low[i], x[i - 1]));
    typical = from(0, i -> (this.high[i] + this.low[i] + x[i]) / 3);
    middle = from(0, i -> (this.high[i] + this.low[i]) / 2);
    range = from(0, i -> this.high[i] - this.low[i]);
  }

  static double[] input(Bars bars, int input) {
    return Arrays.copyOfRange(
        bars.values(), input * bars.count(), input * bars.count() + bars.count());
  }

  /** Computes a series of as many bars, NaN before {@code first}. */
  double[] from(int first, IntToDoubleFunction value) {
    double[] values = new double[x.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = i < first ? Double.NaN : value.applyAsDouble(i);
    }
    return values;
  }

  static double[] window(double[] values, int bar, int length) {
    return Arrays.copyOfRange(values, bar - length + 1, bar + 1);
  }

  static double max(double[] values, int bar, int length) {
    return StatUtils.max(values, bar - length + 1, length);
  }

  static double min(double[] values, int bar, int length) {
    return StatUtils.min(values, bar - length + 1, length);
  }

  static double sum(double[] values, int bar, int length) {
    return StatUtils.sum(values, bar - length + 1, length);
  }

  static double mean(double[] values, int bar, int length) {
    return StatUtils.mean(values, bar - length + 1, length);
  }

  /** Returns a / b, or NaN where b is 0. */
  static double quotient(double a, double b) {
    return b == 0 ? Double.NaN : a / b;
  }
}
