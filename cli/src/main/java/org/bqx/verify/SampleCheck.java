package org.bqx.verify;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.bqx.connection.Database;

/**
 * Checks done partitions inside the database: a row for every bar, NULLs in the first W rows of a
 * pair's history and nowhere else, and a few rows of each against the reference functions, which
 * compute a window with Apache Commons Math. Bounds: 1e-9 relative or 1e-11 absolute, for {@code a}
 * and {@code b} the absolute one over (W−1)² and W−1.
 */
public final class SampleCheck implements AutoCloseable {
  private final Connection connection;
  private final int rowsPerPartition;

  /**
   * @param database is read from
   * @param rowsPerPartition how many rows of each partition meet the reference
   */
  public SampleCheck(Database database, int rowsPerPartition) {
    this.connection = database.connect();
    this.rowsPerPartition = rowsPerPartition;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /**
   * One done partition.
   *
   * @param family bqx or reg
   * @param pair six lower-case letters
   * @param month the month
   * @param bars bars of the month
   */
  public record Partition(String family, String pair, YearMonth month, long bars) {}

  private record Column(String name, int window) {}

  /** Returns the done partitions of {@code pairs} from month to month, both included. */
  public List<Partition> partitions(List<String> pairs, YearMonth from, YearMonth to)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT family, pair, month, bars
            FROM bqx.progress
            WHERE state = 'done' AND pair = ANY (?) AND month BETWEEN ? AND ?
            ORDER BY month, pair, family
            """)) {
      statement.setArray(1, connection.createArrayOf("text", pairs.toArray()));
      statement.setObject(2, from.atDay(1));
      statement.setObject(3, to.atDay(1));
      try (ResultSet rows = statement.executeQuery()) {
        List<Partition> partitions = new ArrayList<>();
        while (rows.next()) {
          partitions.add(
              new Partition(
                  rows.getString(1),
                  rows.getString(2),
                  YearMonth.from(rows.getObject(3, LocalDate.class)),
                  rows.getLong(4)));
        }
        return partitions;
      }
    }
  }

  /** Returns what is wrong with a partition, nothing when all is well. */
  public List<Difference> check(Partition partition) throws SQLException {
    List<Difference> differences = new ArrayList<>();
    checkCounts(partition, differences);
    checkSample(partition, differences);
    return differences;
  }

  private void checkCounts(Partition partition, List<Difference> differences) throws SQLException {
    List<Column> columns = columns(partition.family());
    StringJoiner counts = new StringJoiner(", ", "SELECT count(*), ", "");
    columns.forEach(column -> counts.add("count(" + column.name() + ")"));
    String sql =
        counts
            + " FROM bqx."
            + partition.family()
            + " WHERE pair = ? AND ts_utc >= ?"
            + " AND ts_utc < ?";
    int longest = columns.get(columns.size() - 1).window();
    long before = barsBefore(partition, longest);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, partition.pair());
      statement.setObject(2, start(partition.month()));
      statement.setObject(3, start(partition.month().plusMonths(1)));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        long rows = row.getLong(1);
        if (rows != partition.bars()) {
          differences.add(
              difference(partition, "%d rows for %d bars".formatted(rows, partition.bars())));
        }
        for (int i = 0; i < columns.size(); i++) {
          long nulls = rows - row.getLong(i + 2);
          long expected = Math.min(rows, Math.max(0, columns.get(i).window() - before));
          if (nulls != expected) {
            differences.add(
                difference(
                    partition,
                    "%s is NULL in %d rows, expected %d"
                        .formatted(columns.get(i).name(), nulls, expected)));
          }
        }
      }
    }
  }

  private void checkSample(Partition partition, List<Difference> differences) throws SQLException {
    String sql =
        """
        SELECT to_char(sample.ts_utc AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), stored.name,
            stored.value, reference.metrics[metric.position]
        FROM (
            SELECT ts_utc, rate_index, to_jsonb(feature_rows) AS fields
            FROM bqx.%1$s feature_rows
            WHERE pair = ? AND ts_utc IN (
                SELECT ts_utc
                FROM bqx.%1$s
                WHERE pair = ? AND ts_utc >= ? AND ts_utc < ?
                ORDER BY hashint8(extract(epoch FROM ts_utc)::bigint)
                LIMIT ?)
        ) sample
        CROSS JOIN (SELECT * FROM bqx.feature WHERE family = '%1$s') feature
        CROSS JOIN unnest(feature.windows) window_length
        CROSS JOIN LATERAL (
            SELECT array_agg(rate_index ORDER BY time) AS indexes
            FROM (
                SELECT time, rate_index FROM bqx.m1
                WHERE pair = ? AND time < sample.ts_utc
                ORDER BY time DESC
                LIMIT window_length
            ) bars
        ) past
        CROSS JOIN LATERAL (
            SELECT bqx.%1$s_reference(past.indexes, sample.rate_index) AS metrics
            WHERE cardinality(past.indexes) = window_length
            OFFSET 0 -- keeps the planner from calling the function once a metric
        ) reference
        CROSS JOIN LATERAL unnest(feature.metrics) WITH ORDINALITY metric (name, position)
        CROSS JOIN LATERAL (
            SELECT name, (sample.fields ->> name)::float8 AS value
            FROM (SELECT format('w%%s_%1$s_%%s', window_length, metric.name)) column_name (name)
        ) stored
        WHERE (abs(stored.value - reference.metrics[metric.position]) <= greatest(
            1e-9 * abs(reference.metrics[metric.position]),
            1e-11 / CASE metric.name WHEN 'a' THEN (window_length - 1.0) ^ 2
                WHEN 'b' THEN window_length - 1.0 ELSE 1 END)) IS NOT TRUE
        ORDER BY 1, 2
        """
            .formatted(partition.family());
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, partition.pair());
      statement.setString(2, partition.pair());
      statement.setObject(3, start(partition.month()));
      statement.setObject(4, start(partition.month().plusMonths(1)));
      statement.setInt(5, rowsPerPartition);
      statement.setString(6, partition.pair());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          differences.add(
              difference(
                  partition,
                  "at %s UTC %s is %s, the reference gives %s"
                      .formatted(
                          rows.getString(1),
                          rows.getString(2),
                          rows.getString(3),
                          rows.getString(4))));
        }
      }
    }
  }

  private List<Column> columns(String family) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT quote_ident(column_name), window_length
            FROM bqx.feature_columns(?)
            ORDER BY element
            """)) {
      statement.setString(1, family);
      try (ResultSet rows = statement.executeQuery()) {
        List<Column> columns = new ArrayList<>();
        while (rows.next()) {
          columns.add(new Column(rows.getString(1), rows.getInt(2)));
        }
        return columns;
      }
    }
  }

  /** Counts the pair's bars before the month, no more than matter. */
  private long barsBefore(Partition partition, int longest) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT count(*)
            FROM (SELECT FROM bqx.m1 WHERE pair = ? AND time < ? LIMIT ?) bars
            """)) {
      statement.setString(1, partition.pair());
      statement.setObject(2, start(partition.month()));
      statement.setInt(3, longest);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static Difference difference(Partition partition, String what) {
    return new Difference(partition.family(), partition.pair(), partition.month(), what);
  }

  private static OffsetDateTime start(YearMonth month) {
    return month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
  }
}
