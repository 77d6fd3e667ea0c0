package org.bqx.migrations;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections on which a name without a schema is PostgreSQL's own or the session's own: nothing
 * that others have put in schema {@code public} is mistaken for it, whatever {@code search_path}
 * the role or the database has.
 *
 * <p>A pooler that gives each transaction another session, as PgBouncer does with {@code pool_mode
 * = transaction}, is refused before anything is set: settings, temporary tables and advisory locks
 * would stay with whoever has the session next.
 */
public final class PinnedDataSource extends PGSimpleDataSource {
  /** The server rejected the connection: what a caller says of it is right here, too. */
  private static final String REJECTED = "08004";

  private static final int TRIES = 3;
  private static final long serialVersionUID = 1L;

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    Connection connection = super.getConnection(user, password);
    try {
      refuseSharedSessions(connection, user, password);
      // After the connection is made: poolers such as PgBouncer refuse it as an option of the
      // start.
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET search_path = pg_catalog, pg_temp");
      }
      return connection;
    } catch (SQLException | RuntimeException refused) {
      connection.close();
      throw refused;
    }
  }

  /**
   * A pooler tells its clients of processes that are none of the server's. Where one is, and a
   * second connection, at work, gets the session of the first, or the first gets another meanwhile,
   * sessions are shared; where sessions are a client's own, neither can be.
   */
  private void refuseSharedSessions(Connection connection, String user, String password)
      throws SQLException {
    int session = session(connection);
    if (session == connection.unwrap(PGConnection.class).getBackendPID()) {
      return;
    }
    for (int i = 0; i < TRIES; i++) {
      boolean shared;
      try (Connection other = super.getConnection(user, password);
          Statement statement = other.createStatement()) {
        // By hand: the driver would leave a prepared BEGIN. What it sets at each start is reset.
        statement.execute("BEGIN");
        shared = session(other) == session || session(connection) != session;
        statement.execute("RESET extra_float_digits");
        statement.execute("COMMIT");
      }
      if (shared) {
        throw new SQLException(
            "a pooler that gives each transaction another session is between"
                + " (PgBouncer: pool_mode = transaction); name the server itself, or a pool whose"
                + " pool_mode is session",
            REJECTED);
      }
    }
  }

  private static int session(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }
}
