package org.bqx.run;

import java.time.YearMonth;

/**
 * One family, one pair, one UTC month.
 *
 * @param family bqx or reg
 * @param pair six lower-case letters
 * @param month the month
 */
public record Partition(String family, String pair, YearMonth month) {
  /** Returns for example {@code reg audcad 2024-07}. */
  @Override
  public String toString() {
    return family + " " + pair + " " + month;
  }
}
