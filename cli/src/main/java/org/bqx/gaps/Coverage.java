package org.bqx.gaps;

import java.time.YearMonth;

/**
 * A month of a pair beside the minutes that the market was open.
 *
 * @param pair which pair
 * @param month which month
 * @param bars bars of the month
 * @param missing minutes without a bar while the market was open, from the pair's first bar on
 */
public record Coverage(String pair, YearMonth month, long bars, long missing) {
  /** Returns the share of the open minutes that have a bar, in percent. */
  public double percent() {
    return bars + missing == 0 ? 100 : 100.0 * bars / (bars + missing);
  }
}
