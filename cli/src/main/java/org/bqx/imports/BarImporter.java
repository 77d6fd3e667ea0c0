package org.bqx.imports;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;

/**
 * Brings one source of bars into {@code bqx.m1}, all of it or nothing.
 *
 * <p>The bars stream by COPY into a temporary table, whatever their number, and go from there into
 * the table in one statement that computes {@code rate_index} too. When the pair has no baseline
 * yet and the bars reach the baseline date, the bar that makes the baseline goes in first, so that
 * the statement finds the baseline and no row is written twice.
 */
public final class BarImporter {
  private static final int PROGRESS_STEP = 10_000;

  private final Connection connection;
  private final BarStore store;
  private final OnConflict onConflict;
  private final LongConsumer progress;

  /**
   * @param connection used and given back in autocommit mode
   * @param onConflict what becomes of bars that are there with other values
   * @param progress is told how many more lines were read, every few thousand
   */
  public BarImporter(Connection connection, OnConflict onConflict, LongConsumer progress) {
    this.connection = connection;
    this.store = new BarStore(connection);
    this.onConflict = onConflict;
    this.progress = progress;
  }

  /**
   * Imports everything that {@code reader} has, in one transaction.
   *
   * @throws RejectedException when a line is refused; the table is as before
   * @throws Failure when the pair is unknown or another import works on it
   * @throws IOException when the source cannot be read
   * @throws SQLException when the database refuses
   */
  public ImportSummary importBars(String pair, BarReader reader)
      throws IOException, RejectedException, SQLException {
    connection.setAutoCommit(false);
    boolean done = false;
    try {
      ImportSummary summary = inTransaction(pair, reader);
      connection.commit();
      done = true;
      return summary;
    } finally {
      // A failed rollback means a lost connection, and must not hide why the import failed.
      if (!done && connection.isValid(0)) {
        connection.rollback();
      }
      if (!connection.isClosed()) {
        connection.setAutoCommit(true);
      }
    }
  }

  private ImportSummary inTransaction(String pair, BarReader reader)
      throws IOException, RejectedException, SQLException {
    if (!store.isPair(pair)) {
      throw new Failure(
          ExitCode.USAGE,
          "pair \"%s\" does not exist".formatted(pair),
          "list the pairs: ./bqx psql -c 'SELECT pair FROM bqx.pair'");
    }
    if (!store.lockPair(pair)) {
      throw new Failure(
          ExitCode.HELD,
          "another import of %s is running".formatted(pair),
          "wait for it: ./bqx psql -c \"SELECT pid, query_start, query FROM pg_stat_activity WHERE"
              + " application_name LIKE 'bqx%'\"");
    }
    Staged staged = stage(reader);
    staged.refuseIfAny(pair);
    if (!staged.ascending) {
      staged.refuse(store.contradictions());
      staged.refuseIfAny(pair);
      store.removeRepeats();
    }
    if (staged.months.isEmpty()) {
      return staged.summary(pair, 0, 0);
    }
    long replaced = settleConflicts(pair, staged);
    staged.refuseIfAny(pair);
    createMonths(pair, staged.months);
    long inserted = setBaseline(pair, staged) + store.insert(pair);
    return staged.summary(pair, inserted, replaced);
  }

  private Staged stage(BarReader reader) throws IOException, SQLException {
    store.createStaging();
    Staged staged = new Staged();
    try (StagingCopy copy = new StagingCopy(connection)) {
      for (BarLine line = reader.next(); line != null; line = reader.next()) {
        staged.read++;
        String defect = line.bar() == null ? line.defect() : BarCheck.defect(line.bar());
        if (defect == null) {
          copy.write(line.line(), line.bar());
          staged.add(line.bar());
        } else {
          staged.refuse(List.of(BarLine.bad(line.line(), defect)));
        }
        if (staged.read % PROGRESS_STEP == 0) {
          progress.accept(PROGRESS_STEP);
        }
      }
      copy.finish();
    }
    progress.accept(staged.read % PROGRESS_STEP);
    return staged;
  }

  private long settleConflicts(String pair, Staged staged) throws SQLException {
    if (onConflict == OnConflict.KEEP || !store.hasBars(pair, staged.first(), staged.last())) {
      return 0;
    }
    store.analyzeStaging();
    if (onConflict == OnConflict.REPLACE) {
      return store.replace(pair);
    }
    staged.refuse(store.conflicts(pair));
    return 0;
  }

  private void createMonths(String pair, NavigableSet<YearMonth> months) throws SQLException {
    YearMonth from = months.first();
    for (YearMonth month : months) {
      if (!months.contains(month.plusMonths(1))) {
        store.createMonths(pair, from, month);
        from = months.higher(month);
      }
    }
  }

  private long setBaseline(String pair, Staged staged) throws SQLException {
    LocalDate date = store.missingBaseline(pair);
    if (date == null || staged.last().isBefore(date.atStartOfDay(ZoneOffset.UTC).toInstant())) {
      return 0;
    }
    long inserted = store.insertBaselineBar(pair, date);
    store.setBaseline(pair);
    return inserted;
  }

  /** What is known of the staged bars without asking the database. */
  private static final class Staged {
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

    void refuse(List<BarLine> lines) {
      rejected += lines.size();
      lines.stream().limit(RejectedException.KEPT - refused.size()).forEach(refused::add);
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
}
