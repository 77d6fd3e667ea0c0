package org.bqx.cli;

import java.util.List;
import org.bqx.partition.PartitionRange;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which partitions, and how many of them at a time. */
class PartitionOptions extends RangeOptions {
  @Mixin private WorkersOption workers;

  @Option(
      names = "--family",
      split = ",",
      paramLabel = "FAMILY",
      description = "families, all by default")
  private List<String> families = List.of();

  @Override
  final void check() {
    workers.workers();
    super.check();
  }

  /** Returns the range, its names in lower case. */
  final PartitionRange range() {
    return range(families);
  }

  final int workers() {
    return workers.workers();
  }
}
