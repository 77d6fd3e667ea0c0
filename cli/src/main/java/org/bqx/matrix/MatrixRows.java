package org.bqx.matrix;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/**
 * Some columns of a range of a matrix's rows, by column.
 *
 * @param columns which columns, all of numbers
 * @param times microseconds since 1970, of each row
 * @param values by column, then by row; 0 where NULL
 * @param isNull likewise
 */
record MatrixRows(List<MatrixColumn> columns, long[] times, double[][] values, boolean[][] isNull) {
  private static final int BINARY = -1;
  private static final int FETCH_ROWS = 500;
  private static final int FIRST_ROWS = 1024;

  /**
   * Reads the rows of a query that gives a matrix.
   *
   * @param condition on its columns; empty for none
   */
  static MatrixRows read(
      Connection connection, String query, List<MatrixColumn> columns, String condition)
      throws SQLException {
    PGConnection session = connection.unwrap(PGConnection.class);
    StringBuilder text =
        new StringBuilder("SELECT (extract(epoch FROM q.ts_utc) * 1000000)::bigint");
    for (MatrixColumn column : columns) {
      text.append(", q.").append(session.escapeIdentifier(column.name()));
    }
    text.append(" FROM (").append(query).append(") q").append(condition);
    long[] times = new long[FIRST_ROWS];
    double[][] values = new double[columns.size()][FIRST_ROWS];
    boolean[][] isNull = new boolean[columns.size()][FIRST_ROWS];
    int rows = 0;
    try (PreparedStatement statement = connection.prepareStatement(text.toString())) {
      statement.unwrap(PGStatement.class).setPrepareThreshold(BINARY);
      statement.setFetchSize(FETCH_ROWS);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          if (rows == times.length) {
            times = Arrays.copyOf(times, 2 * rows);
            for (int i = 0; i < values.length; i++) {
              values[i] = Arrays.copyOf(values[i], 2 * rows);
              isNull[i] = Arrays.copyOf(isNull[i], 2 * rows);
            }
          }
          times[rows] = row.getLong(1);
          for (int i = 0; i < values.length; i++) {
            values[i][rows] = row.getDouble(i + 2);
            isNull[i][rows] = row.wasNull();
          }
          rows++;
        }
      }
    }
    return new MatrixRows(columns, Arrays.copyOf(times, rows), values, isNull);
  }

  int size() {
    return times.length;
  }

  Instant time(int row) {
    return instant(times[row]);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** Returns the values that are neither NULL nor NaN, ascending. */
  double[] numbers(int column) {
    double[] numbers = new double[size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = isNull[column][i] ? Double.NaN : values[column][i];
    }
    return Drift.sorted(numbers);
  }

  /** Returns a value as what is compared bit by bit: null for NULL. */
  Long bits(int column, int row) {
    return isNull[column][row] ? null : Double.doubleToRawLongBits(values[column][row]);
  }

  /** Returns bits as the value that they are. */
  static String text(Long bits) {
    return bits == null ? "NULL" : String.valueOf(Double.longBitsToDouble(bits));
  }
}
