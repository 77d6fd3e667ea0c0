package org.bqx.connection;

import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.migrations.PinnedDataSource;
import org.postgresql.PGConnection;

/**
 * The database a command works on: opens connections and remembers them, so that an interrupt can
 * cancel what they run and a closing command leaves none behind.
 */
public final class Database implements AutoCloseable {
  /** For a server, or something on the way to it, that accepts a connection and then is silent. */
  private static final int LOGIN_SECONDS = 10;

  /** The longest that one statement is waited for, where its caller knows of no shorter limit. */
  private static final int SILENCE_SECONDS = 1800;

  private static final String NO_DATABASE = "3D000";

  /** The server starts, stops or recovers. */
  private static final String STARTING = "57P03";

  /** All of the server's connections are taken. */
  private static final String FULL = "53300";

  static {
    // The driver would take passwords from a file that others may read; PasswordFile does not.
    System.setProperty("org.postgresql.pgpassfile", "/dev/null");
  }

  private final ConnectionSettings settings;
  private final String applicationName;
  private final int readingSeconds;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Connection> spare = new AtomicReference<>();
  private final SessionWaker waker = new SessionWaker();
  private final Passwords passwords;
  private final Map<ConnectionSettings, Database> others = new ConcurrentHashMap<>();
  private volatile boolean cancelled;

  /**
   * @param settings where to connect
   * @param applicationName what {@code pg_stat_activity} shows
   */
  public Database(ConnectionSettings settings, String applicationName) {
    this(settings, applicationName, Passwords.NONE);
  }

  /**
   * @param settings where to connect
   * @param applicationName what {@code pg_stat_activity} shows
   * @param passwords of {@linkplain #at other servers}
   */
  public Database(ConnectionSettings settings, String applicationName, Passwords passwords) {
    this(settings, applicationName, passwords, 0);
  }

  private Database(
      ConnectionSettings settings,
      String applicationName,
      Passwords passwords,
      int readingSeconds) {
    this.settings = settings;
    this.applicationName = applicationName;
    this.passwords = passwords;
    this.readingSeconds = readingSeconds;
  }

  /**
   * Returns another database for the same command and role, such as that of a node. It is cancelled
   * and closed with this one.
   */
  public Database at(String host, int port, String database) {
    return others.computeIfAbsent(
        settings.at(host, port, database, passwords),
        other -> new Database(other, applicationName, passwords, readingSeconds));
  }

  /**
   * Returns the same database for those who only read: every transaction is read-only, and a
   * statement ends after some seconds, for work too.
   */
  public Database forReading(int seconds) {
    return new Database(settings, applicationName, passwords, seconds);
  }

  /** Returns where this connects to. */
  public ConnectionSettings settings() {
    return settings;
  }

  /**
   * Opens a connection in autocommit mode; the caller or {@link #close} closes it.
   *
   * @throws Failure with {@link ExitCode#NO_CONNECTION} when the server refuses or is not there,
   *     with {@link ExitCode#INTERRUPTED} after {@link #cancel}
   */
  public Connection connect() {
    if (cancelled) {
      throw new Failure(ExitCode.INTERRUPTED, "interrupted", null);
    }
    try {
      Connection kept = spare.getAndSet(null);
      if (kept != null && kept.isValid(LOGIN_SECONDS)) {
        return kept;
      }
      if (kept != null) {
        kept.close();
      }
      return open();
    } catch (SQLException refused) {
      throw notConnected(refused);
    }
  }

  private Connection open() throws SQLException {
    Connection connection = dataSource().getConnection();
    if (readingSeconds > 0) {
      limitToReading(connection);
    }
    connections.removeIf(Database::isClosed);
    connections.add(connection);
    return connection;
  }

  private Failure notConnected(SQLException refused) {
    return new Failure(
        ExitCode.NO_CONNECTION,
        "cannot connect to %s: %s".formatted(settings, reason(refused)),
        remedy(String.valueOf(refused.getSQLState())),
        refused);
  }

  /**
   * Takes back a connection of {@link #connect} that is in no transaction, and whose settings are
   * as they were: the next to connect gets it, and need not wait for another.
   */
  public void giveBack(Connection connection) throws SQLException {
    if (isClosed(connection) || !spare.compareAndSet(null, connection)) {
      connection.close();
    }
  }

  /**
   * Returns whether the server has this database.
   *
   * @throws Failure when it cannot be told, as {@link #connect} does
   */
  boolean exists() {
    try {
      giveBack(open());
      return true;
    } catch (SQLException refused) {
      if (NO_DATABASE.equals(refused.getSQLState())) {
        return false;
      }
      throw notConnected(refused);
    }
  }

