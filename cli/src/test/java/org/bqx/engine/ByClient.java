package org.bqx.engine;

import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import org.bqx.partition.Partition;
import org.bqx.testkit.Computing;
import org.bqx.testkit.SqlSession;
import org.jooq.exception.DataAccessException;

/** Computes by the client's engine, with the rights of a runner and no more. */
public final class ByClient implements Computing {
  @Override
  public long compute(
      SqlSession session, String family, String pair, LocalDate month, boolean force)
      throws SQLException {
    session.execute("SET SESSION AUTHORIZATION bqx_runner");
    try {
      return Engine.on(session.connection(), EngineName.CLIENT)
          .compute(new Partition(family, pair, YearMonth.from(month)), force);
    } catch (DataAccessException refused) {
      throw refused.getCause(SQLException.class);
    } finally {
      session.execute("RESET SESSION AUTHORIZATION");
    }
  }

  @Override
  public void begin(SqlSession session, String family, String pair, LocalDate month)
      throws SQLException {
    session.execute("SELECT bqx.begin_rows(?, ?, ?, false, 'revision 1')", family, pair, month);
  }
}
