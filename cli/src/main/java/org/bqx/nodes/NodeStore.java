package org.bqx.nodes;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import tools.jackson.databind.json.JsonMapper;

/** The nodes of a front: which there are, what lives where, and how that is changed. */
public final class NodeStore implements AutoCloseable {
  private final Database database;
  private final Connection connection;
  private final DSLContext sql;

  /**
   * Connects to a front.
   *
   * @throws Failure when the database is none
   */
  public NodeStore(Database database) {
    this(database, database.connectForWork());
    if (!NodeMap.isFront(sql)) {
      throw new Failure(
          ExitCode.FAILED,
          "%s is no front, and so has no nodes".formatted(database.settings()),
          "./bqx migrate --front makes one of a database without bars; see docs/scale.md");
    }
  }

  private NodeStore(Database database, Connection connection) {
    this.database = database;
    this.connection = connection;
    sql = Sql.on(connection);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /**
   * Makes a node known. The first one gives the front its windows, families and baseline date; the
   * pairs that it has bars of are placed there.
   *
   * @param password of the address's user, null where the node asks for none
   */
  public void add(NodeAddress address, String password) throws SQLException {
    tell(
        address,
        "SELECT bqx.add_node(?, ?, ?, ?, ?, ?, ?::jsonb)",
        address.node(),
        address.host(),
        address.port(),
        address.database(),
        address.user(),
        password,
        JsonMapper.shared().writeValueAsString(address.options()));
  }

  /**
   * Gives a node another address, role or password; its options stay.
   *
   * @param password null when it stays
   */
  public void change(NodeAddress address, String password) throws SQLException {
    tell(
        address,
        "SELECT bqx.change_node(?, ?, ?, ?, ?, ?)",
        address.node(),
        address.host(),
        address.port(),
        address.database(),
        address.user(),
        password);
  }

  /**
   * Returns where a node is, without its options.
   *
   * @throws Failure when there is none of that name
   */
  public NodeAddress address(String node) {
    Record row =
        sql.fetchOne("SELECT host, port, dbname, user_name FROM bqx.node WHERE node = ?", node);
    if (row == null) {
      throw new Failure(
          ExitCode.USAGE,
          "node %s does not exist".formatted(Printable.quoted(node)),
          "list what exists: ./bqx node list");
    }
    return new NodeAddress(
        node,
        row.get("host", String.class),
        row.get("port", Integer.class),
        row.get("dbname", String.class),
        row.get("user_name", String.class),
        Map.of());
  }

  private void tell(NodeAddress address, String statement, Object... arguments)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      keepOutOfTheLog();
      sql.fetch(statement, arguments);
      connection.commit();
      connection.setAutoCommit(true);
    } catch (DataAccessException refused) {
      Sql.rollBack(connection, refused);
      throw unreachable(address, refused);
    }
  }

  /** A server that logs statements would log the password with them. */
  private void keepOutOfTheLog() {
    for (String setting :
        List.of(
            "log_statement = 'none'",
            "log_min_duration_statement = -1",
            "log_min_duration_sample = -1",
            "log_min_error_statement = 'panic'",
            "log_parameter_max_length = 0",
            "log_parameter_max_length_on_error = 0")) {
      sql.execute("SET LOCAL " + setting);
    }
  }

  /** Lets a front log in to a node, as its superuser. */
  public static void letIn(Database node, String role, String password) throws SQLException {
    try (NodeStore store = new NodeStore(node, node.connect())) {
      store.connection.setAutoCommit(false);
      store.keepOutOfTheLog();
      store.sql.execute("ALTER ROLE {0} LOGIN PASSWORD {1}", DSL.name(role), DSL.inline(password));
      store.connection.commit();
    }
  }

  private static RuntimeException unreachable(NodeAddress address, DataAccessException refused) {
    if (!NodeMap.isLoss(refused.sqlState())) {
      return refused;
    }
    Failure server = Failure.of(refused);
    return new Failure(
        ExitCode.NO_CONNECTION,
        "node %s does not answer the front: %s".formatted(address.node(), server.getMessage()),
        ("on the node, as a superuser: ALTER ROLE %s LOGIN PASSWORD '...'; here: a line in ~/.pgpass,"
                + " %s:%d:%s:%s:...")
            .formatted(
                address.user(),
                address.host(),
                address.port(),
                address.database(),
                address.user()));
  }

  /** Forgets a node that no pair is placed on. */
  public void drop(String node) {
    sql.fetch("SELECT bqx.drop_node(?)", node);
  }

  /** Says that pairs which are on no node yet live on this one. */
  public void place(String node, List<String> pairs) {
    sql.fetch("SELECT bqx.place_pairs(?, ?)", node, pairs.toArray(String[]::new));
  }

  /** Moves a pair's bars and baseline to a node; its features are to be computed again there. */
  public void move(String pair, String node) {
    sql.execute("CALL bqx.move_pair(?, ?)", pair, node);
  }

  /** Returns the nodes by name, those that do not answer too. */
  public List<NodeFact> list() {
    return sql.fetch(
            """
            SELECT node, host, port, dbname AS database, pairs, months, bars, rows, bytes, reachable,
                sqlstate AS sql_state, reason
            FROM bqx.node_state
            ORDER BY node
            """)
        .into(NodeFact.class);
  }

  /** Returns what of the nodes is not as it should be, by node. */
  public List<NodeDifference> check() {
    return sql.fetch(
            """
            SELECT node, check_name AS "check", pair, found, expected
            FROM bqx.check_nodes()
            ORDER BY node, check_name, pair
            """)
        .into(NodeDifference.class);
  }

  /** Returns the pairs that are on no node, by name, and the market last if it is on none. */
  public List<String> unplaced() {
    return sql.fetch(
            """
            SELECT pair
            FROM (SELECT pair, 0 AS place FROM bqx.pair UNION ALL SELECT 'market', 1) known
            WHERE pair NOT IN (SELECT p.pair FROM bqx.pair_node p)
            ORDER BY place, pair
            """)
        .into(String.class);
  }
}
