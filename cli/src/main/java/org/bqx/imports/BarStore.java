package org.bqx.imports;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.bqx.imports.StagedBars.Refusals;

/** The statements of an import. Each is one pass over sets; none is repeated a row. */
final class BarStore {
  private static final String VALUES = "(%1$s.open, %1$s.high, %1$s.low, %1$s.close, %1$s.volume)";
  private static final String STAGED = VALUES.formatted("staged");
  private static final String STORED = VALUES.formatted("stored");
  private static final String FIRST = VALUES.formatted("first");

  private final Connection connection;

  BarStore(Connection connection) {
    this.connection = connection;
  }

  boolean isPair(String pair) throws SQLException {
    return exists("SELECT FROM bqx.pair WHERE pair = ?", pair);
  }

  /** Takes the pair for this transaction, unless another import has it. */
  boolean lockPair(String pair) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT pg_try_advisory_xact_lock(hashtext('bqx.import'), hashtext(?))")) {
      statement.setString(1, pair);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  void createStaging() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TEMPORARY TABLE bqx_staging (line bigint, time timestamptz, open float8,"
              + " high float8, low float8, close float8, volume float8) ON COMMIT DROP");
    }
  }

  StagingCopy copyToStaging() throws SQLException {
    return new StagingCopy(connection);
  }

  /** Gives the planner the staging table's size: nobody analyzes a temporary table. */
  void analyzeStaging() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ANALYZE pg_temp.bqx_staging");
    }
  }

  /** Lines whose minute an earlier line gave other values. */
  Refusals contradictions() throws SQLException {
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
  void removeRepeats() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          """
          DELETE FROM pg_temp.bqx_staging staged
          USING (SELECT time, min(line) AS line FROM pg_temp.bqx_staging
                 GROUP BY time HAVING count(*) > 1) first
          WHERE staged.time = first.time AND staged.line > first.line
          """);
    }
  }

  boolean hasBars(String pair, Instant first, Instant last) throws SQLException {
    return exists(
        "SELECT FROM bqx.m1 WHERE pair = ? AND time BETWEEN ? AND ? LIMIT 1",
        pair,
        utc(first),
        utc(last));
  }

  /** Lines whose minute the table holds with other values. */
  Refusals conflicts(String pair) throws SQLException {
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

  long replace(String pair) throws SQLException {
    return update(
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

  void createMonths(String pair, YearMonth from, YearMonth to) throws SQLException {
    call("SELECT bqx.create_months(?, ?, ?)", pair, from.atDay(1), to.atDay(1));
  }

  /** Returns the default baseline date when the pair has no baseline yet, null when it has one. */
  LocalDate missingBaseline(String pair) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT bqx.default_baseline_date()
            WHERE NOT EXISTS (SELECT FROM bqx.baseline_rates WHERE pair = ?)
            """)) {
      statement.setString(1, pair);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getObject(1, LocalDate.class) : null;
      }
    }
  }

  /** Inserts the first staged bar at or after a day: the one the baseline is taken from. */
  long insertBaselineBar(String pair, LocalDate date) throws SQLException {
    return update(
        """
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume)
        SELECT ?, time, open, high, low, close, volume
        FROM pg_temp.bqx_staging
        WHERE time >= ?
        ORDER BY time
        LIMIT 1
        ON CONFLICT DO NOTHING
        """,
        pair,
        date.atStartOfDay().atOffset(ZoneOffset.UTC));
  }

  void setBaseline(String pair) throws SQLException {
    call("SELECT bqx.set_baseline(?)", pair);
  }

  long insert(String pair) throws SQLException {
    return update(
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

  private Refusals refusals(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      List<BarLine> first = new ArrayList<>();
      long total = 0;
      while (rows.next()) {
        first.add(BarLine.bad(rows.getLong(1), rows.getString(2)));
        total = rows.getLong(3);
      }
      return new Refusals(first, total);
    }
  }

  private boolean exists(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      return rows.next();
    }
  }

  private void call(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      statement.execute();
    }
  }

  private long update(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeLargeUpdate();
    }
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
