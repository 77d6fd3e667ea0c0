package org.bqx.monitor;

import java.time.Instant;
import java.time.YearMonth;
import org.bqx.partition.PartitionState;
import org.bqx.partition.ProgressFields;

/**
 * One partition as {@code bqx.progress} has it.
 *
 * @param family which family
 * @param pair in lower case
 * @param month UTC month
 * @param state how it stands with it
 * @param reason why it is stale or failed, or null
 * @param bars bars of the month
 * @param rows rows in the partition, null when it was never computed
 * @param backendPid the backend that computes it or did last, or null
 * @param startedAt start of the last attempt that ended, or null
 * @param finishedAt end of it, or null
 * @param written rows that the last computation wrote; of correlations the bars that it read; null
 *     when there was none
 * @param planned whether a backend computes it, or a run under way will, or will remove its rows
 */
public record PartitionFact(
    String family,
    String pair,
    YearMonth month,
    PartitionState state,
    String reason,
    long bars,
    Long rows,
    Integer backendPid,
    Instant startedAt,
    Instant finishedAt,
    Long written,
    boolean planned) {

  /** Returns {@code bqx eurusd 2024-07}. */
  public String name() {
    return family + " " + pair + " " + month;
  }

  /** Returns whether the partition is in this state. */
  public boolean is(PartitionState wanted) {
    return state == wanted;
  }

  /** Returns the same partition as one that a run has ahead of it. */
  PartitionFact ahead() {
    return new PartitionFact(
        family,
        pair,
        month,
        state,
        reason,
        bars,
        rows,
        backendPid,
        startedAt,
        finishedAt,
        written,
        true);
  }

  /** Returns whether the partition is done and will be computed again by a run under way. */
  public boolean again() {
    return planned && is(PartitionState.DONE);
  }

  /** Returns whether a run under way will remove its rows, since their bars or quotes are gone. */
  public boolean removal() {
    return planned && state.lacksInputs();
  }

  /**
   * Returns how many rows its next computation writes, none where rows are removed. Where bars were
   * appended, it is those; that nothing else has changed in them is taken for granted, since to
   * know is to read them.
   */
  long rowsToWrite() {
    boolean appended =
        is(PartitionState.STALE)
            && ProgressFields.BARS_CHANGED.equals(reason)
            && rows != null
            && rows < bars;
    return state.lacksInputs() ? 0 : appended ? bars - rows : bars;
  }
}
