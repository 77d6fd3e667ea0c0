package org.bqx.monitor;

import java.time.Instant;
import java.time.YearMonth;
import org.bqx.partition.PartitionState;

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
    Instant finishedAt) {

  /** Returns {@code bqx eurusd 2024-07}. */
  public String name() {
    return family + " " + pair + " " + month;
  }

  /** Returns whether the partition is in this state. */
  public boolean is(PartitionState wanted) {
    return state == wanted;
  }
}
