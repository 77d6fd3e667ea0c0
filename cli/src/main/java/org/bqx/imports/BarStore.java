package org.bqx.imports;

import static org.bqx.jooq.Tables.BASELINE_RATES;
import static org.bqx.jooq.Tables.M1;
import static org.bqx.jooq.Tables.PAIR;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bqx.connection.Sql;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.jooq.Routines;
import org.bqx.terminal.Printable;
import org.jooq.Condition;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** The statements of an import. Each is one pass over sets; none is repeated a row. */
final class BarStore {
  private static final String VALUES = "(%1$s.open, %1$s.high, %1$s.low, %1$s.close, %1$s.volume)";
  private static final String STAGED = VALUES.formatted("staged");
  private static final String STORED = VALUES.formatted("stored");
  private static final String ALL_VALUES =
      "concat_ws(',', %1$s.open, %1$s.high, %1$s.low, %1$s.close, %1$s.volume, %1$s.bid_close,"
          + " %1$s.ask_close)";
  private static final String FIRST = VALUES.formatted("first");

  /**
   * Whether two bars of a minute contradict each other. A side of the quote that one of them does
   * not know is no contradiction: the other completes it.
   */
  private static final String DIFFERS =
      "(%s IS DISTINCT FROM %s OR staged.bid_close <> stored.bid_close OR staged.ask_close <> stored.ask_close)"
          .formatted(STAGED, STORED);

  private static final String SAME_MINUTE =
      "stored.pair = ? AND stored.time = staged.time AND stored.time BETWEEN ?::timestamptz AND ?::timestamptz";

  private static final String STAGING =
      "CREATE TEMPORARY TABLE IF NOT EXISTS %s (line bigint, time timestamptz, open float8, high float8,"
          + " low float8, close float8, volume float8, bid_close float8, ask_close float8, symbol int)"
          + " ON COMMIT DELETE ROWS";

  private static final List<String> REQUIRED = List.of("time", "open", "high", "low", "close");
  private static final int FETCH = 1000;
  private static final Duration NEAR = Duration.ofDays(31);

  private final Connection connection;
  private final DSLContext sql;

