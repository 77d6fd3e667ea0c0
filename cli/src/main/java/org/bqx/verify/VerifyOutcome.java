package org.bqx.verify;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.bqx.partition.Partition;
import org.bqx.partition.PartitionRange;
import org.bqx.terminal.Quantity;

/**
 * How a verification ended.
 *
 * @param at when it began, by the server's clock
 * @param server what was verified
 * @param sample rows of a partition that met the reference
 * @param full whether every row was computed again
 * @param planned partitions there were to check
 * @param partitions what was found of each, oldest month first
 * @param warnings what is odd across partitions
 * @param differences what is wrong across partitions
 * @param stopped whether it was stopped before the end
 */
public record VerifyOutcome(
    Instant at,
    String server,
    int sample,
    boolean full,
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

  /** Returns what of this is of a range. What was not come to may be of it, and so counts still. */
  public VerifyOutcome within(PartitionRange range) {
    List<PartitionCheck> within =
        partitions.stream()
            .filter(
                check -> {
                  Partition of = check.partition();
                  return range.has(of.family(), of.pair(), of.month());
                })
            .toList();
    return new VerifyOutcome(
        at,
        server,
        sample,
        full,
        planned - partitions.size() + within.size(),
        within,
        within(range, warnings),
        within(range, differences),
        stopped);
  }

  private static List<Finding> within(PartitionRange range, List<Finding> findings) {
    return findings.stream()
        .filter(finding -> range.has(finding.family(), finding.pair(), finding.month()))
        .toList();
  }

  /** Returns this and another of the same server; what both found is told once. */
  public VerifyOutcome and(VerifyOutcome other) {
    return new VerifyOutcome(
        at,
        server,
        sample,
        full,
        planned + other.planned,
        join(partitions, other.partitions),
        join(warnings, other.warnings),
        join(differences, other.differences),
        stopped || other.stopped);
  }

  private static <T> List<T> join(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).distinct().toList();
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

  /** Returns the outcome in one line. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "%,d of %s verified, %s, %s%s",
        planned - uncheckedCount(),
        Quantity.of(planned, "partition"),
        Quantity.of(differenceCount(), "difference"),
        Quantity.of(warningCount(), "warning"),
        stopped ? ", interrupted" : "");
  }
}
