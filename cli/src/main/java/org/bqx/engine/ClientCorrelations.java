package org.bqx.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import org.bqx.functions.CorrelationFunctions;
import org.bqx.functions.FeatureFunctions;
import org.bqx.partition.Partition;
import org.postgresql.PGStatement;

/**
 * Correlates by the classes of the server's jar in this program. The server decides what is to be
 * done ({@code bqx.begin_correlation}), brings the series a family at a time, and puts the results
 * in place ({@code bqx.finish_correlation}), all in one transaction.
 */
final class ClientCorrelations extends ClientTransaction {
  private static final String VERSION_OF = "target_corr";

  private static final String BEGIN =
      """
      SELECT families, features, from_time::text, to_time::text, array_send(targets), array_send(placebo), windows, skip,
          step
      FROM bqx.begin_correlation(?, ?, ?, ?, ?)
      """;

  private static final String READ =
      "SELECT array_send(series) FROM bqx.read_features(?, ?, ?, ?::timestamptz, ?::timestamptz)";

  private static final String FINISH = "SELECT bqx.finish_correlation(?, ?, ?, ?)";

  ClientCorrelations(Connection connection) {
    super(connection);
  }

  @Override
  long write(Partition partition, boolean force) throws SQLException {
    List<Double> results = new ArrayList<>();
    try (PreparedStatement statement =
            prepareBegin(BEGIN, partition, force, FeatureFunctions.functionsVersion(VERSION_OF));
        ResultSet begun = statement.executeQuery()) {
      begun.next();
      if (begun.getArray(2) == null) {
        return 0;
      }
      for (String family : new LinkedHashSet<>(List.of((String[]) begun.getArray(1).getArray()))) {
        correlate(partition, family, begun, results);
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(FINISH)) {
      statement.setString(1, partition.family());
      statement.setString(2, partition.pair());
      statement.setObject(3, partition.month().atDay(1));
      statement.setArray(4, connection.createArrayOf("float8", results.toArray()));
      try (ResultSet written = statement.executeQuery()) {
        written.next();
        return written.getLong(1);
      }
    }
  }

  /** Adds the rows of a family's features. */
  private void correlate(Partition partition, String family, ResultSet begun, List<Double> results)
      throws SQLException {
    double[] targets = BinaryArray.doubles(begun.getBytes(5));
    double[] placebo = BinaryArray.doubles(begun.getBytes(6));
    int[] windows = primitive((Integer[]) begun.getArray(7).getArray());
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.unwrap(PGStatement.class).setPrepareThreshold(BinaryArray.BINARY);
      statement.setString(1, family);
      statement.setString(2, partition.pair());
      statement.setArray(3, begun.getArray(2));
      statement.setString(4, begun.getString(3));
      statement.setString(5, begun.getString(4));
      try (ResultSet series = statement.executeQuery()) {
        while (series.next()) {
          Iterator<double[]> rows =
              CorrelationFunctions.correlationRows(
                  BinaryArray.doubles(series.getBytes(1)),
                  targets,
                  placebo,
                  windows,
                  begun.getInt(8),
                  begun.getInt(9));
          while (rows.hasNext()) {
            for (double value : rows.next()) {
              results.add(value);
            }
          }
        }
      }
    }
  }
}
