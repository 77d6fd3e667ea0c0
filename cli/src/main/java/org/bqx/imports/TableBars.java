package org.bqx.imports;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.exception.DataAccessException;

/**
 * Bars of another table of the same database. They are staged by SQL and never leave it, so SQL
 * checks them too.
 */
final class TableBars {
  private static final List<String> REQUIRED = List.of("time", "open", "high", "low", "close");

  private final Staging staging;

  TableBars(Staging staging) {
    this.staging = staging;
  }

  /**
   * Fills the staging table from another table, in the order of its times.
   *
   * @param pairs the pairs there are
   * @throws Failure when there is no such table, it lacks a column, has one twice or of another
   *     type, or has rows of another pair
   */
  void stage(String pair, Collection<String> pairs, String table) {
    Result<Record> columns = columns(table);
    String relation = columns.get(0).get("relation", String.class);
    Map<String, String> expressions = new HashMap<>();
    for (Record column : columns) {
      String expression = column.get("expression", String.class);
      if (expression == null) {
        throw unreadable(
            table,
            "column %s is %s"
                .formatted(column.get("name", String.class), column.get("type", String.class)));
      }
      if (expressions.put(column.get("name", String.class), expression) != null) {
        throw unreadable(
            table, "there are two columns " + column.get("name", String.class) + ", but for case");
      }
    }
    for (String name : REQUIRED) {
      if (!expressions.containsKey(name)) {
        throw unreadable(table, "there is no column " + name);
      }
    }
    requirePair(pair, pairs, table, relation);
    for (String name : List.of("volume", "bid_close", "ask_close")) {
      expressions.putIfAbsent(name, "NULL::float8 AS " + name);
    }
    staging
        .sql()
        .execute(
            """
        INSERT INTO pg_temp.bqx_staging
            (line, time, open, high, low, close, volume, bid_close, ask_close)
        SELECT row_number() OVER (ORDER BY time), time, open, high, low, close, volume,
            bid_close, ask_close
        FROM (SELECT %s FROM %s) bars
        ORDER BY time
        """
                .formatted(String.join(", ", expressions.values()), relation));
  }

  /** Takes care that a column of symbols, where there is one, names this pair alone. */
  private void requirePair(String pair, Collection<String> pairs, String table, String relation) {
    for (Record column :
        staging
            .sql()
            .fetch(
                """
                SELECT attname::text AS name, format('%I', attname) AS quoted FROM pg_attribute
                WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped
                ORDER BY attnum
                """,
                relation)) {
      String name = column.get("name", String.class);
      if (Column.of(name) != Column.SYMBOL) {
        continue;
      }
      String quoted = column.get("quoted", String.class);
      List<String> symbols =
          staging
              .sql()
              .fetch(
                  "SELECT DISTINCT %1$s::text AS symbol FROM %2$s WHERE %1$s IS NOT NULL ORDER BY 1 LIMIT 1000"
                      .formatted(quoted, relation))
              .getValues("symbol", String.class);
      for (String symbol : symbols) {
        if (Symbols.other(symbol, pair, pairs) != null
            || symbols.size() > 1 && !Symbols.names(symbol, pair, pairs)) {
          throw new Failure(
              ExitCode.USAGE,
              "cannot read table %s as %s: it has rows of %s, as its column %s says"
                  .formatted(Printable.of(table), pair, Printable.of(symbol), Printable.of(name)),
              "make a view of the rows of one pair");
        }
      }
    }
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
          staging
              .sql()
              .fetch(
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

  /** Returns the distances between the times that are staged. */
  Steps steps() {
    Steps steps = new Steps();
    staging
        .sql()
        .fetch(
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
   * Removes what {@link BarCheck} would refuse, for rows that never left the database. A jump is
   * one from the median close of its day: there is no order in which rows could be let in one by
   * one.
   *
   * @return how many rows
   */
  long refuseDefects(ImportRules rules, Rejects rejects) throws IOException {
    staging.analyze();
    return staging.refuse(
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
}
