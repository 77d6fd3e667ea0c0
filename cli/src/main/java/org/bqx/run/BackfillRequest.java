package org.bqx.run;

import org.bqx.partition.PartitionRange;
import org.bqx.partition.Selection;

/**
 * What a backfill is asked for.
 *
 * @param range of which partitions
 * @param workers how many partitions at a time, each worker on a connection of its own
 * @param force whether to compute what is done, too
 */
public record BackfillRequest(PartitionRange range, int workers, boolean force) {
  /** Returns which partitions of the range are taken by these settings. */
  public Selection selection(RunSettings settings) {
    return Selection.of(force, settings.retry());
  }
}
