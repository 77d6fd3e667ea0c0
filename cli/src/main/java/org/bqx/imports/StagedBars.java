package org.bqx.imports;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * What is known of the bars in the staging table without asking the database. It is exact while
 * each bar is after the one before, or each before it, as in files with the newest first.
 */
final class StagedBars {
  private final NavigableSet<YearMonth> months = new TreeSet<>();
  private long bars;
  private long quoted;
  private boolean ascending = true;
  private boolean descending = true;
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;
  private long before;
  private long monthBegin = Long.MAX_VALUE;
  private long monthEnd = Long.MIN_VALUE;

  void add(Bar bar) {
    long time = bar.epochSecond();
    if (bars > 0) {
      ascending &= time > before;
      descending &= time < before;
    }
    before = time;
    bars++;
    quoted += bar.isQuoted() ? 1 : 0;
    first = Math.min(first, time);
    last = Math.max(last, time);
    if (time < monthBegin || time >= monthEnd) {
      YearMonth month = YearMonth.from(Instant.ofEpochSecond(time).atOffset(ZoneOffset.UTC));
      monthBegin = month.atDay(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
      monthEnd = month.plusMonths(1).atDay(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
      months.add(month);
    }
  }

  /** Adds a whole month that is staged; whether a time repeats in it is not known. */
  void addMonth(long firstTime, long lastTime, long count, long countQuoted) {
    bars += count;
    quoted += countQuoted;
    ascending = false;
    descending = false;
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

  /** Returns how many bars have both sides of the quote. */
  long quoted() {
    return quoted;
  }

  /** Returns whether every bar is after the one before, or every one before it. */
  boolean isOrdered() {
    return ascending || descending;
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
