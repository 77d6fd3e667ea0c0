package org.bqx.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How many partitions at a time, or pairs where there are no partitions. */
final class WorkersOption {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "how many at a time (default: the number of processors)")
  private int workers = Runtime.getRuntime().availableProcessors();

  /**
   * Returns their number.
   *
   * @throws ParameterException when it is below 1
   */
  int workers() {
    if (workers < 1) {
      throw new ParameterException(
          spec.commandLine(), "--workers %d is below 1".formatted(workers));
    }
    return workers;
  }
}
