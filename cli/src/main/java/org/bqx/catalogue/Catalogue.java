package org.bqx.catalogue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;

/** What the database knows by name: pairs, families, months that have bars. */
public final class Catalogue implements AutoCloseable {
  private final Connection connection;

  /** Connects to read from {@code database}. */
  public Catalogue(Database database) {
    connection = database.connect();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /**
   * Returns the pairs of these names, all in alphabetical order when there are no names.
   *
   * @throws Failure when one does not exist
   */
  public List<String> pairs(List<String> names) throws SQLException {
    return select("pair", "bqx.pair", strings("SELECT pair FROM bqx.pair ORDER BY pair"), names);
  }

  /**
   * Returns the families of these names, all when there are no names.
   *
   * @throws Failure when one does not exist
   */
  public List<String> families(List<String> names) throws SQLException {
    return select(
        "family",
        "bqx.feature",
        strings("SELECT family FROM bqx.feature ORDER BY family_no"),
        names);
  }

  /**
   * Returns the months from {@code from} to {@code to}, both included, without bars of the pair.
   */
  public List<YearMonth> monthsWithoutBars(String pair, YearMonth from, YearMonth to)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT month::date
            FROM generate_series(?::timestamp, ?::timestamp, INTERVAL '1 month') month
            WHERE NOT EXISTS (
                SELECT FROM bqx.m1_month
                WHERE m1_month.pair = ? AND m1_month.month = month.month::date AND bars > 0)
            ORDER BY 1
            """)) {
      statement.setObject(1, from.atDay(1).atStartOfDay());
      statement.setObject(2, to.atDay(1).atStartOfDay());
      statement.setString(3, pair);
      try (ResultSet rows = statement.executeQuery()) {
        List<YearMonth> months = new ArrayList<>();
        while (rows.next()) {
          months.add(YearMonth.from(rows.getObject(1, LocalDate.class)));
        }
        return months;
      }
    }
  }

  private List<String> strings(String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      List<String> strings = new ArrayList<>();
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
      return strings;
    }
  }

  private static List<String> select(
      String what, String table, List<String> known, List<String> names) {
    for (String name : names) {
      if (!known.contains(name)) {
        throw new Failure(
            ExitCode.USAGE,
            "%s \"%s\" does not exist".formatted(what, name),
            "list what exists: ./bqx psql -c 'SELECT * FROM %s'".formatted(table));
      }
    }
    return names.isEmpty() ? known : names.stream().distinct().toList();
  }
}
