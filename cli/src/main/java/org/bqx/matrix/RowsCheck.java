package org.bqx.matrix;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.bqx.connection.Sql;
import org.bqx.terminal.Quantity;
import org.bqx.verify.Finding;
import org.jooq.impl.DSL;
import org.postgresql.PGConnection;

/** Looks at a month's rows beside the bars: one for each, with the target that it should have. */
final class RowsCheck {
  static final String ROWS = "rows";
  static final String TARGET = "target";

  private static final long MINUTE = 60_000_000L;

  private final Connection connection;
  private final MatrixReader reader;
  private final MatrixFact matrix;
  private final List<MatrixColumn> columns;
  private final List<Finding> facts;
  private final List<Finding> differences;

  RowsCheck(
      Connection connection,
      MatrixReader reader,
      MatrixNeeds needs,
      List<Finding> facts,
      List<Finding> differences) {
    this.connection = connection;
    this.reader = reader;
    matrix = needs.matrix();
    columns = needs.columns();
    this.facts = facts;
    this.differences = differences;
  }

  /** One row a bar, in the order of time, and each with the target of the bar that it should be. */
  void check(String pair, Span span, MatrixRows rows) throws SQLException {
    int horizon = matrix.targetHorizon() == null ? 0 : matrix.targetHorizon();
    int bars =
        Sql.on(connection)
            .fetchSingle(
                "SELECT count(*)::int FROM {0} WHERE time >= {1} AND time < {2}",
                MatrixReader.table("m1", pair),
                DSL.val(span.from().atOffset(ZoneOffset.UTC)),
                DSL.val(span.to().atOffset(ZoneOffset.UTC)))
            .into(int.class);
    long[] times = new long[bars + horizon];
    Long[] returns = new Long[bars + horizon];
    int known = 0;
    PGConnection session = connection.unwrap(PGConnection.class);
    String returned =
        matrix.targetWindow() == null
            ? "NULL::float8"
            : "f." + session.escapeIdentifier("w%d_bqx_return".formatted(matrix.targetWindow()));
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT (extract(epoch FROM m.time) * 1000000)::bigint, %s
            FROM (SELECT time FROM bqx.%s WHERE time >= ? ORDER BY time LIMIT ?) m
            LEFT JOIN bqx.%s f ON f.ts_utc = m.time AND f.ts_utc >= ?
            ORDER BY 1
            """
                .formatted(
                    returned,
                    session.escapeIdentifier("m1_" + pair),
                    session.escapeIdentifier("bqx_" + pair)))) {
      statement.setObject(1, span.from().atOffset(ZoneOffset.UTC));
      statement.setInt(2, bars + horizon);
      statement.setObject(3, span.from().atOffset(ZoneOffset.UTC));
      try (ResultSet bar = statement.executeQuery()) {
        while (bar.next()) {
          times[known] = bar.getLong(1);
          double value = bar.getDouble(2);
          returns[known] = bar.wasNull() ? null : Double.doubleToRawLongBits(value);
          known++;
        }
      }
    }

    facts.add(
        new Finding(
            ROWS, null, pair, span.month(), null, null, Quantity.of(rows.size(), "row"), null));
    for (int i = 0; i < rows.size(); i++) {
      if (i > 0 && rows.times()[i] <= rows.times()[i - 1]) {
        addRow(pair, span, rows.times()[i], "a row that is not after the one before", "ascending");
        return;
      }
      if (rows.times()[i] % MINUTE != 0) {
        addRow(pair, span, rows.times()[i], "a row", "on the minute");
      }
    }
    int missing = firstAbsent(Arrays.copyOf(times, bars), rows.times());
    if (missing >= 0) {
      addRow(
          pair,
          span,
          times[missing],
          Quantity.of(rows.size(), "row"),
          Quantity.of(bars, "row") + ", one for each bar");
    }
    int extra = firstAbsent(rows.times(), Arrays.copyOf(times, bars));
    if (extra >= 0) {
      addRow(pair, span, rows.times()[extra], "a row", "none, there is no bar");
    }
    if (matrix.targetWindow() != null) {
      targets(pair, span, Arrays.copyOf(times, known), returns);
    }
  }

  private void addRow(String pair, Span span, long time, String found, String expected) {
    differences.add(
        new Finding(
            ROWS, null, pair, span.month(), MatrixRows.instant(time), null, found, expected));
  }

  /** Returns the index of the first that the others lack, -1 for none. */
  private static int firstAbsent(long[] times, long[] others) {
    for (int i = 0; i < times.length; i++) {
      if (Arrays.binarySearch(others, times[i]) < 0) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The target of each row is, bit by bit, the return of the bar that many bars after, counted here
   * in the list of bars; NULL where there is no such bar, or where its return is NULL as its window
   * is longer than the history.
   */
  private void targets(String pair, Span span, long[] times, Long[] returns) throws SQLException {
    MatrixColumn target =
        columns.stream().filter(c -> c.role().equals("target")).findFirst().orElseThrow();
    String time = target.name() + "_time";
    int horizon = matrix.targetHorizon();
    int before = reader.barsBefore(pair, span.from(), matrix.targetWindow());
    PGConnection session = connection.unwrap(PGConnection.class);
    int wrong = 0;
    Finding first = null;
    int index = 0;
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT (extract(epoch FROM ts_utc) * 1000000)::bigint, %s, (extract(epoch FROM %s) * 1000000)::bigint FROM (%s) q"
                    .formatted(
                        session.escapeIdentifier(target.name()),
                        session.escapeIdentifier(time),
                        reader.query(pair, span.from(), span.to())))) {
      while (row.next()) {
        long at = row.getLong(1);
        double value = row.getDouble(2);
        Long found = row.wasNull() ? null : Double.doubleToRawLongBits(value);
        long foundTime = row.getLong(3);
        boolean noTime = row.wasNull();
        index = Arrays.binarySearch(times, at);
        if (index < 0) {
          continue; // named by its row
        }
        boolean undefined =
            index + horizon >= times.length
                || before + (long) index + horizon < matrix.targetWindow();
        Long expected = undefined ? null : returns[index + horizon];
        boolean right =
            Objects.equals(found, expected)
                && (found != null) != undefined
                && noTime == undefined
                && (noTime || foundTime == times[index + horizon]);
        if (!right) {
          wrong++;
          if (first == null) {
            first =
                new Finding(
                    TARGET,
                    null,
                    pair,
                    span.month(),
                    MatrixRows.instant(at),
                    target.name(),
                    MatrixRows.text(found),
                    expected(
                        undefined,
                        expected,
                        MatrixRows.instant(undefined ? at : times[index + horizon])));
          }
        }
      }
    }
    if (first != null) {
      differences.add(
          new Finding(
              TARGET,
              null,
              pair,
              span.month(),
              first.time(),
              first.column(),
              Quantity.withOthers(first.found(), wrong - 1),
              first.expected()));
    }
  }

  private static String expected(boolean undefined, Long bits, Instant time) {
    if (undefined) {
      return "NULL";
    }
    return bits == null
        ? "that of %s, whose row is not there".formatted(time)
        : "%s, of %s".formatted(MatrixRows.text(bits), time);
  }
}
