package org.bqx.kernel;

import java.util.List;

/**
 * A family of features: which inputs and windows it takes, and the columns it makes of them.
 *
 * <p>A family has no state. To add one: this class, its line in {@link Families}, its reference
 * with its line in {@code org.bqx.reference.References}, and its digest in the test of digests.
 *
 * <p>Functions whose last bit differs between machines ({@code Math.exp}, {@code Math.log}, {@code
 * Math.sin} and their kind) are taken from {@link StrictMath}.
 */
public interface Family {

  /** Returns the name, in lower case, as SQL knows it. */
  String name();

  /**
   * Returns the revision of the bits, at least 1. Its author raises it when a bit of any row
   * changes, or what rows are computed from: rows of equal revisions have equal bits, and the
   * digest of what was read is that of the same inputs.
   */
  int revision();

  /**
   * Returns what people call the inputs, in their order: the columns of bars that they are, or are
   * made of. If {@link #inputsStep()} is not 0 these are the ones that are always there.
   */
  List<String> inputNames();

  /** Returns the number of inputs, or the least number if {@link #inputsStep()} is not 0. */
  default int inputs() {
    return inputNames().size();
  }

  /** Returns what people call an input, counted from 0. */
  default String inputName(int input) {
    return input < inputs()
        ? inputNames().get(input)
        : "value " + (input - inputs() + 1) + " of the related pairs";
  }

  /**
   * Returns 0 if there are {@link #inputs()} inputs, no more; else how many come with each further
   * series, as a peer's.
   */
  default int inputsStep() {
    return 0;
  }

  /** Returns the least length of a window in bars, or 0 if the family takes no windows. */
  int shortestWindow();

  /**
   * Returns what is wrong with the values of bars whose inputs are as many as they must be: a
   * sentence that has the name of the input and the number of the bar, counted from 1, as in
   * "volume is -1.0 at bar 3: must not be negative"; null if nothing is wrong.
   *
   * @param bars input 0 is finite and within [1e-100, 1e100], the others are finite or NaN
   */
  default String defect(Bars bars) {
    return null;
  }

  /**
   * Returns the columns in their order, which {@link FamilyRows} sorts by what they need. It does
   * little: the work is done when columns are started.
   *
   * @param bars without a defect
   * @param windows lengths in bars, strictly ascending, each at least {@link #shortestWindow()};
   *     empty if and only if the family takes no windows
   */
  List<Columns> columns(Bars bars, int[] windows);
}
