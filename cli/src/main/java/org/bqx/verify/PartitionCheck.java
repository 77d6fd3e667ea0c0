package org.bqx.verify;

import java.util.List;
import org.bqx.partition.Partition;

/**
 * What verification found of a partition.
 *
 * @param partition which one
 * @param facts its figures
 * @param warnings what is odd and may be right
 * @param differences what is wrong
 * @param error why the partition could not be checked, null when it was
 */
public record PartitionCheck(
    Partition partition,
    VerifyFacts facts,
    List<Finding> warnings,
    List<Finding> differences,
    String error) {
  /** Copies the lists. */
  public PartitionCheck {
    warnings = List.copyOf(warnings);
    differences = List.copyOf(differences);
  }

  /** Returns this, or where its pair was lost what is known of it, and why that is not all. */
  PartitionCheck unless(String lost) {
    return lost == null ? this : new PartitionCheck(partition, facts, warnings, differences, lost);
  }
}
