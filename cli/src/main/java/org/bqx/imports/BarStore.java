package org.bqx.imports;

import static org.bqx.jooq.Tables.BASELINE_RATES;
import static org.bqx.jooq.Tables.M1;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.bqx.jooq.Routines;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** The bars of one pair, and the statements that bring staged ones there: each a pass over sets. */
final class BarStore {
  private static final String STAGED = Staging.VALUES.formatted("staged");
  private static final String STORED = Staging.VALUES.formatted("stored");
  private static final String ALL_VALUES =
      "rtrim(array_to_string(ARRAY[%1$s.open, %1$s.high, %1$s.low, %1$s.close, %1$s.volume,"
          + " %1$s.bid_close, %1$s.ask_close], ',', ''), ',')";

  /**
   * Whether two bars of a minute contradict each other. A side of the quote that one of them does
   * not know is no contradiction: the other completes it.
   */
  private static final String DIFFERS =
      "(%s IS DISTINCT FROM %s OR staged.bid_close <> stored.bid_close OR staged.ask_close <> stored.ask_close)"
          .formatted(STAGED, STORED);

  private static final String SAME_MINUTE =
      "stored.pair = ? AND stored.time = staged.time AND stored.time BETWEEN ?::timestamptz AND ?::timestamptz";

  /** How far apart bars may be that are called near. */
  static final Duration NEAR = Duration.ofDays(31);

  private final String pair;
  private final Staging staging;
  private final DSLContext sql;

  /**
   * @param staging of the server that has the pair's bars
   */
  BarStore(String pair, Staging staging) {
    this.pair = pair;
    this.staging = staging;
    sql = staging.sql();
  }

  String pair() {
    return pair;
  }

  Staging staging() {
    return staging;
  }

  /** Takes the pair for this transaction, unless another import has it. */
  boolean lock() {
    return sql.fetchSingle(
            "SELECT pg_try_advisory_xact_lock(hashtext('bqx.import'), hashtext(?))", pair)
        .get(0, Boolean.class);
  }

  /**
   * A bar that is there beside one that is to come.
   *
   * @param time of the bar that is there
   * @param close its close
   * @param stagedTime of the other
   * @param stagedClose its close
   */
  record Neighbour(Instant time, double close, Instant stagedTime, double stagedClose) {}

  /** Returns the bars next to those that are staged, before the first and after the last. */
  List<Neighbour> neighbours(Instant first, Instant last) {
    List<Neighbour> neighbours = new ArrayList<>();
    for (boolean before : new boolean[] {true, false}) {
      Instant edge = before ? first : last;
      Instant near = edge.plus(before ? NEAR.negated() : NEAR);
      Record found = neighbour(before, edge, near);
      if (found == null) {
        found = neighbour(before, edge, null);
      }
      if (found != null) {
        double staged =
            sql.fetchSingle(
                    "SELECT close FROM pg_temp.bqx_staging WHERE time = ?::timestamptz LIMIT 1",
                    edge.atOffset(ZoneOffset.UTC))
                .get(0, Double.class);
        neighbours.add(
            new Neighbour(
                found.get(0, OffsetDateTime.class).toInstant(),
                found.get(1, Double.class),
                edge,
                staged));
      }
    }
    return neighbours;
  }

  private Record neighbour(boolean before, Instant edge, Instant bound) {
    Condition side =
        before
            ? M1.TIME.lt(edge.atOffset(ZoneOffset.UTC))
            : M1.TIME.gt(edge.atOffset(ZoneOffset.UTC));
    Condition near =
        bound == null
            ? DSL.noCondition()
            : before
                ? M1.TIME.ge(bound.atOffset(ZoneOffset.UTC))
                : M1.TIME.le(bound.atOffset(ZoneOffset.UTC));
    return sql.select(M1.TIME, M1.CLOSE)
        .from(M1)
        .where(M1.PAIR.eq(pair), side, near, M1.CLOSE.isNotNull())
        .orderBy(before ? M1.TIME.desc() : M1.TIME.asc())
        .limit(1)
        .fetchOne();
  }

  boolean hasBars(Instant first, Instant last) {
    return sql.fetchExists(
        M1,
        M1.PAIR.eq(pair),
        M1.TIME.between(first.atOffset(ZoneOffset.UTC), last.atOffset(ZoneOffset.UTC)));
  }

  /** Removes the lines whose minute the table holds with other values; returns how many. */
  long refuseConflicts(StagedBars range, Rejects rejects) throws IOException {
    return staging.refuse(
        rejects,
        """
        SELECT staged.line, format('time %%s is already there with other values: %%s, not %%s',
            %3$s, %2$s, %1$s) AS reason
        FROM pg_temp.bqx_staging staged
        JOIN bqx.m1 stored ON %4$s
        WHERE %5$s
        """
            .formatted(
                ALL_VALUES.formatted("staged"),
                ALL_VALUES.formatted("stored"),
                Staging.utcText("staged.time"),
                SAME_MINUTE,
                DIFFERS),
        pair,
        utc(range.first()),
        utc(range.last()));
  }

