package org.bqx.imports;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final Database database;
  private final ImportRules rules;
  private LongConsumer progress;
  private final ImportSessions sessions;
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
          BarStore store = take(pair);
          return checked(store, stage(store, reader, rejects), reader, rejects).intoTable(0);
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
            BarStore store = take(pair);
            store.staging().takeSymbol(sessions.home(), each.getValue());
            PairImport bars = checked(store, intakes.get(pair), reader, rejects);
            ImportSummary summary = bars.intoTable(all - bars.bars());
            summaries.add(summary.withRejected(rejects.count() - before));
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
          BarStore store = take(pair);
          return checked(store, stage(store, reader, rejects), reader, rejects).completeByAsks();
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
          BarStore store = take(pair);
          Staging staging = store.staging();
          new TableBars(sessions.home()).stage(pair, pairs, table);
          staging.takeAll(sessions.home());
          TableBars rows = new TableBars(staging);
          String period = rules.anyPeriod() ? null : rows.steps().otherPeriod();
          rows.refuseDefects(rules, rejects);
          PairImport bars = new PairImport(store, rules, staging.staged(), rejects, 0);
          progress.accept(bars.bars() + rejects.count());
          bars.requireMinutes(period);
          bars.order();
          return bars.intoTable(0);
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

  /** Keeps other imports from a pair as long as the transaction lasts. */
  private BarStore take(String pair) throws SQLException {
    if (!pairs.contains(pair)) {
      throw Symbols.unknown(pair);
    }
    BarStore store = new BarStore(pair, sessions.of(pair));
    if (!store.lock()) {
      throw new Failure(
          ExitCode.HELD,
          "another import of %s is running".formatted(pair),
          "wait for it: ./bqx psql -c \"SELECT pid, query_start, query FROM pg_stat_activity WHERE"
              + " application_name LIKE 'bqx%'\"");
    }
    return store;
  }

  private PairImport checked(BarStore store, PairIntake intake, BarReader reader, Rejects rejects)
      throws IOException, RejectedException {
    PairImport bars = new PairImport(store, rules, intake.staged(), rejects, reader.fillers());
    bars.requireMinutes(rules.anyPeriod() || reader.isMade() ? null : intake.steps().otherPeriod());
    bars.order();
    return bars;
  }

  private PairIntake stage(BarStore store, BarReader reader, Rejects rejects)
      throws IOException, SQLException {
    try (StagingCopy copy = store.staging().copy()) {
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
    try (StagingCopy copy = sessions.home().copySymbols()) {
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
}
