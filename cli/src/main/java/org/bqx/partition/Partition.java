package org.bqx.partition;

import java.time.YearMonth;

/**
 * One family, one pair, one UTC month: what is computed, verified and stored at a time.
 *
 * @param family as {@code bqx.feature} has it; of {@link Work#CORRELATIONS} the target
 * @param pair as {@code bqx.pair} has it, in lower case, or {@link PartitionRange#MARKET}
 * @param month the month
 */
public record Partition(String family, String pair, YearMonth month) {
  /** Returns for example {@code reg audcad 2024-07}. */
  @Override
  public String toString() {
    return family + " " + pair + " " + month;
  }
}
