package org.bqx.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.bqx.connection.Sql;
import org.bqx.partition.Partition;
import org.jooq.exception.DataAccessException;
import org.postgresql.PGStatement;

/** What a client computes in a transaction of its own: all of it, or nothing is left. */
abstract class ClientTransaction implements Engine {
  final Connection connection;

  ClientTransaction(Connection connection) {
    this.connection = connection;
  }

  /** Computes within the transaction; returns the rows written. */
  abstract long write(Partition partition, boolean force) throws SQLException;

  @Override
  public final long compute(Partition partition, boolean force) {
    try {
      connection.setAutoCommit(false);
      long rows = write(partition, force);
      connection.commit();
      connection.setAutoCommit(true);
      return rows;
    } catch (SQLException refused) {
      Sql.rollBack(connection, refused);
      throw new DataAccessException(refused.getMessage(), refused);
    } catch (RuntimeException | Error unexpected) {
      Sql.rollBack(connection, unexpected);
      throw unexpected;
    }
  }

  /**
   * Prepares what decides whether a partition is to be written, and reads its source. Its answer is
   * binary from the first time on.
   *
   * @param statement of five parameters: family, pair, month, whether to do it anyway, and the
   *     version of what computes it
   */
  final PreparedStatement prepareBegin(
      String statement, Partition partition, boolean force, String version) throws SQLException {
    PreparedStatement begin = connection.prepareStatement(statement);
    begin.unwrap(PGStatement.class).setPrepareThreshold(BinaryArray.BINARY);
    begin.setString(1, partition.family());
    begin.setString(2, partition.pair());
    begin.setObject(3, partition.month().atDay(1));
    begin.setBoolean(4, force);
    begin.setString(5, version);
    return begin;
  }

  static int[] primitive(Integer[] values) {
    int[] primitive = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      primitive[i] = values[i];
    }
    return primitive;
  }
}
