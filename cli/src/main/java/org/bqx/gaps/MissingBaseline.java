package org.bqx.gaps;

import java.time.LocalDate;

/**
 * A pair that has bars and no baseline, so that nothing can be computed of it.
 *
 * @param pair in lower case
 * @param last the day of its last bar
 * @param wanted the baseline date that pairs get unasked
 * @param date a date that works: the wanted one where a bar is at or after it, else the first bar's
 */
public record MissingBaseline(String pair, LocalDate last, LocalDate wanted, LocalDate date) {
  /** Returns the command that sets a baseline. */
  public String command() {
    return "./bqx psql -c \"SELECT bqx.set_baseline('%s', '%s')\"".formatted(pair, date);
  }

  /** Returns what is wrong, in words. */
  public String text() {
    return last.isBefore(wanted)
        ? "%s has no baseline: its bars end on %s, before the baseline date %s"
            .formatted(pair, last, wanted)
        : "%s has bars, but no baseline".formatted(pair);
  }
}
