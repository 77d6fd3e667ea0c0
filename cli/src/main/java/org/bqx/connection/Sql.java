package org.bqx.connection;

import static org.bqx.jooq.Tables.PROGRESS;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.ResultQuery;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;

/**
 * Makes the statements of a connection. What the server warned of before a statement failed stays
 * with the failure, as suppressed exceptions of its {@link SQLException}: PL/Java, for one, says in
 * a warning which setting is wrong, and in the error only that something is.
 */
public final class Sql {
  private static volatile Thread preparing;

  private Sql() {}

  /**
   * Begins to load jOOQ, which takes as long as to read the arguments and to connect, on another
   * core meanwhile. Until the first {@link #on} nobody else may use it: two who load it at once
   * could wait for each other.
   */
  public static void prepare() {
    preparing =
        new Thread(
            () ->
                make(null)
                    .select(PROGRESS.fields())
                    .from(PROGRESS)
                    .where(PROGRESS.FAMILY.eq(""))
                    .orderBy(PROGRESS.PAIR)
                    .getSQL(),
            "prepare");
    preparing.setDaemon(true);
    preparing.start();
  }

  /** Returns what makes statements that run on a connection. */
  public static DSLContext on(Connection connection) {
    Thread loading = preparing;
    if (loading != null) {
      awaitEnd(loading);
      preparing = null;
    }
    return make(connection);
  }

  private static void awaitEnd(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static DSLContext make(Connection connection) {
    return DSL.using(
        new DefaultConfiguration()
            .set(connection)
            .set(SQLDialect.POSTGRES)
            .set(ExecuteListener.onException(Sql::keepWarnings)));
  }

  /** Makes of a row what is read of it. */
  @FunctionalInterface
  public interface RowReader<T> {
    /** Returns what the row that the result stands at says. */
    T read(ResultSet row) throws SQLException;
  }

  /**
   * Returns what is read of each row, by JDBC: a thousand rows take jOOQ, which has just been
   * loaded, longer than the server.
   */
  public static <T> List<T> rows(ResultQuery<?> query, RowReader<T> reader) {
    List<T> rows = new ArrayList<>();
    try (ResultSet row = query.fetchResultSet()) {
      while (row.next()) {
        rows.add(reader.read(row));
      }
    } catch (SQLException refused) {
      throw new DataAccessException(refused.getMessage(), refused);
    }
    return rows;
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