  /** Replaces the bars that have other values; returns how many. */
  long replace(StagedBars range) {
    return sql.execute(
        """
        UPDATE bqx.m1 stored
        SET open = staged.open, high = staged.high, low = staged.low, close = staged.close,
            volume = staged.volume,
            bid_close = CASE WHEN staged.close = stored.close
                THEN coalesce(staged.bid_close, stored.bid_close) ELSE staged.bid_close END,
            ask_close = CASE WHEN staged.close = stored.close
                THEN coalesce(staged.ask_close, stored.ask_close) ELSE staged.ask_close END,
            rate_index = staged.close
                / (SELECT baseline_rate FROM bqx.baseline_rates WHERE pair = ?) * 100
        FROM pg_temp.bqx_staging staged
        WHERE %s AND %s
        """
            .formatted(SAME_MINUTE, DIFFERS),
        pair,
        pair,
        utc(range.first()),
        utc(range.last()));
  }

  /** Adds the sides of the quote that bars there do not have; returns to how many. */
  long complete(StagedBars range) {
    return sql.execute(
        """
        UPDATE bqx.m1 stored
        SET bid_close = coalesce(stored.bid_close, staged.bid_close),
            ask_close = coalesce(stored.ask_close, staged.ask_close)
        FROM pg_temp.bqx_staging staged
        WHERE %s AND NOT %s
            AND (stored.bid_close IS NULL AND staged.bid_close IS NOT NULL
                OR stored.ask_close IS NULL AND staged.ask_close IS NOT NULL)
        """
            .formatted(SAME_MINUTE, "coalesce(" + DIFFERS + ", false)"),
        pair,
        utc(range.first()),
        utc(range.last()));
  }

  /** Removes the asks that no bar there can take; returns how many. */
  long refuseAsks(StagedBars range, boolean refuseOthers, Rejects rejects) throws IOException {
    return staging.refuse(
        rejects,
        """
        SELECT staged.line, CASE
                WHEN stored.time IS NULL THEN format('no bar of %%s is there that could take the ask', %1$s)
                WHEN staged.ask_close NOT BETWEEN stored.close / 2 AND stored.close * 2 THEN
                    format('ask %%s is far from close %%s', staged.ask_close, stored.close)
                WHEN ? AND stored.ask_close <> staged.ask_close THEN
                    format('time %%s has another ask already: %%s, not %%s',
                        %1$s, stored.ask_close, staged.ask_close)
            END AS reason
        FROM pg_temp.bqx_staging staged
        LEFT JOIN bqx.m1 stored ON %2$s
        """
            .formatted(Staging.utcText("staged.time"), SAME_MINUTE),
        refuseOthers,
        pair,
        utc(range.first()),
        utc(range.last()));
  }

  /**
   * Gives the bars there their asks.
   *
   * @param there whether to replace those that are there, or to add where there is none
   */
  long putAsks(StagedBars range, boolean there) {
    return sql.execute(
        """
        UPDATE bqx.m1 stored
        SET ask_close = staged.ask_close
        FROM pg_temp.bqx_staging staged
        WHERE %s AND %s
        """
            .formatted(
                SAME_MINUTE,
                there
                    ? "stored.ask_close <> staged.ask_close"
                    : "stored.ask_close IS NULL AND staged.ask_close IS NOT NULL"),
        pair,
        utc(range.first()),
        utc(range.last()));
  }

  void createMonths(YearMonth from, YearMonth to) {
    Routines.createMonths(sql.configuration(), pair, from.atDay(1), to.atDay(1));
  }

  /** Returns the default baseline date when the pair has no baseline yet, null when it has one. */
  LocalDate missingBaseline() {
    return sql.fetchExists(BASELINE_RATES, BASELINE_RATES.PAIR.eq(pair))
        ? null
        : Routines.defaultBaselineDate(sql.configuration());
  }

  /** Moves the first staged bar at or after a day: the one the baseline is taken from. */
  long insertBaselineBar(LocalDate date) {
    return sql.execute(
        """
        WITH baseline AS (
            DELETE FROM pg_temp.bqx_staging
            WHERE ctid = (SELECT ctid FROM pg_temp.bqx_staging WHERE time >= ?::timestamptz
                          ORDER BY time LIMIT 1)
            RETURNING *)
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume, bid_close, ask_close)
        SELECT ?, time, open, high, low, close, volume, bid_close, ask_close FROM baseline
        ON CONFLICT DO NOTHING
        """,
        date.atStartOfDay().atOffset(ZoneOffset.UTC),
        pair);
  }

  void setBaseline(LocalDate date) {
    Routines.setBaseline(sql.configuration(), pair, date);
  }

  /** Spares each bar the search for a baseline that is not there. */
  void declareNoBaseline() {
    sql.execute("SELECT set_config('bqx.pair_without_baseline', ?, true)", pair);
  }

  /**
   * Inserts the staged bars whose minutes are free.
   *
   * @param intoGap whether all are: to look takes half as long again as to insert
   */
  long insert(boolean intoGap) {
    return sql.execute(
        """
        INSERT INTO bqx.m1
            (pair, time, open, high, low, close, volume, bid_close, ask_close, rate_index)
        SELECT ?, time, open, high, low, close, volume, bid_close, ask_close,
            close / (SELECT baseline_rate FROM bqx.baseline_rates WHERE pair = ?) * 100
        FROM pg_temp.bqx_staging
        """
            + (intoGap ? "" : "ON CONFLICT DO NOTHING"),
        pair,
        pair);
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
