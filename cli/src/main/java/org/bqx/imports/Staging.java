package org.bqx.imports;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.bqx.connection.Sql;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * Bars before they are in {@code bqx.m1}: temporary tables of a session, which the end of each
 * transaction empties. Every statement here is one pass over all of them.
 */
final class Staging {
  /** A bar's values, of the table named. */
  static final String VALUES = "(%1$s.open, %1$s.high, %1$s.low, %1$s.close, %1$s.volume)";

  private static final String TABLE =
      "CREATE TEMPORARY TABLE IF NOT EXISTS %s (line bigint, time timestamptz, open float8, high float8,"
          + " low float8, close float8, volume float8, bid_close float8, ask_close float8, symbol int)"
          + " ON COMMIT DELETE ROWS";

  private static final int FETCH = 1000;

  private final Connection connection;
  private final DSLContext sql;

  Staging(Connection connection) {
    this.connection = connection;
    sql = Sql.on(connection);
  }

  /** Returns what runs statements in the session of these tables. */
  DSLContext sql() {
    return sql;
  }

  /**
   * Makes the table.
   *
   * @throws Failure when the role may make no temporary table
   */
  void create() {
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
    sql.execute(TABLE.formatted("bqx_staging"));
  }

  StagingCopy copy() throws SQLException {
    return new StagingCopy(connection, "bqx_staging");
  }

  /** Stages the bars of several symbols, each of which {@link #takeSymbol} takes up by itself. */
  StagingCopy copySymbols() throws SQLException {
    sql.execute(TABLE.formatted("bqx_staging_symbols"));
    return new StagingCopy(connection, "bqx_staging_symbols");
  }

  /** Fills the staging table with the bars of one symbol, staged here or on another server. */
  void takeSymbol(Staging from, int symbol) throws SQLException {
    sql.execute("TRUNCATE pg_temp.bqx_staging");
    String bars =
        "SELECT %s FROM pg_temp.bqx_staging_symbols WHERE symbol = %d ORDER BY line"
            .formatted(StagingCopy.COLUMNS, symbol);
    if (from == this) {
      sql.execute("INSERT INTO pg_temp.bqx_staging (%s) %s".formatted(StagingCopy.COLUMNS, bars));
    } else {
      receive(from, bars);
    }
  }

  /** Takes over what is staged on another server. */
  void takeAll(Staging from) throws SQLException {
    if (from != this) {
      receive(
          from, "SELECT %s FROM pg_temp.bqx_staging ORDER BY line".formatted(StagingCopy.COLUMNS));
    }
  }

  private void receive(Staging from, String bars) throws SQLException {
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
  void analyze() {
    sql.execute("ANALYZE pg_temp.bqx_staging");
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

  /** Removes the lines that are not after all lines before them; returns how many. */
  long refuseLate(Rejects rejects) throws IOException {
    analyze();
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
            .formatted(
                utcText("late.time"),
                utcText("latest"),
                VALUES.formatted("late"),
                VALUES.formatted("first")));
  }

  /** Removes the staged lines for which a query has a reason, and tells {@code rejects}. */
  long refuse(Rejects rejects, String query, Object... parameters) throws IOException {
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
                -- What is NULL keeps its place, but for the last.
                SELECT line, reason, rtrim(array_to_string(
                    ARRAY[%s, open::text, high::text, low::text, close::text, volume::text, bid_close::text, ask_close::text],
                    ',', ''), ',')
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

  /** Returns a time as text, in UTC. */
  static String utcText(String time) {
    return "to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI\"Z\"')".formatted(time);
  }
}
