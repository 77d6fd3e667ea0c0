package org.bqx.gaps;

import java.time.Instant;
import java.time.LocalDate;

/**
 * A pair whose baseline is not the close of its first bar from the baseline date on: an earlier bar
 * came after it was set, or the bar has another close since, or is gone.
 *
 * @param pair in lower case
 * @param date from which on the first bar is the baseline's
 * @param time of the bar that is
 * @param rate its close when the baseline was set
 * @param first the first bar that is there now
 * @param close its close, null where it has none
 */
public record OldBaseline(
    String pair, LocalDate date, Instant time, double rate, Instant first, Double close) {
  /** Returns the command that takes the bar that is the first now. */
  public String command() {
    return "./bqx psql -c \"SELECT bqx.set_baseline('%s', '%s')\"".formatted(pair, date);
  }

  /** Returns what is wrong, in words. */
  public String text() {
    if (!first.equals(time)) {
      return (first.isBefore(time)
              ? "%s has its baseline from the bar of %s, and an earlier one from the baseline date %s on, of %s"
              : "%s has its baseline from the bar of %s, which is gone: the first from the baseline date %s on is of %s")
          .formatted(pair, BarsSummary.minute(time), date, BarsSummary.minute(first));
    }
    return "%s has baseline %s, and the bar of %s, which it is from, has close %s now"
        .formatted(pair, rate, BarsSummary.minute(time), close);
  }
}
