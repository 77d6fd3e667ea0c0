package org.bqx.imports;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.NavigableSet;

/**
 * The bars of one pair, from the staging table into {@code bqx.m1}, and what must hold of all of
 * them together before they go there.
 */
final class PairImport {
  /** Over years a price moves further than from one minute to the next. */
  private static final double FAR_FACTOR = 5;

  private final BarStore store;
  private final ImportRules rules;
  private final Rejects rejects;
  private final long fillers;
  private StagedBars staged;

  /**
   * @param staged what is known of the bars that were staged
   * @param fillers how many flat bars of closed hours the source had besides
   */
  PairImport(BarStore store, ImportRules rules, StagedBars staged, Rejects rejects, long fillers) {
    this.store = store;
    this.rules = rules;
    this.staged = staged;
    this.rejects = rejects;
    this.fillers = fillers;
  }

  /**
   * Takes care that these are one-minute bars.
   *
   * @param otherPeriod how most of them follow each other, null when by a minute or nobody asks
   * @throws RejectedException when it is not null
   */
  void requireMinutes(String otherPeriod) throws RejectedException {
    if (otherPeriod != null) {
      throw new RejectedException(
          nothing(),
          "most bars follow each other by %s, so they are no one-minute bars: nothing imported"
              .formatted(otherPeriod),
          "import one-minute bars; where these are, with gaps, say so: --period m1");
    }
  }

  /** Takes out the bars that are not after all bars before them, where there are such. */
  void order() throws IOException {
    if (!staged.isOrdered()) {
      store.staging().refuseLate(rejects);
      staged = store.staging().staged();
    }
  }

  /** Returns how many bars are staged. */
  long bars() {
    return staged.bars();
  }

  /**
   * Moves them into the table.
   *
   * @param others bars of other pairs in the same source
   * @throws RejectedException when too many are bad, or they are at odds with what is there
   */
  ImportSummary intoTable(long others) throws IOException, RejectedException, SQLException {
    requireFewRejects(others);
    if (staged.months().isEmpty()) {
      return nothing();
    }
    requireNeighbours();
    createMonths(staged.months());
    long replaced = 0;
    long completed = 0;
    boolean intoGap = !store.hasBars(staged.first(), staged.last());
    if (!intoGap) {
      store.staging().analyze();
      if (rules.onConflict() == OnConflict.REPLACE) {
        replaced = store.replace(staged);
      } else if (rules.onConflict() == OnConflict.FAIL) {
        requireNoConflict();
      }
      completed = store.complete(staged);
    }
    long inserted = setBaseline() + store.insert(intoGap);
    long unchanged = staged.bars() - inserted - replaced - completed;
    return new ImportSummary(
        store.pair(),
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

  /**
   * Gives the bars of the table the staged asks.
   *
   * @throws RejectedException when too many find no bar that takes them
   */
  ImportSummary completeByAsks() throws IOException, RejectedException, SQLException {
    long asks = staged.bars();
    if (asks > 0) {
      store.staging().analyze();
      boolean refuse = rules.onConflict() == OnConflict.FAIL;
      staged.remove(store.refuseAsks(staged, refuse, rejects));
    }
    long taken = staged.bars();
    if (asks > 0 && taken == 0) {
      throw new RejectedException(
          nothing(),
          "it has asks alone, and no bar takes one of its %,d: nothing imported".formatted(asks),
          "import the bid's file first; or take its prices as they are: --side none");
    }
    requireFewRejects(0);
    long replaced = 0;
    long completed = 0;
    if (taken > 0) {
      completed = store.putAsks(staged, false);
      if (rules.onConflict() == OnConflict.REPLACE) {
        replaced = store.putAsks(staged, true);
      }
    }
    return new ImportSummary(
        store.pair(),
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

  private void requireNoConflict() throws IOException, RejectedException {
    long refused = store.refuseConflicts(staged, rejects);
    if (refused > 0) {
      staged.remove(refused);
      throw refused("other values are there");
    }
  }

  /**
   * @param others bars of other pairs in the same source
   */
  private void requireFewRejects(long others) throws RejectedException {
    long read = staged.bars() + others + rejects.count();
    if (rules.maxRejects().isExceeded(rejects.count(), read)) {
      throw refused("more than " + rules.maxRejects());
    }
  }

  /** A file that has lost its decimal points throughout is at odds with what is there beside it. */
  private void requireNeighbours() throws RejectedException {
    for (BarStore.Neighbour bar : store.neighbours(staged.first(), staged.last())) {
      Duration between = Duration.between(bar.time(), bar.stagedTime()).abs();
      double factor = rules.maxJump() * (between.compareTo(BarStore.NEAR) > 0 ? FAR_FACTOR : 1);
      if (bar.stagedClose() > bar.close() * factor || bar.stagedClose() * factor < bar.close()) {
        throw new RejectedException(
            nothing(),
            "its close %s at %s is a jump from %s, which is there at %s: nothing imported"
                .formatted(bar.stagedClose(), bar.stagedTime(), bar.close(), bar.time()),
            "correct the file, or what is there; or allow it: --max-jump");
      }
    }
  }

  private RejectedException refused(String why) {
    return new RejectedException(nothing(), why);
  }

  private ImportSummary nothing() {
    return new ImportSummary(
        store.pair(),
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

  private void createMonths(NavigableSet<YearMonth> months) {
    YearMonth from = months.first();
    for (YearMonth month : months) {
      if (!months.contains(month.plusMonths(1))) {
        store.createMonths(from, month);
        from = months.higher(month);
      }
    }
  }

  private long setBaseline() {
    LocalDate date = store.missingBaseline();
    if (date == null) {
      return 0;
    }
    if (staged.last().isBefore(date.atStartOfDay(ZoneOffset.UTC).toInstant())) {
      store.declareNoBaseline();
      return 0;
    }
    long inserted = store.insertBaselineBar(date);
    store.setBaseline(date);
    return inserted;
  }
}
