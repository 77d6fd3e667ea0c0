package org.bqx.benchmarks.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A connection in autocommit mode. Names in statements come from the catalogue. */
final class Session implements AutoCloseable {
  private final Connection connection;
  private final Statement statement;

  Session(Connection connection) throws SQLException {
    this.connection = connection;
    this.statement = connection.createStatement();
  }

  Connection connection() {
    return connection;
  }

  /** Runs statements in one round trip; a transaction only with BEGIN and COMMIT in them. */
  void execute(String... statements) throws SQLException {
    statement.execute(String.join(";\n", statements));
  }

  /** Returns the first column of the only row. */
  String text(String query) throws SQLException {
    return rows(query).get(0).get(0);
  }

  long number(String query) throws SQLException {
    return Long.parseLong(text(query));
  }

  List<List<String>> rows(String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      int columns = result.getMetaData().getColumnCount();
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          row.add(result.getString(column));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
