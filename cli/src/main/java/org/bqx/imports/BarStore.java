package org.bqx.imports;

import static org.bqx.jooq.Tables.BASELINE_RATES;
import static org.bqx.jooq.Tables.M1;
import static org.bqx.jooq.Tables.PAIR;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.jooq.Routines;
import org.bqx.terminal.Printable;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/** The statements of an import. Each is one pass over sets; none is repeated a row. */
final class BarStore {
  private static final String VALUES = "(%1$s.open, %1$s.high, %1$s.low, %1$s.close, %1$s.volume)";
  private static final String STAGED = VALUES.formatted("staged");
  private static final String STORED = VALUES.formatted("stored");
  private static final String FIRST = VALUES.formatted("first");

  private static final List<String> REQUIRED = List.of("time", "open", "high", "low", "close");
  private static final int FETCH = 1000;

  private final Connection connection;
  private final DSLContext sql;

  BarStore(Connection connection) {
    this.connection = connection;
    sql = DSL.using(connection, SQLDialect.POSTGRES);
  }

  List<String> pairs() {
    return sql.select(PAIR.PAIR_).from(PAIR).fetch(PAIR.PAIR_);
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

  /**
   * Fills the staging table from another table, in the order of its times.
   *
   * @throws Failure when there is no such table, or it lacks a column or has one of another type
   */
  void stageTable(String table) {
    Result<Record> columns = columns(table);
    Map<String, String> expressions = new HashMap<>();
    for (Record column : columns) {
      String expression = column.get("expression", String.class);
      if (expression == null) {
        throw unreadable(
            table,
            "column %s is %s"
                .formatted(column.get("name", String.class), column.get("type", String.class)));
      }
      expressions.put(column.get("name", String.class), expression);
    }
    for (String name : REQUIRED) {
      if (!expressions.containsKey(name)) {
        throw unreadable(table, "there is no column " + name);
      }
    }
    expressions.putIfAbsent("volume", "NULL::float8 AS volume");
    sql.execute(
        """
        INSERT INTO pg_temp.bqx_staging (line, time, open, high, low, close, volume)
        SELECT row_number() OVER (ORDER BY time), time, open, high, low, close, volume
        FROM (SELECT %s FROM %s) bars
        ORDER BY time
        """
            .formatted(
                String.join(", ", expressions.values()),
                columns.get(0).get("relation", String.class)));
  }

  private static Failure unreadable(String table, String why) {
    return new Failure(
        ExitCode.USAGE,
        "cannot read table %s: %s".formatted(Printable.of(table), why),
        "make a view with time (timestamp), open, high, low, close and, if known, volume (numbers)");
  }

  /** Columns that can be read, each as an expression of the type that is needed. */
  private Result<Record> columns(String table) {
    Result<Record> columns;
    try {
      columns =
          sql.fetch(
              """
              SELECT lower(attname) AS name, format_type(atttypid, atttypmod) AS type,
                  format('%I.%I', nspname, relname) AS relation,
                  CASE
                      WHEN lower(attname) = 'time' AND atttypid = 'timestamptz'::regtype THEN
                          format('%I AS time', attname)
                      WHEN lower(attname) = 'time' AND atttypid = 'timestamp'::regtype THEN
                          format('%I AT TIME ZONE ''UTC'' AS time', attname)
                      WHEN lower(attname) <> 'time' AND atttypid IN ('float4'::regtype, 'float8'::regtype,
                              'numeric'::regtype, 'int2'::regtype, 'int4'::regtype, 'int8'::regtype) THEN
                          format('%I::float8 AS %s', attname, lower(attname))
                  END AS expression
              FROM pg_attribute
              JOIN pg_class ON pg_class.oid = attrelid
              JOIN pg_namespace ON pg_namespace.oid = relnamespace
              WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped
                  AND lower(attname) IN ('time', 'open', 'high', 'low', 'close', 'volume')
              ORDER BY lower(attname), attname
              """,
              table);
    } catch (DataAccessException noName) {
      throw noTable(table, noName);
    }
    if (columns.isEmpty()) {
      throw noTable(table, null);
    }
    return columns;
  }

  private static Failure noTable(String table, Exception cause) {
    return new Failure(
        ExitCode.USAGE,
        "table %s does not exist, or has no column of a bar".formatted(Printable.quoted(table)),
        "name it as SQL does: --from-table schema.table",
        cause);
  }

  /**
   * Removes what {@link BarCheck} would refuse, for rows that never left the database. A jump is
   * one from the median close of its day: there is no order in which rows could be let in one by
   * one.
   *
   * @return how many rows
   */
  long refuseDefects(ImportRules rules, Rejects rejects) throws IOException {
    analyzeStaging();
    return refuse(
        rejects,
        """
        SELECT line, CASE
                WHEN time IS NULL THEN 'no time'
                WHEN NOT isfinite(time) OR time < '1970-01-01Z' OR time >= '2100-01-01Z' THEN
                    'time is outside 1970 to 2099'
                WHEN date_trunc('minute', time) <> time THEN 'time is not on the minute'
                WHEN ? AND (extract(epoch FROM time)::bigint / 60 + ?) % ? NOT BETWEEN ? AND ? - 1 THEN
                    'time is on a weekend, when no market is open'
                WHEN open IS NULL THEN 'no open'
                WHEN high IS NULL THEN 'no high'
                WHEN low IS NULL THEN 'no low'
                WHEN close IS NULL THEN 'no close'
                WHEN NOT (open > 0 AND open < 'Infinity') THEN format('open %s is not a positive number', open)
                WHEN NOT (high > 0 AND high < 'Infinity') THEN format('high %s is not a positive number', high)
                WHEN NOT (low > 0 AND low < 'Infinity') THEN format('low %s is not a positive number', low)
                WHEN NOT (close > 0 AND close < 'Infinity') THEN format('close %s is not a positive number', close)
                WHEN high < low THEN format('high %s is below low %s', high, low)
                WHEN open NOT BETWEEN low AND high THEN format('open %s is outside %s to %s', open, low, high)
                WHEN close NOT BETWEEN low AND high THEN format('close %s is outside %s to %s', close, low, high)
                WHEN volume < 0 OR volume >= 'Infinity' THEN format('volume %s is not a count', volume)
                WHEN high > median * factor THEN format('high %s is a jump from %s', high, median)
                WHEN low * factor < median THEN format('low %s is a jump from %s', low, median)
            END AS reason
        FROM (SELECT *, ?::float8 AS factor FROM pg_temp.bqx_staging) bars
        LEFT JOIN (SELECT date_trunc('day', time AT TIME ZONE 'UTC') AS day,
                       percentile_disc(0.5) WITHIN GROUP (ORDER BY close) AS median
                   FROM pg_temp.bqx_staging GROUP BY 1) days
            ON day = date_trunc('day', time AT TIME ZONE 'UTC')
        """,
        rules.weekend() == Weekend.REJECT,
        BarCheck.EPOCH_MINUTE_OF_WEEK,
        BarCheck.MINUTES_PER_WEEK,
        BarCheck.WEEK_OPENS,
        BarCheck.WEEK_CLOSES,
        rules.maxJump());
  }

  /** Returns what is staged, once every row of it is good but for repeated times. */
  StagedBars staged() {
    StagedBars staged = new StagedBars();
    sql.fetch(
            """
            SELECT extract(epoch FROM min(time))::bigint, extract(epoch FROM max(time))::bigint, count(*)
            FROM pg_temp.bqx_staging
            GROUP BY date_trunc('month', time AT TIME ZONE 'UTC')
            ORDER BY 1
            """)
        .forEach(
            month ->
                staged.addMonth(
                    month.get(0, Long.class), month.get(1, Long.class), month.get(2, Long.class)));
    return staged;
  }

  /** Removes the lines that are not after all lines before them; returns how many. */
  long refuseLate(Rejects rejects) throws IOException {
    analyzeStaging();
    return refuse(
        rejects,
        """
        SELECT late.line, CASE
                WHEN first.line IS NULL THEN format('time %%s is out of order: after %%s', %1$s, %2$s)
                WHEN %3$s IS NOT DISTINCT FROM %4$s THEN format('time %%s repeats line %%s', %1$s, first.line)
                ELSE format('time %%s repeats line %%s with other values', %1$s, first.line)
            END AS reason
        FROM (SELECT *, max(time) OVER before AS latest FROM pg_temp.bqx_staging
              WINDOW before AS (ORDER BY line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) late
        LEFT JOIN (SELECT DISTINCT ON (time) * FROM pg_temp.bqx_staging ORDER BY time, line) first
            ON first.time = late.time AND first.line < late.line
        WHERE late.time <= latest
        """
            .formatted(utcText("late.time"), utcText("latest"), VALUES.formatted("late"), FIRST));
  }

  boolean hasBars(String pair, Instant first, Instant last) {
    return sql.fetchExists(
        M1,
        M1.PAIR.eq(pair),
        M1.TIME.between(first.atOffset(ZoneOffset.UTC), last.atOffset(ZoneOffset.UTC)));
  }

  /** Removes the lines whose minute the table holds with other values; returns how many. */
  long refuseConflicts(String pair, Rejects rejects) throws IOException {
    return refuse(
        rejects,
        """
        SELECT staged.line, format('time %%s is already there with other values: %%s, not %%s',
            %3$s, %2$s, %1$s) AS reason
        FROM pg_temp.bqx_staging staged
        JOIN bqx.m1 stored USING (time)
        WHERE stored.pair = ? AND %1$s IS DISTINCT FROM %2$s
        """
            .formatted(STAGED, STORED, utcText("staged.time")),
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

  /** Moves the first staged bar at or after a day: the one the baseline is taken from. */
  long insertBaselineBar(String pair, LocalDate date) {
    return sql.execute(
        """
        WITH baseline AS (
            DELETE FROM pg_temp.bqx_staging
            WHERE ctid = (SELECT ctid FROM pg_temp.bqx_staging WHERE time >= ?::timestamptz
                          ORDER BY time LIMIT 1)
            RETURNING *)
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume)
        SELECT ?, time, open, high, low, close, volume FROM baseline
        ON CONFLICT DO NOTHING
        """,
        date.atStartOfDay().atOffset(ZoneOffset.UTC),
        pair);
  }

  void setBaseline(String pair, LocalDate date) {
    Routines.setBaseline(sql.configuration(), pair, date);
  }

  /** Spares each bar the search for a baseline that is not there. */
  void declareNoBaseline(String pair) {
    sql.execute("SELECT set_config('bqx.pair_without_baseline', ?, true)", pair);
  }

  /**
   * Inserts the staged bars whose minutes are free.
   *
   * @param intoGap whether all are: to look takes half as long again as to insert
   */
  long insert(String pair, boolean intoGap) {
    return sql.execute(
        """
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume, rate_index)
        SELECT ?, time, open, high, low, close, volume,
            close / (SELECT baseline_rate FROM bqx.baseline_rates WHERE pair = ?) * 100
        FROM pg_temp.bqx_staging
        """
            + (intoGap ? "" : "ON CONFLICT DO NOTHING"),
        pair,
        pair);
  }

  /** Removes the staged lines for which a query has a reason, and tells {@code rejects}. */
  private long refuse(Rejects rejects, String query, Object... parameters) throws IOException {
    sql.execute("DROP TABLE IF EXISTS pg_temp.bqx_refused");
    sql.execute(
        "CREATE TEMPORARY TABLE bqx_refused ON COMMIT DROP AS SELECT * FROM ("
            + query
            + ") checked WHERE reason IS NOT NULL",
        parameters);
    sql.execute("ANALYZE pg_temp.bqx_refused");
    try (Cursor<Record> refused =
        sql.resultQuery(
                """
                SELECT line, reason, concat_ws(',', %s, open, high, low, close, volume)
                FROM pg_temp.bqx_refused
                JOIN pg_temp.bqx_staging USING (line)
                ORDER BY line
                """
                    .formatted(utcText("time")))
            .fetchSize(FETCH)
            .fetchLazy()) {
      for (Record row : refused) {
        rejects.add(row.get(0, Long.class), row.get(1, String.class), row.get(2, String.class));
      }
    }
    return sql.execute(
        "DELETE FROM pg_temp.bqx_staging staged USING pg_temp.bqx_refused refused"
            + " WHERE staged.line = refused.line");
  }

  private static String utcText(String time) {
    return "to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI\"Z\"')".formatted(time);
  }
}
