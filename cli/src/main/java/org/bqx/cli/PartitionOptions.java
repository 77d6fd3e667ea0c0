package org.bqx.cli;

import picocli.CommandLine.Option;

/** The options that say which partitions, and how many of them at a time. */
class PartitionOptions extends RangeOptions {
  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "partitions at a time (default: the number of processors)")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Override
  final void check() {
    require(workers >= 1, "--workers %d is below 1".formatted(workers));
    super.check();
  }

  final int workers() {
    return workers;
  }
}
