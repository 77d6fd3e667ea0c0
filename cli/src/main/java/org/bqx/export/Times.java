package org.bqx.export;

import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** Months as times. */
final class Times {
  private Times() {}

  /** Returns a month's first instant, in UTC. */
  static OffsetDateTime start(YearMonth month) {
    return month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
  }
}
