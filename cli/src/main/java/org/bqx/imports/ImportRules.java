package org.bqx.imports;

/**
 * What an import lets in.
 *
 * @param onConflict what becomes of bars that are there with other values
 * @param maxRejects how many bad rows a file may have
 * @param maxJump factor from one close to the next bar's high or low beyond which a price is wrong
 * @param weekend what becomes of bars when no market is open
 * @param anyPeriod whether bars that follow each other by more than a minute are one-minute bars
 * @param dryRun whether to do everything and then undo it
 */
public record ImportRules(
    OnConflict onConflict,
    MaxRejects maxRejects,
    double maxJump,
    Weekend weekend,
    boolean anyPeriod,
    boolean dryRun) {
  /** A lost decimal point is a factor of ten at least, a minute's worst move far less than two. */
  public static final double USUAL_MAX_JUMP = 2;

  /** Every row is a bar, and no bar that is there changes. */
  public static final ImportRules STRICT =
      new ImportRules(
          OnConflict.FAIL, MaxRejects.NONE, USUAL_MAX_JUMP, Weekend.REJECT, false, false);
}
