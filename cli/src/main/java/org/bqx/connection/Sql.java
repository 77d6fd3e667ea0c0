package org.bqx.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;

/**
 * Makes the statements of a connection. What the server warned of before a statement failed stays
 * with the failure, as suppressed exceptions of its {@link SQLException}: PL/Java, for one, says in
 * a warning which setting is wrong, and in the error only that something is.
 */
public final class Sql {
  private Sql() {}

  /** Returns what makes statements that run on a connection. */
  public static DSLContext on(Connection connection) {
    return DSL.using(
        new DefaultConfiguration()
            .set(connection)
            .set(SQLDialect.POSTGRES)
            .set(ExecuteListener.onException(Sql::keepWarnings)));
  }

  /** Ends a transaction that failed: the connection goes on, or is closed where the server has. */
  public static void rollBack(Connection connection, Throwable failure) {
    try {
      if (!connection.isClosed()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } catch (SQLException lost) {
      failure.addSuppressed(lost);
    }
  }

  private static void keepWarnings(ExecuteContext failed) {
    SQLException refused = failed.sqlException();
    Statement statement = failed.statement();
    if (refused == null || statement == null) {
      return;
    }
    try {
      for (SQLWarning warning = statement.getWarnings();
          warning != null;
          warning = warning.getNextWarning()) {
        refused.addSuppressed(warning);
      }
    } catch (SQLException closed) {
      refused.addSuppressed(closed);
    }
  }
}
