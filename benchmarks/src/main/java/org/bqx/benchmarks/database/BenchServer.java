package org.bqx.benchmarks.database;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bqx.benchmarks.report.Machine;
import org.bqx.cluster.ClusterException;
import org.bqx.cluster.PostgresCluster;
import org.bqx.cluster.ServerAddress;
import org.bqx.connection.ConnectionSettings;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import oshi.SystemInfo;

/**
 * A private server to measure on, deleted when the JVM ends. As durable as the embedded one: a
 * commit waits for the disk.
 */
public final class BenchServer implements AutoCloseable {
  private static final String MAINTENANCE_DATABASE = "postgres";

  private final PostgresCluster cluster;
  private final ServerAddress address;

  /**
   * Starts a server.
   *
   * @param settings replace or join those of the embedded server
   * @throws Failure when it does not start
   */
  public BenchServer(Map<String, String> settings) {
    Map<String, String> all = PostgresCluster.bulkWriteSettings();
    all.put("fsync", "on");
    all.put("full_page_writes", "on");
    all.put("synchronous_commit", "on");
    all.putAll(settings);
    cluster = PostgresCluster.temporary(all);
    try {
      address = cluster.start();
    } catch (ClusterException failure) {
      throw new Failure(
          ExitCode.NO_CONNECTION,
          "cannot start a server to measure on: %s".formatted(failure.getMessage()),
          null,
          failure);
    }
  }

  /**
   * Makes a database with the schema of bqx.
   *
   * @param name not there yet
   * @param families that are measured, empty for all that are enabled
   */
  public BenchDatabase createDatabase(String name, List<String> families)
      throws SQLException, IOException {
    try (Session session = new Session(database(MAINTENANCE_DATABASE).connect())) {
      session.execute("CREATE DATABASE " + name);
    }
    return new BenchDatabase(database(name), families);
  }

  ServerAddress address() {
    return address;
  }

  /** Makes an empty database. */
  Database createEmpty(String name) throws SQLException {
    try (Session session = new Session(database(MAINTENANCE_DATABASE).connect())) {
      session.execute("CREATE DATABASE " + name);
    }
    return database(name);
  }

  /**
   * Returns the milliseconds of a processor that the server and its sessions have taken, those that
   * have ended too.
   */
  double cpuMilliseconds() {
    return ProcessTimes.ofServer(cluster.processId().orElseThrow());
  }

  /** Describes the machine and the server. */
  public Machine machine() throws SQLException, IOException {
    SystemInfo system = new SystemInfo();
    FileStore store = Files.getFileStore(cluster.data());
    try (Session session = new Session(database(MAINTENANCE_DATABASE).connect())) {
      Map<String, String> settings = new LinkedHashMap<>();
      session
          .rows(
              """
              SELECT name, current_setting(name) FROM pg_settings
              WHERE name IN ('shared_buffers', 'wal_level', 'synchronous_commit', 'fsync',
                  'full_page_writes', 'max_wal_size', 'checkpoint_timeout', 'work_mem', 'jit')
                  OR source = 'configuration file' AND setting <> boot_val
                      AND context IN ('user', 'superuser', 'sighup', 'postmaster')
                      AND category NOT LIKE 'Connections%' AND category NOT LIKE 'Client Connection%'
                      AND category NOT LIKE 'Reporting%' AND category NOT LIKE 'File Locations%'
              ORDER BY name""")
          .forEach(row -> settings.put(row.get(0), row.get(1)));
      return new Machine(
          Runtime.getRuntime().availableProcessors(),
          system.getHardware().getProcessor().getProcessorIdentifier().getName().strip(),
          system.getHardware().getMemory().getTotal(),
          system.getOperatingSystem().toString(),
          "%s, %s".formatted(store.name(), store.type()),
          session.text("SHOW server_version"),
          session.text(
              """
              SELECT name || ' ' || default_version FROM pg_available_extensions
              WHERE name IN ('pljava', 'sqljrt') ORDER BY name LIMIT 1"""),
          Runtime.version().toString(),
          settings);
    }
  }

  /** Returns a database of the server; the caller closes it. */
  Database database(String name) {
    return new Database(
        new ConnectionSettings(
            address.host(),
            address.port(),
            address.user(),
            name,
            Map.of("password", address.password())),
        "bqx bench");
  }

  @Override
  public void close() {
    cluster.delete();
  }
}
