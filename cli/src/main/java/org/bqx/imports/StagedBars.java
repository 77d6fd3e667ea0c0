package org.bqx.imports;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** What is known of the bars in the staging table without asking the database. */
final class StagedBars {
  /**
   * Lines that the database finds wrong.
   *
   * @param first the first of them, at most {@link RejectedException#KEPT}
   * @param total how many there are
   */
  record Refusals(List<BarLine> first, long total) {}

  private final NavigableSet<YearMonth> months = new TreeSet<>();
  private final List<BarLine> refused = new ArrayList<>();
  private long read;
  private long rejected;
  private long bars;
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;
  private long monthEnd = Long.MIN_VALUE;
  private long monthStart = Long.MAX_VALUE;
  private boolean ascending = true;

  void add(Bar bar) {
    long time = bar.epochSecond();
    read++;
    bars++;
    ascending &= time > last || bars == 1;
    first = Math.min(first, time);
    last = Math.max(last, time);
    if (time < monthStart || time >= monthEnd) {
      YearMonth month = YearMonth.from(Instant.ofEpochSecond(time).atOffset(ZoneOffset.UTC));
      monthStart = month.atDay(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
      monthEnd = month.plusMonths(1).atDay(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
      months.add(month);
    }
  }

  void refuse(BarLine line) {
    read++;
    rejected++;
    if (refused.size() < RejectedException.KEPT) {
      refused.add(line);
    }
  }

  /** Refuses lines that were staged. */
  void refuse(Refusals refusals) {
    rejected += refusals.total();
    refused.addAll(refusals.first());
  }

  long read() {
    return read;
  }

  boolean isAscending() {
    return ascending;
  }

  NavigableSet<YearMonth> months() {
    return months;
  }

  void refuseIfAny(String pair) throws RejectedException {
    if (rejected > 0) {
      throw new RejectedException(refused, summary(pair, 0, 0));
    }
  }

  Instant first() {
    return Instant.ofEpochSecond(first);
  }

  Instant last() {
    return Instant.ofEpochSecond(last);
  }

  ImportSummary summary(String pair, long inserted, long replaced) {
    return new ImportSummary(
        pair,
        read,
        inserted,
        rejected > 0 ? 0 : bars - inserted - replaced,
        replaced,
        rejected,
        bars == 0 ? null : first(),
        bars == 0 ? null : last());
  }
}
