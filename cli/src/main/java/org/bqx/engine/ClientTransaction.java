package org.bqx.engine;

import java.sql.Connection;
import java.sql.SQLException;
import org.bqx.connection.Sql;
import org.bqx.partition.Partition;
import org.jooq.exception.DataAccessException;

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

  static int[] primitive(Integer[] values) {
    int[] primitive = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      primitive[i] = values[i];
    }
    return primitive;
  }
}
