package org.bqx.benchmarks.database;

import java.sql.SQLException;

/** A partition that is the first of its session, which starts a Java virtual machine for it. */
final class FirstPartition {
  private final BenchDatabase database;
  private final MeasuredPartition partition;
  private Session session;

  /**
   * @param partition the same, of another session
   */
  FirstPartition(BenchDatabase database, MeasuredPartition partition) {
    this.database = database;
    this.partition = partition;
  }

  /** Makes the partition missing, and connects. */
  void connect() throws SQLException {
    partition.forget();
    session = database.connect();
  }

  void backfill() throws SQLException {
    session.execute("SELECT bqx.backfill" + partition.call());
  }

  void disconnect() throws SQLException {
    session.close();
  }
}
