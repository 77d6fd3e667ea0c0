package org.bqx.kernel;

/**
 * The bars that rows are computed from: one series for each input, of consecutive bars, oldest
 * first.
 *
 * <p>Input 0 is {@code rate_index} in every family. NaN is an absent value.
 *
 * @param values the inputs one after the other, {@code count} values each; not copied, so leave the
 *     array alone while it is read
 * @param count number of bars, at least 1
 */
public record Bars(double[] values, int count) {

  /**
   * @throws IllegalArgumentException if the values are not one or more inputs of {@code count} bars
   */
  public Bars {
    if (count < 1 || values.length == 0 || values.length % count != 0) {
      throw new IllegalArgumentException(
          values.length + " values are not one or more inputs of " + count + " bars");
    }
  }

  /** Returns the value of an input at a bar, both counted from 0. */
  public double at(int input, int bar) {
    return values[input * count + bar];
  }

  /** Returns the number of inputs, at least 1. */
  public int inputs() {
    return values.length / count;
  }
}
