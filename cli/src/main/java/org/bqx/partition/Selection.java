package org.bqx.partition;

import static org.bqx.jooq.Tables.PROGRESS;

import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jooq.Condition;

/**
 * Which partitions of a range a backfill takes. Why one is not done any more, {@code bqx.progress}
 * decides; which states are taken is decided here, for all that plan, count or compute.
 */
public enum Selection {
  /**
   * What is not done. A running one is taken, too: whoever runs it may die. So is one whose node
   * does not answer: by its turn it may, and what is done then is left alone.
   */
  OUTDATED(
      PartitionState.MISSING,
      PartitionState.STALE,
      PartitionState.FAILED,
      PartitionState.RUNNING,
      PartitionState.UNREACHABLE),
  /** What is not done, and what is; of what has nothing to compute from, the rows are removed. */
  ALL(
      PartitionState.MISSING,
      PartitionState.STALE,
      PartitionState.FAILED,
      PartitionState.RUNNING,
      PartitionState.UNREACHABLE,
      PartitionState.DONE),
  /** What failed, or may have on a node that does not answer. */
  FAILED(PartitionState.FAILED, PartitionState.UNREACHABLE);

  private final Set<PartitionState> states;

  Selection(PartitionState first, PartitionState... others) {
    states = EnumSet.of(first, others);
  }

  /** Returns what a backfill takes that is forced, or that only retries. */
  public static Selection of(boolean force, boolean retry) {
    if (retry) {
      return FAILED;
    }
    return force ? ALL : OUTDATED;
  }

  /** Returns whether a partition in this state is taken. */
  public boolean takes(PartitionState state) {
    return states.contains(state);
  }

  /**
   * Returns whether the rows of a partition are removed, since there is nothing to compute them
   * from any more: where all that is there is made anew, and not else.
   *
   * @param rows how many there are, null for none
   */
  public boolean removes(PartitionState state, Long rows) {
    return this == ALL && state.lacksInputs() && rows != null;
  }

  /** Returns what is true of the rows of {@code bqx.progress} that are taken. */
  public Condition condition() {
    return ProgressFields.STATE.in(states);
  }

  /** Returns whether changed bars make a partition so. */
  public static boolean isMadeByBars(PartitionState state) {
    return state == PartitionState.MISSING || state == PartitionState.STALE;
  }

  /**
   * Returns what is true of the rows of {@code bqx.progress} that changed bars have made missing or
   * stale. What failed before is tried again when its pair's bars have changed, and not else.
   */
  public static Condition afterChanges(Collection<String> changedPairs) {
    Set<String> changed = new HashSet<>(changedPairs);
    if (!changed.isEmpty()) {
      changed.add(PartitionRange.MARKET);
    }
    return ProgressFields.STATE
        .in(PartitionState.MISSING, PartitionState.STALE)
        .or(ProgressFields.STATE.eq(PartitionState.FAILED).and(PROGRESS.PAIR.in(changed)));
  }
}
