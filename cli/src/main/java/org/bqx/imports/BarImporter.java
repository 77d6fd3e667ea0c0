package org.bqx.imports;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.NavigableSet;
import java.util.function.LongConsumer;
import org.bqx.connection.Database;
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

  private final Database database;
  private final OnConflict onConflict;
  private final LongConsumer progress;

  /**
   * @param database where the bars go
   * @param onConflict what becomes of bars that are there with other values
   * @param progress is told how many more lines were read, every few thousand
   */
  public BarImporter(Database database, OnConflict onConflict, LongConsumer progress) {
    this.database = database;
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
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      ImportSummary summary = importBars(pair, reader, new BarStore(connection));
      connection.commit();
      return summary;
    }
  }

  private ImportSummary importBars(String pair, BarReader reader, BarStore store)
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
    StagedBars staged = stage(reader, store);
    staged.refuseIfAny(pair);
    if (!staged.isAscending()) {
      staged.refuse(store.contradictions());
      staged.refuseIfAny(pair);
      store.removeRepeats();
    }
    if (staged.months().isEmpty()) {
      return staged.summary(pair, 0, 0);
    }
    long replaced = settleConflicts(pair, staged, store);
    staged.refuseIfAny(pair);
    createMonths(pair, staged.months(), store);
    long inserted = setBaseline(pair, staged, store) + store.insert(pair);
    return staged.summary(pair, inserted, replaced);
  }

  private StagedBars stage(BarReader reader, BarStore store) throws IOException, SQLException {
    store.createStaging();
    StagedBars staged = new StagedBars();
    try (StagingCopy copy = store.copyToStaging()) {
      for (BarLine line = reader.next(); line != null; line = reader.next()) {
        String defect = line.bar() == null ? line.defect() : BarCheck.defect(line.bar());
        if (defect == null) {
          copy.write(line.line(), line.bar());
          staged.add(line.bar());
        } else {
          staged.refuse(BarLine.bad(line.line(), defect));
        }
        if (staged.read() % PROGRESS_STEP == 0) {
          progress.accept(PROGRESS_STEP);
        }
      }
      copy.finish();
    }
    progress.accept(staged.read() % PROGRESS_STEP);
    return staged;
  }

  private long settleConflicts(String pair, StagedBars staged, BarStore store) throws SQLException {
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

  private static void createMonths(String pair, NavigableSet<YearMonth> months, BarStore store)
      throws SQLException {
    YearMonth from = months.first();
    for (YearMonth month : months) {
      if (!months.contains(month.plusMonths(1))) {
        store.createMonths(pair, from, month);
        from = months.higher(month);
      }
    }
  }

  private static long setBaseline(String pair, StagedBars staged, BarStore store)
      throws SQLException {
    LocalDate date = store.missingBaseline(pair);
    if (date == null || staged.last().isBefore(date.atStartOfDay(ZoneOffset.UTC).toInstant())) {
      return 0;
    }
    long inserted = store.insertBaselineBar(pair, date);
    store.setBaseline(pair, date);
    return inserted;
  }
}
