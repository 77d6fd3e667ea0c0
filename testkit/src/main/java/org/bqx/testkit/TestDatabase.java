package org.bqx.testkit;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.bqx.cluster.PostgresCluster;
import org.bqx.cluster.PostgresInstallation;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postgresql.Driver;

/**
 * An empty database for a test class, dropped after it.
 *
 * <pre>
 * &#64;RegisterExtension static final TestDatabase database = TestDatabase.create();
 *
 * &#64;Test void counts() throws SQLException {
 *   try (Connection connection = database.connect()) { ... }
 * }
 * </pre>
 *
 * <p>The server is the one that {@code BQX_TEST_URL} names (a JDBC URL with a superuser's user and
 * password), else a container with PL/Java where a Docker engine answers, else a private cluster of
 * the installed PostgreSQL; the test classes of a JVM share it, and roles with it. At the end a
 * line on standard output, and in {@code target/in-database-tests.txt}, says which it was.
 *
 * <p>Connections are closed before the database is dropped: a backend with a JVM in it may take
 * long to notice that it is to end, but not that its client has gone.
 */
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback {

  private static final long DROP_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long PSQL_LIMIT_SECONDS = 300;
  private static final String OBJECT_IN_USE = "55006";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private final Map<String, String> ownSettings;
  private TestServer server;
  private String name;
  private int depth;

  private TestDatabase(Map<String, String> ownSettings) {
    this.ownSettings = ownSettings;
  }

  /** Returns the extension, to be registered in a static field. */
  public static TestDatabase create() {
    return new TestDatabase(null);
  }

  /**
   * Returns an extension whose database is in a private cluster of its own, deleted after the
   * class: for what needs other settings, or breaks the server.
   *
   * @param settings server settings that replace or join those of a temporary cluster
   */
  public static TestDatabase inOwnCluster(Map<String, String> settings) {
    return new TestDatabase(settings);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws SQLException {
    // Nested classes come here too, and use the database of the outermost.
    if (depth++ > 0) {
      return;
    }
    server = ownSettings == null ? TestServer.shared() : TestServer.privateCluster(ownSettings);
    String description = server.describe();
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(TestDatabase.class))
        .getOrComputeIfAbsent(Report.class, key -> new Report(description), Report.class);
    name = newName();
    server.execute("CREATE DATABASE " + name);
  }

  private static String newName() {
    return "bqx_test_" + Long.toHexString(RANDOM.nextLong());
  }

  /**
   * Returns a copy of the database as it is now, for a test that changes what others start from;
   * the caller drops it. Connections to this one are closed.
   */
  public TestDatabase copy() throws SQLException {
    closeConnections();
    TestDatabase copy = new TestDatabase(ownSettings);
    copy.server = server;
    copy.name = newName();
    server.execute("CREATE DATABASE %s TEMPLATE %s".formatted(copy.name, name));
    return copy;
  }

  @Override
  public void afterAll(ExtensionContext context) throws SQLException, InterruptedException {
    if (--depth > 0 || name == null) {
      return;
    }
    if (ownSettings != null) {
      closeConnections();
      server.cluster().orElseThrow().delete();
      return;
    }
    drop();
  }

  private void closeConnections() throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
    connections.clear();
  }

  /** Drops the database; JUnit does so with one that it knows. */
  public void drop() throws SQLException, InterruptedException {
    closeConnections();
    long deadline = System.nanoTime() + DROP_LIMIT_NANOS;
    while (true) {
      try {
        server.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        return;
      } catch (SQLException e) {
        if (!OBJECT_IN_USE.equals(e.getSQLState()) || System.nanoTime() > deadline) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
  }

  /** Returns a new connection as superuser; it is closed with the class at the latest. */
  public Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection(jdbcUrl());
    connections.add(connection);
    return connection;
  }

  /**
   * Returns a new connection whose session is a role's: with that role's rights and no more,
   * whether it may log in or not.
   */
  public Connection connectAs(String role) throws SQLException {
    Connection connection = connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION AUTHORIZATION " + statement.enquoteIdentifier(role, true));
    }
    return connection;
  }

  /** Returns the database's URL, with the superuser's user and password. */
  public String jdbcUrl() {
    return server.url(name);
  }

  /** Returns the database's name. */
  public String name() {
    return name;
  }

  /**
   * Runs psql in the database as superuser: no psqlrc, unaligned tuples only, stopping at the first
   * error.
   *
   * @param arguments further arguments, such as {@code -c}, {@code SELECT 1}
   */
  public PsqlResult psql(String... arguments) {
    return psql(List.of(), arguments);
  }

  /** Runs psql like {@link #psql}, in a session of a role. */
  public PsqlResult psqlAs(String role, String... arguments) {
    return psql(
        List.of("-c", "SET SESSION AUTHORIZATION \"" + role.replace("\"", "\"\"") + "\""),
        arguments);
  }

  private PsqlResult psql(List<String> first, String... arguments) {
    Properties url = Driver.parseURL(jdbcUrl(), null);
    List<String> command = new ArrayList<>(List.of(psqlProgram(), "-XqAt", "-vON_ERROR_STOP=1"));
    command.addAll(first);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    var environment = builder.environment();
    environment.keySet().removeIf(variable -> variable.startsWith("PG"));
    environment.put("PGHOST", url.getProperty("PGHOST"));
    environment.put("PGPORT", url.getProperty("PGPORT"));
    environment.put("PGDATABASE", name);
    environment.put("PGUSER", url.getProperty("user"));
    if (url.getProperty("password") != null) {
      environment.put("PGPASSWORD", url.getProperty("password"));
    }
    environment.put("PGCLIENTENCODING", "UTF8");
    environment.put("LC_ALL", "C");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      CompletableFuture<String> errors =
          CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
      CompletableFuture<String> output =
          CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
      if (!process.waitFor(PSQL_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "psql did not end within %d s".formatted(PSQL_LIMIT_SECONDS));
      }
      return new PsqlResult(process.exitValue(), output.join(), errors.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while psql ran", e);
    }
  }

  /**
   * Returns the Java runtime that the server offers, PL/Java before sqljrt.
   *
   * @throws IllegalStateException when it offers neither; says how to install one
   */
  public JavaRuntime javaRuntime() throws SQLException {
    var runtime = server.javaRuntime();
    if (runtime.isEmpty()) {
      String version = server.version();
      throw new IllegalStateException(
          ("PostgreSQL %s has no Java runtime; install PL/Java: apt-get install postgresql-%s-pljava,"
                  + " or ours: make -C sqljrt && make -C sqljrt install")
              .formatted(version, version.split("\\D")[0]));
    }
    return runtime.get();
  }

  /**
   * Returns the cluster behind the database, for tests that kill or restart the server; aborts the
   * test when the server is not a private cluster.
   */
  public PostgresCluster assumeLocal() {
    return server.cluster().orElseGet(() -> abort("the server is not a private cluster"));
  }

  private static String psqlProgram() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      Path program = Path.of(folder, "psql");
      if (Files.isExecutable(program)) {
        return program.toString();
      }
    }
    return PostgresInstallation.find().program("psql").toString();
  }

  private static String text(java.io.InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kept in the run's root store, which is closed when the last test has run. */
  private record Report(String server) implements AutoCloseable {

    @Override
    public void close() throws IOException {
      String line = "in-database tests: " + server;
      System.out.println(line);
      Path target = Path.of("target");
      if (Files.isDirectory(target)) {
        Files.writeString(target.resolve("in-database-tests.txt"), line + "\n");
      }
    }
  }
}
