package org.bqx.testkit;

import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * The only node of a front, for contracts that hold for one server and for a front alike. Both
 * databases are migrated before, and in clusters of their own, since the node's role gets a
 * password.
 */
public final class FrontNode {
  private static final String PASSWORD = "a password of the front";

  private FrontNode() {}

  /** Adds a node to a front, and has all pairs and the market live there. */
  public static void add(TestDatabase front, TestDatabase node) throws SQLException {
    try (SqlSession session = new SqlSession(node.connect())) {
      session.execute("ALTER ROLE bqx_front LOGIN PASSWORD '%s'".formatted(PASSWORD));
    }
    Properties address = Driver.parseURL(node.jdbcUrl(), null);
    try (SqlSession session = new SqlSession(front.connect())) {
      session.execute(
          "SELECT bqx.add_node('only', ?, ?, ?, password => ?)",
          address.getProperty("PGHOST"),
          Integer.parseInt(address.getProperty("PGPORT")),
          node.name(),
          PASSWORD);
      session.execute(
          "SELECT bqx.place_pairs('only', array_agg(pair) || '{market}'::text[]) FROM bqx.pair");
    }
  }

  /** Returns the line of a {@code .pgpass} by which the superuser logs in to a node. */
  public static String passwordLine(TestDatabase node) {
    Properties address = Driver.parseURL(node.jdbcUrl(), null);
    return String.join(
        ":",
        address.getProperty("PGHOST"),
        address.getProperty("PGPORT"),
        "*",
        address.getProperty("user"),
        address.getProperty("password"));
  }
}
