package org.bqx.benchmarks.report;

/**
 * What a kernel costs, in nanoseconds a row and window.
 *
 * @param windows window lengths of a row, separated by a plus sign
 * @param rolling the kernel
 * @param naive loops over each window
 * @param commonsMath Apache Commons Math
 * @param allocatedBytes what the kernel allocates for a row
 */
public record KernelResult(
    String family,
    String windows,
    double rolling,
    double naive,
    double commonsMath,
    double allocatedBytes) {
  private static final double NANOSECONDS_GOAL = 10;

  /** Returns whether the kernel is as fast as promised. */
  public boolean isFastEnough() {
    return rolling <= NANOSECONDS_GOAL;
  }
}
