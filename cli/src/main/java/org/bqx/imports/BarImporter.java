package org.bqx.imports;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.NavigableSet;
import java.util.function.LongConsumer;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;

/**
 * Brings one source of bars into {@code bqx.m1} in one transaction: all of it but a few bad rows,
 * or nothing.
 *
 * <p>The bars stream by COPY into a temporary table, whatever their number, and go from there into
 * the table in one statement that computes {@code rate_index} too. When the pair has no baseline
 * yet and the bars reach the baseline date, the bar that makes the baseline goes in first, so that
 * the statement finds the baseline and no row is written twice.
 *
 * <p>That statement must not read a baseline that somebody is just replacing: {@code create_months}
 * locks the pair's bars against that, and comes before it.
 */
public final class BarImporter {
  private static final int PROGRESS_STEP = 10_000;

  private final Database database;
  private final ImportRules rules;
  private final LongConsumer progress;

  /** Fills the staging table. */
  private interface Stage {
    StagedBars fill(BarStore store, Rejects rejects) throws IOException, SQLException;
  }

  /**
   * @param database where the bars go
   * @param rules what is let in
   * @param progress is told how many more lines were read, every few thousand
   */
  public BarImporter(Database database, ImportRules rules, LongConsumer progress) {
    this.database = database;
    this.rules = rules;
    this.progress = progress;
  }

  /** Returns the pairs there are. */
  public List<String> pairs() throws SQLException {
    try (Connection connection = database.connect()) {
      return new BarStore(connection).pairs();
    }
  }

  /**
   * Imports everything that {@code reader} has.
   *
   * @throws RejectedException when too many lines are bad; the table is as before
   * @throws Failure when the pair is unknown or another import works on it
   * @throws IOException when the source cannot be read
   * @throws SQLException when the database refuses
   */
  public ImportSummary importBars(String pair, BarReader reader, Rejects rejects)
      throws IOException, RejectedException, SQLException {
    return transaction(pair, rejects, (store, bad) -> stage(reader, store, bad));
  }

  /**
   * Imports everything that another table of the database has; its columns are found by their
   * names.
   *
   * @param table as SQL writes it, with its schema and quotes where it needs them
   * @throws RejectedException when too many rows are bad; the pair's bars are as before
   * @throws Failure when there is no such table, or it lacks a column
   */
  public ImportSummary importTable(String pair, String table, Rejects rejects)
      throws IOException, RejectedException, SQLException {
    return transaction(pair, rejects, (store, bad) -> stage(table, store, bad));
  }

  private ImportSummary transaction(String pair, Rejects rejects, Stage stage)
      throws IOException, RejectedException, SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      // Each statement has to see what others committed before it: the baseline above all.
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      BarStore store = new BarStore(connection);
      takePair(pair, store);
      ImportSummary summary = importStaged(pair, stage.fill(store, rejects), rejects, store);
      if (rules.dryRun()) {
        connection.rollback();
      } else {
        connection.commit();
      }
      return summary;
    }
  }

  private static void takePair(String pair, BarStore store) {
    if (!store.pairs().contains(pair)) {
      throw new Failure(
          ExitCode.USAGE,
          "pair %s does not exist".formatted(Printable.quoted(pair)),
          "list the pairs: ./bqx psql -c 'SELECT pair FROM bqx.pair'");
    }
    if (!store.lockPair(pair)) {
      throw new Failure(
          ExitCode.HELD,
          "another import of %s is running".formatted(pair),
          "wait for it: ./bqx psql -c \"SELECT pid, query_start, query FROM pg_stat_activity WHERE"
              + " application_name LIKE 'bqx%'\"");
    }
  }

  private ImportSummary importStaged(
      String pair, StagedBars staged, Rejects rejects, BarStore store)
      throws IOException, RejectedException, SQLException {
    if (!staged.isAscending()) {
      staged.remove(store.refuseLate(rejects));
    }
    long read = staged.bars() + rejects.count();
    if (rules.maxRejects().isExceeded(rejects.count(), read)) {
      throw new RejectedException(
          summary(pair, read, 0, 0, 0, rejects, staged), "more than " + rules.maxRejects());
    }
    if (staged.months().isEmpty()) {
      return summary(pair, read, 0, 0, 0, rejects, staged);
    }
    createMonths(pair, staged.months(), store);
    long replaced = 0;
    boolean intoGap = !store.hasBars(pair, staged.first(), staged.last());
    if (!intoGap && rules.onConflict() != OnConflict.KEEP) {
      store.analyzeStaging();
      if (rules.onConflict() == OnConflict.REPLACE) {
        replaced = store.replace(pair);
      } else if (store.refuseConflicts(pair, rejects) > 0) {
        throw new RejectedException(
            summary(pair, read, 0, 0, 0, rejects, staged), "other values are there");
      }
    }
    long inserted = setBaseline(pair, staged, store) + store.insert(pair, intoGap);
    long unchanged = staged.bars() - inserted - replaced;
    return summary(pair, read, inserted, unchanged, replaced, rejects, staged);
  }

  private StagedBars stage(BarReader reader, BarStore store, Rejects rejects)
      throws IOException, SQLException {
    store.createStaging();
    StagedBars staged = new StagedBars();
    BarCheck check = new BarCheck(rules);
    long read = 0;
    try (StagingCopy copy = store.copyToStaging()) {
      for (BarLine line = reader.next(); line != null; line = reader.next()) {
        Bar bar = line.bar();
        String defect = bar == null ? line.defect() : check.defect(bar);
        if (defect == null) {
          copy.write(line.line(), bar);
          staged.add(bar);
        } else {
          String text = reader.text();
          rejects.add(line.line(), defect, text.isEmpty() && bar != null ? text(bar) : text);
        }
        if (++read % PROGRESS_STEP == 0) {
          progress.accept(PROGRESS_STEP);
        }
      }
      copy.finish();
    }
    progress.accept(read % PROGRESS_STEP);
    return staged;
  }

  private StagedBars stage(String table, BarStore store, Rejects rejects)
      throws IOException, SQLException {
    store.createStaging();
    store.stageTable(table);
    store.refuseDefects(rules, rejects);
    StagedBars staged = store.staged();
    progress.accept(staged.bars() + rejects.count());
    return staged;
  }

  private static String text(Bar bar) {
    return "%s,%s,%s,%s,%s,%s"
        .formatted(
            Instant.ofEpochSecond(bar.epochSecond()),
            bar.open(),
            bar.high(),
            bar.low(),
            bar.close(),
            Double.isNaN(bar.volume()) ? "" : bar.volume());
  }

  private static void createMonths(String pair, NavigableSet<YearMonth> months, BarStore store) {
    YearMonth from = months.first();
    for (YearMonth month : months) {
      if (!months.contains(month.plusMonths(1))) {
        store.createMonths(pair, from, month);
        from = months.higher(month);
      }
    }
  }

  private static long setBaseline(String pair, StagedBars staged, BarStore store) {
    LocalDate date = store.missingBaseline(pair);
    if (date == null) {
      return 0;
    }
    if (staged.last().isBefore(date.atStartOfDay(ZoneOffset.UTC).toInstant())) {
      store.declareNoBaseline(pair);
      return 0;
    }
    long inserted = store.insertBaselineBar(pair, date);
    store.setBaseline(pair, date);
    return inserted;
  }

  private static ImportSummary summary(
      String pair,
      long read,
      long inserted,
      long unchanged,
      long replaced,
      Rejects rejects,
      StagedBars staged) {
    return new ImportSummary(
        pair, read, inserted, unchanged, replaced, rejects.count(), staged.first(), staged.last());
  }
}
