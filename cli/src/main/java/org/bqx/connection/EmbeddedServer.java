package org.bqx.connection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bqx.cluster.ClusterException;
import org.bqx.cluster.PostgresCluster;
import org.bqx.cluster.ServerAddress;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.failure.IoReason;

/** The private server that is used when nothing names another: one a project folder. */
public final class EmbeddedServer {
  private static final String DATABASE = "bqx";
  private static final String FALLBACK_DATABASE = "postgres";

  /** Several share this machine. */
  private static final Map<String, String> NODE_SETTINGS = Map.of("shared_buffers", "128MB");

  private static final String NODES = "nodes";

  private final Path home;
  private final PostgresCluster cluster;

  /**
   * @param projectFolder the server lives in its folder {@code .bqx}
   */
  public EmbeddedServer(Path projectFolder) {
    home = projectFolder.resolve(".bqx");
    cluster = PostgresCluster.at(home, Map.of());
  }

  /** Returns the servers that are nodes of this one, by name; none where it is no front. */
  private Map<String, PostgresCluster> nodes() {
    Map<String, PostgresCluster> nodes = new TreeMap<>();
    String[] names = home.resolve(NODES).toFile().list();
    for (String name : names == null ? new String[0] : names) {
      nodes.put(name, node(name));
    }
    return nodes;
  }

  private PostgresCluster node(String name) {
    return PostgresCluster.at(home.resolve(NODES).resolve(name), NODE_SETTINGS);
  }

  /**
   * Starts a server of its own that is to be a node, and makes its database.
   *
   * @param name such as n1
   * @return its superuser's connection
   */
  public ConnectionSettings startNode(String name) {
    try {
      Files.createDirectories(home.resolve(NODES).resolve(name));
      return makeDatabase(node(name).start());
    } catch (IOException unwritable) {
      throw new Failure(ExitCode.FAILED, IoReason.of(unwritable), null, unwritable);
    } catch (ClusterException failure) {
      throw notStarted("node " + name, failure);
    }
  }

  /** Returns the nodes that run. */
  public List<ServerAddress> nodeAddresses() {
    return nodes().values().stream().flatMap(node -> node.address().stream()).toList();
  }

  /** Returns whether the server runs. */
  public boolean isRunning() {
    return cluster.address().isPresent();
  }

  /**
   * Starts the server and its nodes where they do not run, and makes the database where there is
   * none.
   *
   * @throws Failure with {@link ExitCode#NO_CONNECTION} when one does not start
   */
  public ConnectionSettings start() {
    nodes().keySet().forEach(this::startNode);
    return makeDatabase(address());
  }

  /**
   * Returns the database, of the server started as {@link #start} does.
   *
   * @param applicationName what {@code pg_stat_activity} shows
   * @param passwords of other servers
   * @param starting what to do before it is started, if it does not run
   */
  public Database database(String applicationName, Passwords passwords, Runnable starting) {
    // To ask whether it runs may take a process of its own, so that is done once.
    Optional<ServerAddress> running = cluster.address();
    if (running.isEmpty()) {
      starting.run();
    }
    nodes().keySet().forEach(this::startNode);
    ServerAddress address = running.orElseGet(this::address);
    Database database = new Database(settings(address, DATABASE), applicationName, passwords);
    if (!database.exists()) {
      makeDatabase(address);
    }
    return database;
  }

  private static ConnectionSettings makeDatabase(ServerAddress address) {
    ConnectionSettings settings = settings(address, DATABASE);
    try (Database server = new Database(settings(address, FALLBACK_DATABASE), "bqx up")) {
      createDatabase(server.connect());
    } catch (SQLException refused) {
      throw new Failure(
          ExitCode.NO_CONNECTION,
          "cannot make database %s on %s: %s".formatted(DATABASE, address, refused.getMessage()),
          null,
          refused);
    }
    return settings;
  }

  /** Stops the server; returns whether it ran. */
  public boolean stop() {
    try {
      boolean ran = cluster.stop();
      for (PostgresCluster node : nodes().values()) {
        ran |= node.stop();
      }
      return ran;
    } catch (ClusterException failure) {
      throw new Failure(
          ExitCode.FAILED,
          "cannot stop the embedded server: %s".formatted(failure.getMessage()),
          null,
          failure);
    }
  }

  /**
   * Returns where its data and that of its nodes is, empty when there is none. That is not in the
   * project's folder for root, since the account that PostgreSQL runs as could not reach it there.
   */
  public List<Path> data() {
    return Stream.concat(Stream.of(cluster), nodes().values().stream())
        .map(PostgresCluster::data)
        .filter(Files::isDirectory)
        .toList();
  }

  /** Stops the server and its nodes and deletes what they have made, nothing else. */
  public void delete() {
    try {
      // The server last: as long as it is there, so is what says that there are nodes.
      nodes().values().forEach(PostgresCluster::delete);
      Path folder = home.resolve(NODES);
      if (Files.isDirectory(folder) && nodes().isEmpty()) {
        Files.delete(folder);
      }
      cluster.delete();
    } catch (ClusterException failure) {
      throw notDeleted(failure.getMessage(), failure);
    } catch (IOException refused) {
      throw notDeleted(IoReason.of(refused), refused);
    }
  }

  private static Failure notDeleted(String reason, Exception cause) {
    return new Failure(
        ExitCode.FAILED, "cannot delete the embedded server: " + reason, null, cause);
  }

  /**
   * Returns what makes libpq connect here: variables of the environment, the password in a file.
   */
  public Map<String, String> environment() {
    ConnectionSettings settings = start();
    return Map.of(
        "PGHOST", settings.host(),
        "PGPORT", Integer.toString(settings.port()),
        "PGUSER", settings.user(),
        "PGDATABASE", settings.database(),
        "PGPASSFILE", address().passwordFile().toString());
  }

  private ServerAddress address() {
    try {
      return cluster.start();
    } catch (ClusterException failure) {
      throw notStarted("the embedded server", failure);
    }
  }

  private static Failure notStarted(String what, ClusterException failure) {
    return new Failure(
        ExitCode.NO_CONNECTION,
        "cannot start %s: %s".formatted(what, failure.getMessage()),
        null,
        failure);
  }

  private static ConnectionSettings settings(ServerAddress address, String database) {
    return new ConnectionSettings(
        address.host(),
        address.port(),
        address.user(),
        database,
        Map.of("password", address.password()));
  }

  private static void createDatabase(Connection connection) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement("SELECT FROM pg_database WHERE datname = ?");
        Statement create = connection.createStatement()) {
      query.setString(1, DATABASE);
      try (ResultSet rows = query.executeQuery()) {
        if (!rows.next()) {
          create.execute("CREATE DATABASE " + DATABASE);
        }
      }
    }
  }
}
