package org.bqx.nodes;

import java.util.Map;
import java.util.Set;
import org.jooq.DSLContext;

/**
 * Which node each pair is on, where the database is a front; a single server has no nodes.
 *
 * @param byPair names of nodes by the pairs that are placed on them
 */
public record NodeMap(Map<String, String> byPair) {
  /**
   * SQLSTATEs by which postgres_fdw says that a node is lost while the front's own session goes on:
   * shutdown, crash, start-up, too many connections. Class 08 besides.
   */
  private static final Set<String> LOST = Set.of("57P01", "57P02", "57P03", "53300");

  private static final String CONNECTION_CLASS = "08";

  /** Copies the map. */
  public NodeMap {
    byPair = Map.copyOf(byPair);
  }

  /**
   * Returns whether a database is a front, with nodes or without as yet. Whoever may connect may
   * know, which {@code to_regclass} would not tell without rights on the schema.
   */
  public static boolean isFront(DSLContext sql) {
    return sql.fetchSingle(
            """
            SELECT EXISTS (
                SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'bqx' AND c.relname = 'node')
            """)
        .into(Boolean.class);
  }

  /** Reads it; it is empty where the database is no front. */
  public static NodeMap read(DSLContext sql) {
    return new NodeMap(
        isFront(sql)
            ? sql.fetch("SELECT pair, node FROM bqx.pair_node")
                .intoMap(row -> row.get(0, String.class), row -> row.get(1, String.class))
            : Map.of());
  }

  /** Returns whether there are nodes. */
  public boolean isFront() {
    return !byPair.isEmpty();
  }

  /** Returns the node of a pair, null where it is on none. */
  public String of(String pair) {
    return byPair.get(pair);
  }

  /** Returns whether an error says that a node is lost, if the session that it came by goes on. */
  public static boolean isLoss(String sqlState) {
    return sqlState != null && (sqlState.startsWith(CONNECTION_CLASS) || LOST.contains(sqlState));
  }
}
