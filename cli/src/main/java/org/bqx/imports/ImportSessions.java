package org.bqx.imports;

import static org.bqx.jooq.Tables.PAIR;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.nodes.NodeMap;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;

/**
 * The sessions of an import: one with the server that is named and, where that is a front, one with
 * each node whose pairs it brings bars of. postgres_fdw sends bars slower than a node takes them,
 * so they go there without it.
 *
 * <p>The front's transaction stays open until the nodes have committed: its lock keeps a new
 * baseline away meanwhile. Bars of pairs on several nodes are committed node by node, and so not at
 * once; those of one pair are.
 */
final class ImportSessions implements AutoCloseable {
  private static final String ON_NO_NODE = "QX008";

  /** Each time a node lists all its months. */
  private static final Duration NOTE_AFTER = Duration.ofSeconds(5);

  private final Database database;
  private final Map<String, Site> nodes = new TreeMap<>();
  private final Set<String> taken = new TreeSet<>();

  /** Pairs whose bars are committed on their nodes, of which the front does not know yet. */
  private final Set<String> unnoted = new TreeSet<>();

  private long noted = System.nanoTime();
  private Site home;
  private boolean isFront;

  /** Whether bars can be staged at home; most of a front's go straight to their node. */
  private boolean hasStaging;

  private List<String> pairs = List.of();

  private record Site(Connection connection, Staging staging) {}

  ImportSessions(Database database) {
    this.database = database;
  }

  boolean isOpen() throws SQLException {
    return home != null && !home.connection().isClosed();
  }

  /** Connects to the server that is named. */
  void open() throws SQLException {
    nodes.clear();
    taken.clear();
    home = open(database);
    isFront = NodeMap.isFront(Sql.on(home.connection()));
    hasStaging = !isFront;
    if (hasStaging) {
      home.staging().create();
    }
    pairs = Sql.on(home.connection()).select(PAIR.PAIR_).from(PAIR).fetch(PAIR.PAIR_);
    home.connection().commit();
  }

  private static Site open(Database database) throws SQLException {
    Connection connection = database.connectForWork();
    connection.setAutoCommit(false);
    // Each statement has to see what others committed before it: the baseline above all.
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    return new Site(connection, new Staging(connection));
  }

  /** Returns the pairs there are. */
  List<String> pairs() {
    return pairs;
  }

  /** Returns what takes bars on the server that is named. */
  Staging home() {
    if (!hasStaging) {
      home.staging().create();
      hasStaging = true;
    }
    return home.staging();
  }

  /**
   * Returns what takes bars where a pair lives.
   *
   * @throws Failure when it is on no node, or the node cannot be reached from here
   */
  Staging of(String pair) throws SQLException {
    if (!isFront) {
      return home.staging();
    }
    String node = begin(pair);
    taken.add(pair);
    Site known = nodes.get(node);
    if (known == null) {
      known = connect(node);
      nodes.put(node, known);
    }
    return known.staging();
  }

  private String begin(String pair) {
    try {
      return Sql.on(home.connection())
          .fetchSingle("SELECT bqx.begin_import(?)", pair)
          .get(0, String.class);
    } catch (DataAccessException refused) {
      if (!ON_NO_NODE.equals(refused.sqlState())) {
        throw refused;
      }
      throw new Failure(
          ExitCode.FAILED,
          "pair %s is on no node of this front".formatted(pair),
          "./bqx node place NODE %s (./bqx node list has the nodes)".formatted(pair));
    }
  }

  private Site connect(String node) throws SQLException {
    Record address =
        Sql.on(home.connection())
            .fetchSingle("SELECT host, port, dbname FROM bqx.node WHERE node = ?", node);
    try {
      Site site =
          open(
              database.at(
                  address.get(0, String.class),
                  address.get(1, Integer.class),
                  address.get(2, String.class)));
      site.staging().create();
      site.connection().commit();
      return site;
    } catch (Failure refused) {
      if (refused.exitCode() != ExitCode.NO_CONNECTION) {
        throw refused;
      }
      // Other nodes may take what is of their pairs.
      throw new Failure(
          ExitCode.FAILED,
          "node %s: %s".formatted(node, refused.getMessage()),
          "bars go to the node itself: role %s must log in there, as a member of bqx_runner, and its"
                  .formatted(database.settings().user())
              + " password be in ~/.pgpass (./bqx node list says whether the node answers)");
    }
  }

  /** Commits on each node, then on the front, which learns every few seconds what came. */
  void commit() throws SQLException {
    for (Site node : nodes.values()) {
      node.connection().commit();
    }
    home.connection().commit();
    unnoted.addAll(taken);
    taken.clear();
    if (System.nanoTime() - noted > NOTE_AFTER.toNanos()) {
      note();
    }
  }

  /** Has the front ask the nodes what came, for who listens there and for when they are lost. */
  private void note() throws SQLException {
    if (!unnoted.isEmpty()) {
      Sql.on(home.connection())
          .fetch("SELECT bqx.note_months(?)", (Object) unnoted.toArray(String[]::new));
      home.connection().commit();
      unnoted.clear();
    }
    noted = System.nanoTime();
  }

  void rollback() throws SQLException {
    for (Site node : nodes.values()) {
      node.connection().rollback();
    }
    home.connection().rollback();
    // Made in that transaction, if at all.
    hasStaging = !isFront;
    taken.clear();
  }

  /** Leaves what is not committed to the servers, whatever state a session is in. */
  void abandon() throws SQLException {
    if (home == null) {
      return;
    }
    for (Site node : nodes.values()) {
      node.connection().close();
    }
    home.connection().close();
  }

  @Override
  public void close() throws SQLException {
    if (!unnoted.isEmpty()) {
      if (!isOpen()) {
        home = open(database);
      }
      try {
        note();
      } catch (DataAccessException refused) {
        abandon();
        throw refused.getCause(SQLException.class);
      }
    }
    abandon();
  }
}
