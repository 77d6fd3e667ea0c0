package org.bqx.imports;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;

/**
 * Brings sources of bars into {@code bqx.m1}, each in one transaction: all of it but a few bad
 * rows, or nothing. One connection serves one source after the other; where the database is a front
 * one with each node besides, see {@link ImportSessions}.
 *
 * <p>The bars stream by COPY into a temporary table, whatever their number, and go from there into
 * the table in one statement that computes {@code rate_index} too. When the pair has no baseline
 * yet and the bars reach the baseline date, the bar that makes the baseline goes in first, so that
 * the statement finds the baseline and no row is written twice.
 *
 * <p>That statement must not read a baseline that somebody is just replacing: {@code create_months}
 * locks the pair's bars against that, and comes before it.
 */
public final class BarImporter implements AutoCloseable {
  private static final int PROGRESS_STEP = 10_000;
  private static final int INTERRUPT_STEP = 1_000;
  private static final Duration NEAR = Duration.ofDays(31);

  /** Over years a price moves further than from one minute to the next. */
  private static final double FAR_FACTOR = 5;

  private final Database database;
  private final ImportRules rules;
  private LongConsumer progress;
  private final ImportSessions sessions;
  private BarStore store;
  private List<String> pairs;

  /** Does the work of one transaction. */
  private interface Work<T> {
    T run() throws IOException, RejectedException, SQLException;
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
    sessions = new ImportSessions(database);
  }

  /** Sets who is told how many more lines were read. */
  public void onProgress(LongConsumer listener) {
    progress = listener;
  }

  /** Returns the pairs there are. */
  public List<String> pairs() throws SQLException {
    connect();
    return pairs;
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
    return transaction(
        () -> {
          takePair(pair);
          PairIntake intake = stage(reader, rejects);
          requireMinutes(pair, intake, reader, rejects);
          return importStaged(
              pair, ordered(intake.staged(), rejects), rejects, reader.fillers(), 0);
        });
  }

  /**
   * Imports everything of a reader whose lines name their symbols, in one transaction.
   *
   * @return a summary a pair; bad lines that name none are counted with the first
   * @throws Failure when there is a symbol of no pair, or another import works on one of them
   */
  public List<ImportSummary> importSymbols(BarReader reader, Rejects rejects)
      throws IOException, RejectedException, SQLException {
    return transaction(
        () -> {
          List<ImportSummary> summaries = new ArrayList<>();
          Map<String, PairIntake> intakes = stageSymbols(reader, rejects);
          int symbol = 0;
          Map<String, Integer> numbers = new TreeMap<>();
          for (String pair : intakes.keySet()) {
            numbers.put(pair, symbol++);
          }
          long before = 0;
          long all = intakes.values().stream().mapToLong(intake -> intake.staged().bars()).sum();
          for (Map.Entry<String, Integer> each : numbers.entrySet()) {
            String pair = each.getKey();
            takePair(pair);
            store.stageSymbol(sessions.home(), each.getValue());
            PairIntake intake = intakes.get(pair);
            requireMinutes(pair, intake, reader, rejects);
            StagedBars staged = ordered(intake.staged(), rejects);
            long others = all - staged.bars();
            ImportSummary summary = importStaged(pair, staged, rejects, 0, others);
            summaries.add(withRejects(summary, rejects.count() - before));
            before = rejects.count();
          }
          return summaries;
        });
  }

  /**
   * Completes the bars that are there by their asks.
   *
   * @param reader whose bars have nothing but an ask
   * @throws RejectedException when too many of them have no bar to complete
   */
  public ImportSummary importAsks(String pair, BarReader reader, Rejects rejects)
      throws IOException, RejectedException, SQLException {
    return transaction(
        () -> {
          takePair(pair);
          PairIntake intake = stage(reader, rejects);
          requireMinutes(pair, intake, reader, rejects);
          StagedBars staged = ordered(intake.staged(), rejects);
          return completeByAsks(pair, staged, rejects, reader.fillers());
        });
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
    return transaction(
        () -> {
          takePair(pair);
          sessions.home().stageTable(table);
          store.stageAllOf(sessions.home());
          String period = rules.anyPeriod() ? null : store.steps().otherPeriod();
          store.refuseDefects(rules, rejects);
          StagedBars staged = store.staged();
          progress.accept(staged.bars() + rejects.count());
          if (period != null) {
            throw otherPeriod(pair, staged, period, rejects, 0);
          }
          return importStaged(pair, ordered(staged, rejects), rejects, 0, 0);
        });
  }

  @Override
  public void close() throws SQLException {
    sessions.close();
  }

  private void connect() throws SQLException {
    if (!sessions.isOpen()) {
      sessions.open();
      pairs = sessions.pairs();
    }
  }

