package org.bqx.verify;

import java.util.List;

/**
 * How a verification ended.
 *
 * @param planned partitions there were to check
 * @param partitions what was found of each, oldest month first
 * @param warnings what is odd across partitions
 * @param differences what is wrong across partitions
 * @param stopped whether it was stopped before the end
 */
public record VerifyOutcome(
    int planned,
    List<PartitionCheck> partitions,
    List<Finding> warnings,
    List<Finding> differences,
    boolean stopped) {
  /** Copies the lists. */
  public VerifyOutcome {
    partitions = List.copyOf(partitions);
    warnings = List.copyOf(warnings);
    differences = List.copyOf(differences);
  }

  /** Returns how many differences there are in all. */
  public int differenceCount() {
    return differences.size() + partitions.stream().mapToInt(p -> p.differences().size()).sum();
  }

  /** Returns how many warnings there are in all. */
  public int warningCount() {
    return warnings.size() + partitions.stream().mapToInt(p -> p.warnings().size()).sum();
  }

  /** Returns how many partitions were not checked to the end, for whatever reason. */
  public int uncheckedCount() {
    return planned - (int) partitions.stream().filter(p -> p.error() == null).count();
  }
}
