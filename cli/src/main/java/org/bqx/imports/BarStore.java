package org.bqx.imports;

import static org.bqx.jooq.Tables.BASELINE_RATES;
import static org.bqx.jooq.Tables.M1;
import static org.bqx.jooq.Tables.PAIR;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.bqx.imports.StagedBars.Refusals;
import org.bqx.jooq.Routines;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** The statements of an import. Each is one pass over sets; none is repeated a row. */
final class BarStore {
  private static final String VALUES = "(%1$s.open, %1$s.high, %1$s.low, %1$s.close, %1$s.volume)";
  private static final String STAGED = VALUES.formatted("staged");
  private static final String STORED = VALUES.formatted("stored");
  private static final String FIRST = VALUES.formatted("first");

  private final Connection connection;
  private final DSLContext sql;

  BarStore(Connection connection) {
    this.connection = connection;
    sql = DSL.using(connection, SQLDialect.POSTGRES);
  }

  boolean isPair(String pair) {
    return sql.fetchExists(PAIR, PAIR.PAIR_.eq(pair));
  }

  /** Takes the pair for this transaction, unless another import has it. */
  boolean lockPair(String pair) {
    return sql.fetchSingle(
            "SELECT pg_try_advisory_xact_lock(hashtext('bqx.import'), hashtext(?))", pair)
        .get(0, Boolean.class);
  }

  void createStaging() {
    sql.execute(
        "CREATE TEMPORARY TABLE bqx_staging (line bigint, time timestamptz, open float8,"
            + " high float8, low float8, close float8, volume float8) ON COMMIT DROP");
  }

  StagingCopy copyToStaging() throws SQLException {
    return new StagingCopy(connection);
  }

  /** Gives the planner the staging table's size: nobody analyzes a temporary table. */
  void analyzeStaging() {
    sql.execute("ANALYZE pg_temp.bqx_staging");
  }

  /** Lines whose minute an earlier line gave other values. */
  Refusals contradictions() {
    return refusals(
        """
        SELECT staged.line, format('time %%s has other values on line %%s',
            to_char(staged.time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'), first.line),
            count(*) OVER ()
        FROM pg_temp.bqx_staging staged
        JOIN (SELECT DISTINCT ON (time) * FROM pg_temp.bqx_staging ORDER BY time, line) first
            USING (time)
        WHERE %s IS DISTINCT FROM %s
        ORDER BY staged.line
        LIMIT 20
        """
            .formatted(STAGED, FIRST));
  }

  /** Removes the repeated lines of a minute but the first. */
  void removeRepeats() {
    sql.execute(
        """
        DELETE FROM pg_temp.bqx_staging staged
        USING (SELECT time, min(line) AS line FROM pg_temp.bqx_staging
               GROUP BY time HAVING count(*) > 1) first
        WHERE staged.time = first.time AND staged.line > first.line
        """);
  }

  boolean hasBars(String pair, Instant first, Instant last) {
    return sql.fetchExists(
        M1,
        M1.PAIR.eq(pair),
        M1.TIME.between(first.atOffset(ZoneOffset.UTC), last.atOffset(ZoneOffset.UTC)));
  }

  /** Lines whose minute the table holds with other values. */
  Refusals conflicts(String pair) {
    return refusals(
        """
        SELECT staged.line, format('time %%s is already there with other values: %%s, not %%s',
            to_char(staged.time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'), %2$s, %1$s),
            count(*) OVER ()
        FROM pg_temp.bqx_staging staged
        JOIN bqx.m1 stored USING (time)
        WHERE stored.pair = ? AND %1$s IS DISTINCT FROM %2$s
        ORDER BY staged.line
        LIMIT 20
        """
            .formatted(STAGED, STORED),
        pair);
  }

  long replace(String pair) {
    return sql.execute(
        """
        UPDATE bqx.m1 stored
        SET open = staged.open, high = staged.high, low = staged.low, close = staged.close,
            volume = staged.volume,
            rate_index = staged.close
                / (SELECT baseline_rate FROM bqx.baseline_rates WHERE pair = ?) * 100
        FROM pg_temp.bqx_staging staged
        WHERE stored.pair = ? AND stored.time = staged.time AND %s IS DISTINCT FROM %s
        """
            .formatted(STAGED, STORED),
        pair,
        pair);
  }

  void createMonths(String pair, YearMonth from, YearMonth to) {
    Routines.createMonths(sql.configuration(), pair, from.atDay(1), to.atDay(1));
  }

  /** Returns the default baseline date when the pair has no baseline yet, null when it has one. */
  LocalDate missingBaseline(String pair) {
    return sql.fetchExists(BASELINE_RATES, BASELINE_RATES.PAIR.eq(pair))
        ? null
        : Routines.defaultBaselineDate(sql.configuration());
  }

  /** Inserts the first staged bar at or after a day: the one the baseline is taken from. */
  long insertBaselineBar(String pair, LocalDate date) {
    return sql.execute(
        """
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume)
        SELECT ?, time, open, high, low, close, volume
        FROM pg_temp.bqx_staging
        WHERE time >= ?::timestamptz
        ORDER BY time
        LIMIT 1
        ON CONFLICT DO NOTHING
        """,
        pair,
        date.atStartOfDay().atOffset(ZoneOffset.UTC));
  }

  void setBaseline(String pair, LocalDate date) {
    Routines.setBaseline(sql.configuration(), pair, date);
  }

  long insert(String pair) {
    return sql.execute(
        """
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume, rate_index)
        SELECT ?, time, open, high, low, close, volume,
            close / (SELECT baseline_rate FROM bqx.baseline_rates WHERE pair = ?) * 100
        FROM pg_temp.bqx_staging
        ORDER BY time
        ON CONFLICT DO NOTHING
        """,
        pair,
        pair);
  }

  private Refusals refusals(String query, Object... parameters) {
    Result<Record> rows = sql.fetch(query, parameters);
    return new Refusals(
        rows.map(row -> BarLine.bad(row.get(0, Long.class), row.get(1, String.class))),
        rows.isEmpty() ? 0 : rows.get(0).get(2, Long.class));
  }
}
