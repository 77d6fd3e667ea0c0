package org.bqx.run;

import org.bqx.partition.PartitionRange;
import org.bqx.partition.Selection;
import org.bqx.partition.Work;

/**
 * What a backfill is asked for.
 *
 * @param work of what
 * @param range of which partitions
 * @param workers how many partitions at a time, each worker on a connection of its own
 * @param force whether to compute what is done, too
 */
public record BackfillRequest(Work work, PartitionRange range, int workers, boolean force) {
  /** Asks for the features of a range. */
  public BackfillRequest(PartitionRange range, int workers, boolean force) {
    this(Work.FEATURES, range, workers, force);
  }

  /** Returns which partitions of the range are taken by these settings. */
  public Selection selection(RunSettings settings) {
    return Selection.of(force, settings.retry());
  }
}