  private <T> T transaction(Work<T> work) throws IOException, RejectedException, SQLException {
    connect();
    try {
      T result = work.run();
      if (rules.dryRun()) {
        sessions.rollback();
      } else {
        sessions.commit();
      }
      return result;
    } catch (IOException | RejectedException | SQLException | RuntimeException failed) {
      closeAfter(failed);
      throw failed;
    }
  }

  /** What ends in the middle may leave a COPY open: a new connection has none. */
  private void closeAfter(Exception failed) {
    try {
      sessions.abandon();
    } catch (SQLException gone) {
      failed.addSuppressed(gone);
    }
  }

  private void takePair(String pair) throws SQLException {
    if (!pairs.contains(pair)) {
      throw Symbols.unknown(pair);
    }
    store = sessions.of(pair);
    if (!store.lockPair(pair)) {
      throw new Failure(
          ExitCode.HELD,
          "another import of %s is running".formatted(pair),
          "wait for it: ./bqx psql -c \"SELECT pid, query_start, query FROM pg_stat_activity WHERE"
              + " application_name LIKE 'bqx%'\"");
    }
  }

  private PairIntake stage(BarReader reader, Rejects rejects) throws IOException, SQLException {
    try (StagingCopy copy = store.copyToStaging()) {
      PairIntake intake = new PairIntake(-1, rules, copy, rejects);
      readAll(reader, line -> intake.take(line, reader));
      intake.finish();
      copy.finish();
      return intake;
    }
  }

  private Map<String, PairIntake> stageSymbols(BarReader reader, Rejects rejects)
      throws IOException, SQLException {
    Map<String, PairIntake> intakes = new LinkedHashMap<>();
    Map<String, PairIntake> bySymbol = new LinkedHashMap<>();
    try (StagingCopy copy = sessions.home().copySymbolsToStaging()) {
      readAll(
          reader,
          line -> {
            if (line.bar() == null) {
              rejects.add(line.line(), line.defect(), reader.text());
              return;
            }
            PairIntake intake = bySymbol.get(reader.symbol());
            if (intake == null) {
              String pair = Symbols.pairOfSymbol(reader.symbol(), pairs);
              int number = intakes.size();
              intake =
                  intakes.computeIfAbsent(pair, of -> new PairIntake(number, rules, copy, rejects));
              bySymbol.put(reader.symbol(), intake);
            }
            intake.take(line, reader);
          });
      for (PairIntake intake : intakes.values()) {
        intake.finish();
      }
      copy.finish();
    }
    return intakes;
  }

  /** Takes one line. */
  private interface Intake {
    void take(BarLine line) throws IOException, SQLException;
  }

  private void readAll(BarReader reader, Intake intake) throws IOException, SQLException {
    long read = 0;
    for (BarLine line = reader.next(); line != null; line = reader.next()) {
      intake.take(line);
      if (++read % PROGRESS_STEP == 0) {
        progress.accept(PROGRESS_STEP);
      }
      if (read % INTERRUPT_STEP == 0 && database.isCancelled()) {
        throw new Failure(ExitCode.INTERRUPTED, "interrupted", null);
      }
    }
    progress.accept(read % PROGRESS_STEP);
  }

  /** Takes out the lines that are not after all lines before them, where there are such. */
  private StagedBars ordered(StagedBars staged, Rejects rejects) throws IOException {
    if (staged.isOrdered()) {
      return staged;
    }
    store.refuseLate(rejects);
    return store.staged();
  }

  private void requireMinutes(String pair, PairIntake intake, BarReader reader, Rejects rejects)
      throws RejectedException {
    if (rules.anyPeriod() || reader.isMade()) {
      return;
    }
    String period = intake.steps().otherPeriod();
    if (period != null) {
      throw otherPeriod(pair, intake.staged(), period, rejects, reader.fillers());
    }
  }

  private RejectedException otherPeriod(
      String pair, StagedBars staged, String period, Rejects rejects, long fillers) {
    return new RejectedException(
        nothing(pair, staged, rejects, fillers),
        "most bars follow each other by %s, so they are no one-minute bars: nothing imported"
            .formatted(period),
        "import one-minute bars; where these are, with gaps, say so: --period m1");
  }

  private ImportSummary importStaged(
      String pair, StagedBars staged, Rejects rejects, long fillers, long others)
      throws IOException, RejectedException, SQLException {
    requireFewRejects(pair, staged, rejects, fillers, others);
    if (staged.months().isEmpty()) {
      return nothing(pair, staged, rejects, fillers);
    }
    requireNeighbours(pair, staged, rejects, fillers);
    createMonths(pair, staged.months());
    long replaced = 0;
    long completed = 0;
    boolean intoGap = !store.hasBars(pair, staged.first(), staged.last());
    if (!intoGap) {
      store.analyzeStaging();
      if (rules.onConflict() == OnConflict.REPLACE) {
        replaced = store.replace(pair, staged);
      } else if (rules.onConflict() == OnConflict.FAIL) {
        requireNoConflict(pair, staged, rejects, fillers);
      }
      completed = store.complete(pair, staged);
    }
    long inserted = setBaseline(pair, staged) + store.insert(pair, intoGap);
    long unchanged = staged.bars() - inserted - replaced - completed;
    return new ImportSummary(
        pair,
        staged.bars() + rejects.count(),
        inserted,
        unchanged,
        replaced,
        rejects.count(),
        completed,
        staged.quoted(),
        fillers,
        staged.first(),
        staged.last());
  }

