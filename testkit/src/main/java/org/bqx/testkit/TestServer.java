package org.bqx.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bqx.cluster.PostgresCluster;
import org.bqx.cluster.ServerAddress;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * The server that the test classes of this JVM share: the one that {@code BQX_TEST_URL} names, else
 * a container with PL/Java where a Docker engine answers, else a private cluster of the installed
 * PostgreSQL.
 */
final class TestServer {

  private static final Pattern URL = Pattern.compile("(jdbc:postgresql://[^/?]*/)([^?]*)(\\?.*)?");
  private static final int POSTGRES_PORT = 5432;

  private static TestServer shared;

  private final String kind;
  private final String url;
  private final PostgresCluster cluster;

  private TestServer(String kind, String url, PostgresCluster cluster) {
    this.kind = kind;
    this.url = url;
    this.cluster = cluster;
  }

  static synchronized TestServer shared() {
    if (shared == null) {
      shared = choose(System.getenv());
    }
    return shared;
  }

  private static TestServer choose(Map<String, String> environment) {
    String url = environment.get("BQX_TEST_URL");
    if (url != null && !url.isEmpty()) {
      return at(url);
    }
    if (dockerAnswers(environment)) {
      try {
        return inContainer();
      } catch (RuntimeException e) {
        System.err.println("no container with PL/Java, a private cluster instead: " + e);
      }
    }
    return privateCluster(Map.of());
  }

  /** Starts a private cluster with further settings. */
  static TestServer privateCluster(Map<String, String> settings) {
    return of(PostgresCluster.temporary(settings));
  }

  /** Starts a cluster. */
  static TestServer of(PostgresCluster cluster) {
    ServerAddress address = cluster.start();
    return new TestServer(
        "private cluster",
        "%s?user=%s&password=%s"
            .formatted(address.jdbcUrl("postgres"), address.user(), address.password()),
        cluster);
  }

  static TestServer at(String url) {
    if (!URL.matcher(url).matches()) {
      throw new IllegalArgumentException(
          "BQX_TEST_URL is not of the form"
              + " jdbc:postgresql://host:port/database?user=...&password=...");
    }
    return new TestServer("BQX_TEST_URL", url, null);
  }

  /** Looks for a socket before asking Testcontainers, which is slow and loud where none is. */
  private static boolean dockerAnswers(Map<String, String> environment) {
    return (environment.containsKey("DOCKER_HOST") || Files.exists(Path.of("/var/run/docker.sock")))
        && DockerClientFactory.instance().isDockerAvailable();
  }

  /** The container is removed by Testcontainers when the JVM ends. */
  @SuppressWarnings("resource")
  private static TestServer inContainer() {
    ImageFromDockerfile image =
        new ImageFromDockerfile("bqx-test-pljava", false)
            .withDockerfileFromBuilder(
                file ->
                    file.from("postgres:16")
                        .run(
                            "apt-get update"
                                + " && apt-get install -y --no-install-recommends"
                                + " postgresql-16-pljava default-jre-headless"
                                + " && rm -rf /var/lib/apt/lists/*")
                        .build());
    GenericContainer<?> container =
        new GenericContainer<>(image)
            .withEnv("POSTGRES_PASSWORD", "test")
            .withExposedPorts(POSTGRES_PORT)
            .withCommand(
                "postgres", "-c", "fsync=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0")
            // The image starts the server a first time for its own preparations.
            .waitingFor(Wait.forLogMessage(".*ready to accept connections.*", 2));
    container.start();
    return new TestServer(
        "container",
        "jdbc:postgresql://%s:%d/postgres?user=postgres&password=test"
            .formatted(container.getHost(), container.getMappedPort(POSTGRES_PORT)),
        null);
  }

  Optional<PostgresCluster> cluster() {
    return Optional.ofNullable(cluster);
  }

  /** Returns the URL of one of the server's databases, with user and password. */
  String url(String database) {
    Matcher matcher = URL.matcher(url);
    matcher.matches();
    return matcher.group(1) + database + (matcher.group(3) == null ? "" : matcher.group(3));
  }

  /** Runs a statement in the database that the server was named by. */
  void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * Returns name and version of the Java runtime, PL/Java before sqljrt, empty when there is none.
   */
  Optional<JavaRuntime> javaRuntime() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT name, default_version
                FROM pg_available_extensions
                WHERE name IN ('pljava', 'sqljrt')
                ORDER BY name
                LIMIT 1""")) {
      return row.next()
          ? Optional.of(new JavaRuntime(row.getString(1), row.getString(2)))
          : Optional.empty();
    }
  }

  String version() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      return connection.getMetaData().getDatabaseProductVersion();
    }
  }

  /** Returns for example {@code PostgreSQL 15.20 (Debian ...), sqljrt 1.0, private cluster}. */
  String describe() throws SQLException {
    return "PostgreSQL %s, %s, %s"
        .formatted(
            version().replaceFirst(" .*", ""),
            javaRuntime().map(JavaRuntime::toString).orElse("no Java runtime"),
            kind);
  }
}
