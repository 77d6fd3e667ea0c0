package org.bqx.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections on which a name without a schema is PostgreSQL's own or the session's own: nothing
 * that others have put in schema {@code public} is mistaken for it, whatever {@code search_path}
 * the role or the database has.
 */
public final class PinnedDataSource extends PGSimpleDataSource {
  private static final long serialVersionUID = 1L;

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    Connection connection = super.getConnection(user, password);
    // After the connection is made: poolers such as PgBouncer refuse it as an option of the start.
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = pg_catalog, pg_temp");
      return connection;
    } catch (SQLException | RuntimeException refused) {
      connection.close();
      throw refused;
    }
  }
}
