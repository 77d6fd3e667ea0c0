package org.bqx.run;

import org.bqx.partition.Partition;

/** Is told how a backfill goes, from several threads. */
public interface BackfillListener {
  /** There are this many partitions to compute. */
  void planned(int partitions);

  /** A partition was computed. */
  void done(Partition partition, long rows);

  /** A partition failed; the rest goes on. */
  void failed(PartitionFailure failure);

  /** Somebody else computes the partition; the rest goes on. */
  void held(PartitionFailure failure);

  /**
   * A node of the front does not answer; the rest goes on.
   *
   * @param node its name
   * @param partitions how many were not computed
   * @param first why, and the first of them
   */
  void unreachable(String node, int partitions, PartitionFailure first);
}
