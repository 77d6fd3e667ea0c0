package org.bqx.imports;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * What is known of the bars in the staging table without asking the database. Bars that are not
 * after all before them are counted as such and otherwise ignored: they will be refused.
 */
final class StagedBars {
  private final NavigableSet<YearMonth> months = new TreeSet<>();
  private long bars;
  private boolean ascending = true;
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;
  private long monthEnd = Long.MIN_VALUE;

  void add(Bar bar) {
    long time = bar.epochSecond();
    bars++;
    if (time <= last) {
      ascending = false;
      return;
    }
    first = Math.min(first, time);
    last = time;
    if (time >= monthEnd) {
      YearMonth month = YearMonth.from(Instant.ofEpochSecond(time).atOffset(ZoneOffset.UTC));
      monthEnd = month.plusMonths(1).atDay(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
      months.add(month);
    }
  }

  /** Adds a whole month of another table; whether a time repeats in it is not known. */
  void addMonth(long firstTime, long lastTime, long count) {
    bars += count;
    ascending = false;
    first = Math.min(first, firstTime);
    last = Math.max(last, lastTime);
    months.add(YearMonth.from(Instant.ofEpochSecond(firstTime).atOffset(ZoneOffset.UTC)));
  }

  /** Takes away bars that were refused once they were staged. */
  void remove(long refused) {
    bars -= refused;
  }

  long bars() {
    return bars;
  }

  boolean isAscending() {
    return ascending;
  }

  NavigableSet<YearMonth> months() {
    return months;
  }

  /** Returns the open of the earliest bar, null when there is none. */
  Instant first() {
    return months.isEmpty() ? null : Instant.ofEpochSecond(first);
  }

  /** Returns the open of the latest bar, null when there is none. */
  Instant last() {
    return months.isEmpty() ? null : Instant.ofEpochSecond(last);
  }
}
