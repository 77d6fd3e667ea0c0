package org.bqx.run;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;

/** The statements of a backfill. */
final class PartitionStore {
  private final Connection connection;

  PartitionStore(Connection connection) {
    this.connection = connection;
  }

  /** Returns what is to be computed, oldest month first. */
  List<Partition> toCompute(List<String> families, List<String> pairs, BackfillRequest request)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT family, pair, month
            FROM bqx.progress
            WHERE state <> 'no bars' AND (state <> 'done' OR ?)
                AND family = ANY (?)
                AND pair = ANY (?)
                AND month BETWEEN coalesce(?::date, '-infinity') AND coalesce(?::date, 'infinity')
            ORDER BY month, pair, family
            """)) {
      statement.setBoolean(1, request.force());
      statement.setArray(2, array(families));
      statement.setArray(3, array(pairs));
      statement.setObject(4, date(request.from()));
      statement.setObject(5, date(request.to()));
      try (ResultSet rows = statement.executeQuery()) {
        List<Partition> partitions = new ArrayList<>();
        while (rows.next()) {
          partitions.add(
              new Partition(
                  rows.getString(1),
                  rows.getString(2),
                  YearMonth.from(rows.getObject(3, LocalDate.class))));
        }
        return partitions;
      }
    }
  }

  /** Computes a partition; returns the rows written. */
  long backfill(Partition partition, boolean force) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT bqx.backfill(?, ?, ?, ?)")) {
      statement.setString(1, partition.family());
      statement.setString(2, partition.pair());
      statement.setObject(3, date(partition.month()));
      statement.setBoolean(4, force);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  void recordFailure(PartitionFailure failure) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT bqx.record_failure(?, ?, ?, ?, ?)")) {
      statement.setString(1, failure.partition().family());
      statement.setString(2, failure.partition().pair());
      statement.setObject(3, date(failure.partition().month()));
      statement.setString(4, failure.sqlState());
      statement.setString(5, failure.message());
      statement.execute();
    }
  }

  private Array array(List<String> names) throws SQLException {
    return connection.createArrayOf("text", names.toArray());
  }

  private static LocalDate date(YearMonth month) {
    return month == null ? null : month.atDay(1);
  }
}