  BarStore(Connection connection) {
    this.connection = connection;
    sql = Sql.on(connection);
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

  /**
   * Makes what holds bars before they are checked; the end of a transaction empties it.
   *
   * @throws Failure when the role may make no temporary table
   */
  void createStaging() {
    Record right =
        sql.fetchSingle(
            """
            SELECT has_database_privilege(current_database(), 'TEMPORARY') AS may, current_user AS role,
                current_database() AS database,
                format('GRANT TEMPORARY ON DATABASE %I TO %I', current_database(), current_user) AS remedy
            """);
    if (!right.get("may", Boolean.class)) {
      throw new Failure(
          ExitCode.FAILED,
          "role %s may not create temporary tables in database %s, which take the bars until they are checked"
              .formatted(right.get("role", String.class), right.get("database", String.class)),
          right.get("remedy", String.class) + " (as the database's owner)");
    }
    sql.execute(STAGING.formatted("bqx_staging"));
  }

  StagingCopy copyToStaging() throws SQLException {
    return new StagingCopy(connection, "bqx_staging");
  }

  /** Stages the bars of several symbols, each of which {@link #stageSymbol} takes up by itself. */
  StagingCopy copySymbolsToStaging() throws SQLException {
    sql.execute(STAGING.formatted("bqx_staging_symbols"));
    return new StagingCopy(connection, "bqx_staging_symbols");
  }

  /** Fills the staging table with the bars of one symbol, staged here or on another server. */
  void stageSymbol(BarStore from, int symbol) throws SQLException {
    sql.execute("TRUNCATE pg_temp.bqx_staging");
    String bars =
        "SELECT %s FROM pg_temp.bqx_staging_symbols WHERE symbol = %d ORDER BY line"
            .formatted(StagingCopy.COLUMNS, symbol);
    if (from == this) {
      sql.execute("INSERT INTO pg_temp.bqx_staging (%s) %s".formatted(StagingCopy.COLUMNS, bars));
    } else {
      copy(from, bars);
    }
  }

  /** Takes over what is staged on another server. */
  void stageAllOf(BarStore from) throws SQLException {
    if (from != this) {
      copy(from, "SELECT %s FROM pg_temp.bqx_staging ORDER BY line".formatted(StagingCopy.COLUMNS));
    }
  }

  private void copy(BarStore from, String bars) throws SQLException {
    CopyOut out =
        from.connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (%s) TO STDOUT (FORMAT binary)".formatted(bars));
    CopyIn in =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(StagingCopy.INTO.formatted("bqx_staging"));
    for (byte[] part = out.readFromCopy(); part != null; part = out.readFromCopy()) {
      in.writeToCopy(part, 0, part.length);
    }
    in.endCopy();
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
    for (String name : List.of("volume", "bid_close", "ask_close")) {
      expressions.putIfAbsent(name, "NULL::float8 AS " + name);
    }
    sql.execute(
        """
        INSERT INTO pg_temp.bqx_staging
            (line, time, open, high, low, close, volume, bid_close, ask_close)
        SELECT row_number() OVER (ORDER BY time), time, open, high, low, close, volume,
            bid_close, ask_close
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
        "make a view with time (timestamp), open, high, low, close and, if known, volume, bid_close,"
            + " ask_close (numbers)");
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
                  AND lower(attname) IN ('time', 'open', 'high', 'low', 'close', 'volume',
                      'bid_close', 'ask_close')
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
                WHEN ? AND minute NOT BETWEEN ? AND ? - 1
                        AND (minute < ? OR minute >= ? OR time AT TIME ZONE ?
                            < date_trunc('day', time AT TIME ZONE ?) + INTERVAL '6 hours') THEN
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
                WHEN NOT (bid_close > close / 2 AND bid_close < close * 2) THEN
                    format('bid %s is far from close %s', bid_close, close)
                WHEN NOT (ask_close > close / 2 AND ask_close < close * 2) THEN
                    format('ask %s is far from close %s', ask_close, close)
                WHEN high > median * factor THEN format('high %s is a jump from %s', high, median)
                WHEN low * factor < median THEN format('low %s is a jump from %s', low, median)
            END AS reason
        FROM (SELECT *, ?::float8 AS factor,
                  CASE WHEN isfinite(time) THEN (extract(epoch FROM time)::bigint / 60 + ?) % ? END AS minute
              FROM pg_temp.bqx_staging) bars
        LEFT JOIN (SELECT date_trunc('day', time AT TIME ZONE 'UTC') AS day,
                       percentile_disc(0.5) WITHIN GROUP (ORDER BY close) AS median
                   FROM pg_temp.bqx_staging GROUP BY 1) days
            ON day = date_trunc('day', time AT TIME ZONE 'UTC')
        """,
        rules.weekend() == Weekend.REJECT,
        MarketWeek.LATEST_OPEN,
        MarketWeek.LATEST_CLOSE,
        MarketWeek.EARLIEST_OPEN,
        MarketWeek.LATEST_CLOSE,
        MarketWeek.FIRST_MARKET,
        MarketWeek.FIRST_MARKET,
        rules.maxJump(),
        MarketWeek.EPOCH_MINUTE_OF_WEEK,
        MarketWeek.MINUTES_PER_WEEK);
  }

  /** Returns what is staged, once every row of it is good but for repeated times. */
  StagedBars staged() {
    StagedBars staged = new StagedBars();
    sql.fetch(
            """
            SELECT extract(epoch FROM min(time))::bigint, extract(epoch FROM max(time))::bigint, count(*),
                count(*) FILTER (WHERE bid_close IS NOT NULL AND ask_close IS NOT NULL)
            FROM pg_temp.bqx_staging
            GROUP BY date_trunc('month', time AT TIME ZONE 'UTC')
            ORDER BY 1
            """)
        .forEach(
            month ->
                staged.addMonth(
                    month.get(0, Long.class),
                    month.get(1, Long.class),
                    month.get(2, Long.class),
                    month.get(3, Long.class)));
    return staged;
  }

  /** Returns the distances between the times that are staged. */
  Steps steps() {
    Steps steps = new Steps();
    sql.fetch(
            """
            SELECT step, count(*)
            FROM (SELECT extract(epoch FROM time - lag(time) OVER (ORDER BY time))::bigint AS step
                  FROM pg_temp.bqx_staging WHERE isfinite(time)) steps
            WHERE step > 0
            GROUP BY step ORDER BY count(*) DESC LIMIT 1000
            """)
        .forEach(step -> steps.add(step.get(0, Long.class), step.get(1, Long.class)));
    return steps;
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
  List<Neighbour> neighbours(String pair, Instant first, Instant last) {
    List<Neighbour> neighbours = new ArrayList<>();
    for (boolean before : new boolean[] {true, false}) {
      Instant edge = before ? first : last;
      Instant near = edge.plus(before ? NEAR.negated() : NEAR);
      Record found = neighbour(pair, before, edge, near);
      if (found == null) {
        found = neighbour(pair, before, edge, null);
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

  private Record neighbour(String pair, boolean before, Instant edge, Instant bound) {
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

  /** Removes the lines that are not after all lines before them; returns how many. */
  long refuseLate(Rejects rejects) throws IOException {
    analyzeStaging();
    return refuse(
        rejects,
        """
        SELECT late.line, CASE
                WHEN first.line IS NULL THEN format('time %%s is out of order: after %%s', %1$s, %2$s)
                WHEN %3$s IS NOT DISTINCT FROM %4$s
                        AND (late.bid_close, late.ask_close) IS NOT DISTINCT FROM (first.bid_close, first.ask_close) THEN format('time %%s repeats line %%s', %1$s, first.line)
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
  long refuseConflicts(String pair, StagedBars range, Rejects rejects) throws IOException {
    return refuse(
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
                utcText("staged.time"),
                SAME_MINUTE,
                DIFFERS),
        pair,
        utc(range.first()),
        utc(range.last()));
  }

  /** Replaces the bars that have other values; returns how many. */
  long replace(String pair, StagedBars range) {
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
  long complete(String pair, StagedBars range) {
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
  long refuseAsks(String pair, StagedBars range, boolean refuseOthers, Rejects rejects)
      throws IOException {
    return refuse(
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
            .formatted(utcText("staged.time"), SAME_MINUTE),
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
  long putAsks(String pair, StagedBars range, boolean there) {
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
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume, bid_close, ask_close)
        SELECT ?, time, open, high, low, close, volume, bid_close, ask_close FROM baseline
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
                SELECT line, reason, concat_ws(',', %s, open, high, low, close, volume, bid_close, ask_close)
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

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  private static String utcText(String time) {
    return "to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI\"Z\"')".formatted(time);
  }
}
