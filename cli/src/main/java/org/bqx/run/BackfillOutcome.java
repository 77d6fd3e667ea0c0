package org.bqx.run;

import java.util.List;
import org.bqx.partition.LeftOut;

/**
 * How a backfill ended.
 *
 * @param planned partitions there were to compute
 * @param done partitions computed, or found done by somebody else meanwhile
 * @param rows rows written
 * @param removed of the done ones, those whose rows were removed, since what they were computed
 *     from is gone
 * @param failed partitions that failed
 * @param held partitions that somebody else computes
 * @param leftOut partitions of the range that there is nothing to compute from
 * @param empty whether the range has no partition at all
 * @param stopped whether it was stopped before the end
 */
public record BackfillOutcome(
    int planned,
    int done,
    long rows,
    int removed,
    List<PartitionFailure> failed,
    List<PartitionFailure> held,
    LeftOut leftOut,
    boolean empty,
    boolean stopped) {
  /** Copies the lists. */
  public BackfillOutcome {
    failed = List.copyOf(failed);
    held = List.copyOf(held);
  }
}
