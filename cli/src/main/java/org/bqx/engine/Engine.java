package org.bqx.engine;

import java.sql.Connection;
import org.bqx.connection.Sql;
import org.bqx.jooq.Routines;
import org.bqx.partition.Partition;
import org.jooq.exception.DataAccessException;

/**
 * Computes partitions on one connection in autocommit mode: each partition is one transaction, and
 * the bits, the state, the locks and the errors are the same whichever engine it is.
 */
public interface Engine {
  /**
   * Computes a partition unless it is done.
   *
   * @param force whether to compute what is done, too
   * @return the rows written
   * @throws DataAccessException when it could not; nothing of it is left
   */
  long compute(Partition partition, boolean force);

  /** Returns an engine on a connection. */
  static Engine on(Connection connection, EngineName name) {
    return switch (name) {
      case CLIENT -> new ClientEngine(connection);
      case SERVER ->
          (partition, force) ->
              Routines.backfill(
                  Sql.on(connection).configuration(),
                  partition.family(),
                  partition.pair(),
                  partition.month().atDay(1),
                  force);
    };
  }

  /** Returns what correlates on a connection: a partition's family is the target. */
  static Engine ofCorrelations(Connection connection, EngineName name) {
    return switch (name) {
      case CLIENT -> new ClientCorrelations(connection);
      case SERVER ->
          (partition, force) ->
              Routines.correlate(
                  Sql.on(connection).configuration(),
                  partition.family(),
                  partition.pair(),
                  partition.month().atDay(1),
                  force);
    };
  }
}
