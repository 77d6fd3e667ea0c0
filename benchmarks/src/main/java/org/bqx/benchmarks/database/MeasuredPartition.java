package org.bqx.benchmarks.database;

import java.sql.SQLException;
import java.time.YearMonth;

/** One partition that is computed, and its floor, in one session. */
class MeasuredPartition {
  private final Session session;
  private final String family;
  private final String call;
  private final String partition;
  private final String precomputed;
  private final String reading;
  private final long rows;
  private final int columns;

  /** Computes the partition, and keeps its rows for the floor. */
  MeasuredPartition(Session session, String family, String pair, YearMonth month)
      throws SQLException {
    this.session = session;
    this.family = family;
    call = "('%s', '%s', '%s')".formatted(family, pair, month.atDay(1));
    partition = "bqx." + session.text("SELECT bqx.partition_name" + call);
    precomputed = "bench.precomputed_" + family;
    session.execute(
        "SELECT bqx.backfill" + call,
        "CREATE TABLE %s AS TABLE %s".formatted(precomputed, partition));
    session.execute("VACUUM ANALYZE " + precomputed);
    reading =
        session.text(
            """
            SELECT format('SELECT bench.read_bars(%%L, %%L)', array_remove(source_pairs, 'market'), month)
            FROM bqx.partition_state WHERE (family, pair, month) = %s"""
                .formatted(call));
    rows = session.number("SELECT count(*) FROM " + precomputed);
    columns =
        (int)
            session.number(
                "SELECT count(*) FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0"
                    .formatted(precomputed));
  }

  final Session session() {
    return session;
  }

  final String family() {
    return family;
  }

  /** Returns the arguments that name the partition to a routine, in parentheses. */
  final String call() {
    return call;
  }

  /** Returns the partition's table. */
  final String partition() {
    return partition;
  }

  /** Returns the table that the floor's rows come from. */
  final String precomputed() {
    return precomputed;
  }

  final long rows() {
    return rows;
  }

  final int columns() {
    return columns;
  }

  /** Computes the partition where it is missing. */
  final void backfill() throws SQLException {
    session.execute("SELECT bqx.backfill" + call);
  }

  final void writeFloor() throws SQLException {
    beginFloor();
    finishFloor();
  }

  /** Reads a column of the month's bars of each pair that the partition is computed from. */
  final void readBars() throws SQLException {
    session.execute(reading);
  }

  /** Makes the floor's table and inserts its rows. */
  final void beginFloor() throws SQLException {
    session.execute(
        "BEGIN",
        "CREATE TABLE bench.floor (LIKE bqx.%s)".formatted(family),
        "INSERT INTO bench.floor SELECT * FROM " + precomputed);
  }

  /** Gives a table of rows its key, and commits. */
  final void finishFloor() throws SQLException {
    session.execute("ALTER TABLE bench.floor ADD PRIMARY KEY (ts_utc)", "COMMIT");
  }

  final void dropFloor() throws SQLException {
    session.execute("DROP TABLE bench.floor");
  }

  /** Makes the partition missing. */
  final void forget() throws SQLException {
    session.execute(
        "DROP TABLE IF EXISTS " + partition,
        "DELETE FROM bqx.partition_state WHERE (family, pair, month) = " + call);
  }
}
