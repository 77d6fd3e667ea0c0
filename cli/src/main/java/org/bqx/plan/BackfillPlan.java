package org.bqx.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bqx.partition.PartitionState;

/**
 * Every partition in range, oldest month first.
 *
 * @param partitions what would be done to each
 * @param rowsPerSecond what one worker writes in a second
 * @param measured whether that was measured, by the partitions computed last, or is a guess
 * @param seconds what the whole is expected to take with {@code workers}
 * @param workers partitions at a time
 */
public record BackfillPlan(
    List<PlannedPartition> partitions,
    double rowsPerSecond,
    boolean measured,
    double seconds,
    int workers) {
  /** Copies the list. */
  public BackfillPlan {
    partitions = List.copyOf(partitions);
  }

  /** Returns how many partitions there are of each state, in alphabetical order. */
  public SortedMap<PartitionState, Integer> states() {
    SortedMap<PartitionState, Integer> states =
        new TreeMap<>(Comparator.comparing(PartitionState::toString));
    partitions.forEach(partition -> states.merge(partition.state(), 1, Integer::sum));
    return states;
  }

  /** Returns whether a node does not answer, so that nobody knows what is to be done there. */
  public boolean lacksNodes() {
    return states().containsKey(PartitionState.UNREACHABLE);
  }

  /** Returns this plan with the partitions of another after it; the rate stays this one's. */
  public BackfillPlan plus(BackfillPlan other) {
    List<PlannedPartition> both = new ArrayList<>(partitions);
    both.addAll(other.partitions);
    return new BackfillPlan(both, rowsPerSecond, measured, seconds + other.seconds, workers);
  }
}
