package org.bqx.run;

import java.util.List;
import org.bqx.partition.LeftOut;
import org.bqx.partition.Partition;
import org.bqx.partition.Work;

/** Is told how a backfill goes, from several threads. */
public interface BackfillListener {
  /** There are this many partitions to compute. */
  void planned(int partitions);

  /** So many partitions of the range there is nothing to compute from. */
  default void leftOut(LeftOut partitions) {
    // Whoever only counts what is computed.
  }

  /** Of those, these have rows of what is gone, which a forced backfill removes. */
  default void leftOver(Work work, List<Partition> partitions) {
    // As leftOut.
  }

  /** A partition was computed. */
  void done(Partition partition, long rows);

  /** Rows were removed, since what they were computed from is gone. The partition is done, too. */
  default void removed(Partition partition) {
    // As leftOut.
  }

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
