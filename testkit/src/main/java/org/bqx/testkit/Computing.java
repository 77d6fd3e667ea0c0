package org.bqx.testkit;

import java.sql.SQLException;
import java.time.LocalDate;

/** How the tests of a contract have a partition computed: by the engine that they are for. */
public interface Computing {
  /**
   * Computes a partition in a session in autocommit mode.
   *
   * @return the rows written
   * @throws SQLException as the server, or the engine, refuses it
   */
  long compute(SqlSession session, String family, String pair, LocalDate month, boolean force)
      throws SQLException;

  /** Has a session that is not in autocommit mode begin to compute a partition. */
  void begin(SqlSession session, String family, String pair, LocalDate month) throws SQLException;

  /** Computes by {@code bqx.backfill}. */
  static Computing byServer() {
    return new Computing() {
      @Override
      public long compute(
          SqlSession session, String family, String pair, LocalDate month, boolean force)
          throws SQLException {
        return session.number("SELECT bqx.backfill(?, ?, ?, ?)", family, pair, month, force);
      }

      @Override
      public void begin(SqlSession session, String family, String pair, LocalDate month)
          throws SQLException {
        session.execute("SELECT bqx.backfill(?, ?, ?)", family, pair, month);
      }
    };
  }
}
