package org.bqx.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.bqx.connection.Sql;
import org.bqx.partition.Partition;
import org.jooq.impl.DSL;

/**
 * Computes rows of a partition from the bars up to theirs alone, and again with the other bars
 * changed, and compares the bits with those that are stored: by {@code bqx.look_ahead} where Java
 * runs in the server, else here.
 */
public final class LookAhead {
  /** What is done to later bars, as the server says it. */
  static final String CUT = "later bars cut off";

  /** What is done to the bars that a row may not read. */
  static final String CHANGED = "other bars changed";

  /**
   * A value that depends on a bar that it should not.
   *
   * @param change what was done to these bars
   * @param found what is stored, null for NULL
   * @param expected what is computed, null for NULL
   */
  public record Difference(
      Instant time, String column, String change, String found, String expected) {}

  /**
   * What was found.
   *
   * @param rows how many rows were computed again
   * @param differences in the order of time
   */
  public record Result(int rows, List<Difference> differences) {
    /** Copies the list. */
    public Result {
      differences = List.copyOf(differences);
    }
  }

  private LookAhead() {}

  /**
   * Looks at a partition, which has nothing to find where it was not computed.
   *
   * @param sample rows, evenly spread
   * @param reach bars before a row that it may read; null for all
   */
  public static Result of(Connection connection, Partition partition, int sample, Integer reach)
      throws SQLException {
    Long rows =
        Sql.on(connection)
            .fetch(
                "SELECT rows FROM bqx.partition_state WHERE (family, pair, month) = ({0}, {1}, {2}) AND rows > 0",
                DSL.val(partition.family()),
                DSL.val(partition.pair()),
                DSL.val(partition.month().atDay(1)))
            .into(Long.class)
            .stream()
            .findFirst()
            .orElse(null);
    if (rows == null || sample == 0) {
      return new Result(0, List.of());
    }
    boolean inServer =
        Sql.on(connection).fetchSingle("SELECT bqx.engine()").into(String.class).equals("server");
    return new Result(
        (int) Math.min(rows, sample),
        inServer
            ? byServer(connection, partition, sample, reach)
            : new ClientReference(connection, partition).lookAhead(sample, reach));
  }

  private static List<Difference> byServer(
      Connection connection, Partition partition, int sample, Integer reach) throws SQLException {
    List<Difference> differences = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT ts_utc, column_name, change, found, expected FROM bqx.look_ahead(?, ?, ?, ?, ?)")) {
      statement.setString(1, partition.family());
      statement.setString(2, partition.pair());
      statement.setObject(3, partition.month().atDay(1));
      statement.setInt(4, sample);
      statement.setObject(5, reach, java.sql.Types.INTEGER);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          differences.add(
              new Difference(
                  row.getObject(1, OffsetDateTime.class).toInstant(),
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  row.getString(5)));
        }
      }
    }
    return differences;
  }
}
