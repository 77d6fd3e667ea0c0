package org.bqx.testkit;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One connection, with the few calls that tests make all the time. */
public final class SqlSession implements AutoCloseable {
  private static final long AWAIT_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final long AWAIT_PAUSE_MILLIS = 10;

  private final Connection connection;

  public SqlSession(Connection connection) {
    this.connection = connection;
  }

  public Connection connection() {
    return connection;
  }

  /** Runs a statement; whatever it returns is read and dropped. */
  public void execute(String sql, Object... arguments) throws SQLException {
    try (PreparedStatement statement = prepare(sql, arguments)) {
      statement.execute();
    }
  }

  /** Runs a statement and returns the notices and warnings it raised, in order. */
  public List<String> notices(String sql, Object... arguments) throws SQLException {
    try (PreparedStatement statement = prepare(sql, arguments)) {
      statement.execute();
      List<String> notices = new ArrayList<>();
      for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
        notices.add(w.getMessage());
      }
      return notices;
    }
  }

  /** The first column of the only row, as the driver gives it; arrays as Java arrays. */
  public Object value(String sql, Object... arguments) throws SQLException {
    List<List<Object>> rows = rows(sql, arguments);
    if (rows.size() != 1) {
      throw new AssertionError(rows.size() + " rows from: " + sql);
    }
    return rows.get(0).get(0);
  }

  public long number(String sql, Object... arguments) throws SQLException {
    return ((Number) value(sql, arguments)).longValue();
  }

  public String text(String sql, Object... arguments) throws SQLException {
    return (String) value(sql, arguments);
  }

  /** The first column of every row, as text. */
  public List<String> column(String sql, Object... arguments) throws SQLException {
    List<String> column = new ArrayList<>();
    for (List<Object> row : rows(sql, arguments)) {
      column.add(row.get(0) == null ? null : row.get(0).toString());
    }
    return column;
  }

  public List<List<Object>> rows(String sql, Object... arguments) throws SQLException {
    try (PreparedStatement statement = prepare(sql, arguments);
        ResultSet result = statement.executeQuery()) {
      int columns = result.getMetaData().getColumnCount();
      List<List<Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<Object> row = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
          Object value = result.getObject(i);
          row.add(value instanceof Array array ? array.getArray() : value);
        }
        rows.add(row);
      }
      return rows;
    }
  }

  /**
   * Asks for a number again and again until it is the expected one.
   *
   * @throws AssertionError when it is another for two minutes, as on a machine that has much else
   *     to do
   */
  public void await(long expected, String sql, Object... arguments)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + AWAIT_LIMIT_NANOS;
    for (long number = number(sql, arguments);
        number != expected;
        number = number(sql, arguments)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "%d, not %d, after two minutes: %s".formatted(number, expected, sql));
      }
      TimeUnit.MILLISECONDS.sleep(AWAIT_PAUSE_MILLIS);
    }
  }

  private PreparedStatement prepare(String sql, Object... arguments) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
