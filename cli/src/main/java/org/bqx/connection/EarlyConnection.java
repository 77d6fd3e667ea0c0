package org.bqx.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** The connection that a process opens before it knows what for. There is one at most. */
final class EarlyConnection {
  private static volatile EarlyConnection begun;

  private final String applicationName;
  private final FutureTask<Connection> task;
  private ConnectionSettings settings;

  private EarlyConnection(String applicationName, Supplier<Optional<ConnectionSettings>> server) {
    this.applicationName = applicationName;
    task = new FutureTask<>(() -> open(server));
  }

  /**
   * Begins to connect, on a thread of its own.
   *
   * @param server where to; empty for nowhere
   */
  static void begin(String applicationName, Supplier<Optional<ConnectionSettings>> server) {
    EarlyConnection connection = new EarlyConnection(applicationName, server);
    Thread thread = new Thread(connection.task, "connect");
    thread.setDaemon(true);
    begun = connection;
    thread.start();
  }

  /** Returns the connection that was begun, once; null where it is none of these. */
  static Connection take(ConnectionSettings settings, String applicationName) {
    EarlyConnection connection = begun;
    begun = null;
    return connection == null ? null : connection.end(settings, applicationName);
  }

  private Connection open(Supplier<Optional<ConnectionSettings>> server) throws SQLException {
    settings = server.get().orElse(null);
    return settings == null
        ? null
        : new Database(settings, applicationName).dataSource().getConnection();
  }

  private Connection end(ConnectionSettings wanted, String wantedName) {
    try {
      Connection opened = task.get();
      if (opened == null || wanted.equals(settings) && wantedName.equals(applicationName)) {
        return opened;
      }
      opened.close();
      return null;
    } catch (ExecutionException | SQLException failed) {
      // Who asks connects by itself, and meets the failure if it is still there.
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