  /** The driver's message leaves out that nobody knows the host's name. */
  private static String reason(SQLException refused) {
    for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return "there is no host of that name";
      }
    }
    return refused.getMessage();
  }

  private void limitToReading(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET default_transaction_read_only = on; SET statement_timeout = '%ds'"
              .formatted(readingSeconds));
    } catch (SQLException lost) {
      connection.close();
      throw lost;
    }
  }

  /**
   * The states are PostgreSQL's; the driver has 08004 of its own for a password that is not there.
   */
  private String remedy(String state) {
    return switch (state) {
      case "28P01", "08004" ->
          "give the password of role %s: PGPASSWORD, or a line in ~/.pgpass (chmod 600)"
              .formatted(settings.user());
      case "28000" -> "name a role that may log in there: -U (PGUSER)";
      case NO_DATABASE ->
          "make it: CREATE DATABASE \"%s\"; or name another: -d (PGDATABASE)"
              .formatted(settings.database().replace("\"", "\"\""));
      case STARTING, FULL -> "the same again in a while: the server is there";
      default ->
          "name another server (-h -p -U -d, --service) or none for the embedded one: ./bqx up";
    };
  }

  /**
   * Opens a connection as {@link #connect} does, for statements that may take as long as the client
   * waits for them, whatever {@code statement_timeout} the role or the database has: that one is
   * meant for those who type queries.
   */
  public Connection connectForWork() {
    Connection connection = connect();
    if (readingSeconds > 0) {
      return connection;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET statement_timeout = '%ds'".formatted(SILENCE_SECONDS));
      return connection;
    } catch (SQLException lost) {
      throw Failure.of(lost);
    }
  }

  /**
   * Opens a connection and closes it.
   *
   * @throws Failure as {@link #connect} does
   */
  public void checkConnection() {
    try (Connection connection = connect()) {
      connections.remove(connection);
    } catch (SQLException lost) {
      throw Failure.of(lost);
    }
  }

  /** Returns a source of connections that this does not close, for a tool that closes its own. */
  public PinnedDataSource dataSource() {
    PinnedDataSource source = new PinnedDataSource();
    source.setUrl(settings.url());
    source.setUser(settings.user());
    source.setApplicationName(applicationName);
    source.setTcpKeepAlive(true);
    try {
      source.setSocketFactory(ProbingSockets.class.getName());
      source.setLoginTimeout(LOGIN_SECONDS);
      source.setSocketTimeout(SILENCE_SECONDS);
      for (Map.Entry<String, String> property : settings.extra().entrySet()) {
        source.setProperty(property.getKey(), property.getValue());
      }
      if (settings.socket() != null) {
        source.setSocketFactory(UnixSockets.class.getName());
        source.setSocketFactoryArg(settings.socket());
        // As libpq: what leaves no machine is not encrypted, and sslmode does not count.
        source.setSslMode("disable");
        source.setGssEncMode("disable");
      }
    } catch (SQLException unknown) {
      throw new Failure(
          ExitCode.USAGE,
          "connection setting not understood: %s".formatted(unknown.getMessage()),
          "correct the service file",
          unknown);
    }
    return source;
  }

  /** Cancels the statements that run on the open connections; they fail with SQLSTATE 57014. */
  public synchronized void cancel() {
    cancelled = true;
    others.values().forEach(Database::cancel);
    List<Integer> sessions = new ArrayList<>();
    for (Connection connection : connections) {
      try {
        PGConnection session = connection.unwrap(PGConnection.class);
        session.cancelQuery();
        sessions.add(session.getBackendPID());
      } catch (SQLException gone) {
        connections.remove(connection);
      }
    }
    wake(sessions);
  }

  private void wake(List<Integer> sessions) {
    if (sessions.isEmpty() || !waker.mayBeNeeded()) {
      return;
    }
    try (Connection another = dataSource().getConnection()) {
      waker.wake(another, sessions);
    } catch (SQLException refused) {
      // Too many connections, or no server any more: what was told to cancel does so when it wakes.
      return;
    }
  }

  /** Returns whether {@link #cancel} was called. */
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void close() {
    others.values().forEach(Database::close);
    for (Connection connection : connections) {
      try {
        connection.close();
      } catch (SQLException refused) {
        throw new Failure(
            ExitCode.FAILED,
            "cannot close a connection to %s: %s".formatted(settings, refused.getMessage()),
            null,
            refused);
      }
    }
  }

  private static boolean isClosed(Connection connection) {
    try {
      return connection.isClosed();
    } catch (SQLException broken) {
      return true;
    }
  }
}
