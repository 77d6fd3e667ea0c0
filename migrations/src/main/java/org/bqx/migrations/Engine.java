package org.bqx.migrations;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import org.flywaydb.core.api.FlywayException;

/**
 * Where a database's rows are computed: what a migration decides, and {@code bqx.setting} keeps.
 */
enum Engine {
  /** By Java in the backend, which a superuser installs. */
  SERVER,
  /** By the command line, for servers that can have no Java. */
  CLIENT,
  /** By other servers: this database is their front, and has no rows of its own. */
  NODES;

  /** The placeholder that says which; {@code auto} keeps what was, or goes by the server. */
  static final String PLACEHOLDER = "engine";

  private static final String AUTO = "auto";

  /** Returns the name that SQL knows it by. */
  String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Decides. What was recorded stays, unless somebody wants another engine or the server has lost
   * its Java.
   */
  static Engine choose(Connection connection, Map<String, String> placeholders)
      throws SQLException {
    String wanted = placeholders.getOrDefault(PLACEHOLDER, AUTO);
    boolean isFront = isFront(connection);
    if (!wanted.equals(AUTO)) {
      Engine engine = of(wanted);
      if (isFront && engine != NODES) {
        throw new FlywayException(
            "this database is a front: its nodes compute, placeholder engine=%s can not be"
                .formatted(wanted));
      }
      return engine;
    }
    if (isFront) {
      return NODES;
    }
    if (!javaIsAvailable(connection)) {
      return CLIENT;
    }
    String recorded = recorded(connection);
    return recorded == null ? SERVER : of(recorded);
  }

  /** Returns whether a database is the front of others. */
  static boolean isFront(Connection connection) throws SQLException {
    return one(connection, "SELECT to_regclass('bqx.node')::text") != null;
  }

  static boolean javaIsAvailable(Connection connection) throws SQLException {
    return "true"
        .equals(
            one(
                connection,
                "SELECT (count(*) > 0)::text FROM pg_available_extensions"
                    + " WHERE name IN ('pljava', 'sqljrt')"));
  }

  /** Returns what {@code bqx.setting} has, null where it has nothing. */
  static String recorded(Connection connection) throws SQLException {
    return one(connection, "SELECT to_regclass('bqx.setting')::text") == null
        ? null
        : one(connection, "SELECT value FROM bqx.setting WHERE name = 'engine'");
  }

  static String one(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getString(1) : null;
    }
  }

  private static Engine of(String name) {
    for (Engine engine : values()) {
      if (engine.sqlName().equals(name)) {
        return engine;
      }
    }
    throw new FlywayException(
        "placeholder engine is \"%s\": must be server, client, nodes or auto".formatted(name));
  }
}