  private void requireNoConflict(String pair, StagedBars staged, Rejects rejects, long fillers)
      throws IOException, RejectedException {
    long refused = store.refuseConflicts(pair, staged, rejects);
    if (refused > 0) {
      staged.remove(refused);
      throw refused(pair, staged, rejects, fillers, "other values are there");
    }
  }

  private ImportSummary completeByAsks(
      String pair, StagedBars staged, Rejects rejects, long fillers)
      throws IOException, RejectedException, SQLException {
    long asks = staged.bars();
    if (asks > 0) {
      store.analyzeStaging();
      boolean refuse = rules.onConflict() == OnConflict.FAIL;
      staged.remove(store.refuseAsks(pair, staged, refuse, rejects));
    }
    long taken = staged.bars();
    if (asks > 0 && taken == 0) {
      throw new RejectedException(
          nothing(pair, staged, rejects, fillers),
          "it has asks alone, and no bar takes one of its %,d: nothing imported".formatted(asks),
          "import the bid's file first; or take its prices as they are: --side none");
    }
    requireFewRejects(pair, staged, rejects, fillers, 0);
    long replaced = 0;
    long completed = 0;
    if (taken > 0) {
      completed = store.putAsks(pair, staged, false);
      if (rules.onConflict() == OnConflict.REPLACE) {
        replaced = store.putAsks(pair, staged, true);
      }
    }
    return new ImportSummary(
        pair,
        taken + rejects.count(),
        0,
        taken - completed - replaced,
        replaced,
        rejects.count(),
        completed,
        taken,
        fillers,
        staged.first(),
        staged.last());
  }

  /**
   * @param others bars of other pairs in the same source
   */
  private void requireFewRejects(
      String pair, StagedBars staged, Rejects rejects, long fillers, long others)
      throws RejectedException {
    long read = staged.bars() + others + rejects.count();
    if (rules.maxRejects().isExceeded(rejects.count(), read)) {
      throw refused(pair, staged, rejects, fillers, "more than " + rules.maxRejects());
    }
  }

  /** A file that has lost its decimal points throughout is at odds with what is there beside it. */
  private void requireNeighbours(String pair, StagedBars staged, Rejects rejects, long fillers)
      throws RejectedException {
    for (BarStore.Neighbour bar : store.neighbours(pair, staged.first(), staged.last())) {
      Duration between = Duration.between(bar.time(), bar.stagedTime()).abs();
      double factor = rules.maxJump() * (between.compareTo(NEAR) > 0 ? FAR_FACTOR : 1);
      if (bar.stagedClose() > bar.close() * factor || bar.stagedClose() * factor < bar.close()) {
        throw new RejectedException(
            nothing(pair, staged, rejects, fillers),
            "its close %s at %s is a jump from %s, which is there at %s: nothing imported"
                .formatted(bar.stagedClose(), bar.stagedTime(), bar.close(), bar.time()),
            "correct the file, or what is there; or allow it: --max-jump");
      }
    }
  }

  private static RejectedException refused(
      String pair, StagedBars staged, Rejects rejects, long fillers, String why) {
    return new RejectedException(nothing(pair, staged, rejects, fillers), why);
  }

  private static ImportSummary nothing(
      String pair, StagedBars staged, Rejects rejects, long fillers) {
    return new ImportSummary(
        pair,
        staged.bars() + rejects.count(),
        0,
        0,
        0,
        rejects.count(),
        0,
        staged.quoted(),
        fillers,
        staged.first(),
        staged.last());
  }

  private static ImportSummary withRejects(ImportSummary of, long rejected) {
    return new ImportSummary(
        of.pair(),
        of.read() - of.rejected() + rejected,
        of.inserted(),
        of.unchanged(),
        of.replaced(),
        rejected,
        of.completed(),
        of.quoted(),
        of.fillers(),
        of.first(),
        of.last());
  }

  private void createMonths(String pair, NavigableSet<YearMonth> months) {
    YearMonth from = months.first();
    for (YearMonth month : months) {
      if (!months.contains(month.plusMonths(1))) {
        store.createMonths(pair, from, month);
        from = months.higher(month);
      }
    }
  }

  private long setBaseline(String pair, StagedBars staged) {
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
}
