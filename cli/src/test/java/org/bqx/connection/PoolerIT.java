package org.bqx.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.cluster.ServerAddress;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * PgBouncer between, where it is installed: what shares sessions is refused, and left as it was.
 */
class PoolerIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

  /** What a session has that another client would find. */
  private static final String LEFT =
      """
      SELECT concat_ws(' ', current_setting('search_path'), current_setting('statement_timeout'),
          current_setting('extra_float_digits'), (SELECT count(*) FROM pg_prepared_statements),
          (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'),
          (SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()))
      """;

  @TempDir private Path folder;

  @BeforeAll
  static void migrate() {
    assumeTrue(Files.isExecutable(PROGRAM), "pgbouncer is not installed");
    assertThat(BQX.run("migrate").code()).isZero();
  }

  @Test
  void sessionsOfTransactionsAreRefusedAndLeftAsTheyWere() throws Exception {
    try (Pooler pooler = new Pooler("transaction")) {
      // The pool's only session, so that whatever is left behind is found.
      String before = pooler.left();
      for (List<String> command :
          List.of(
              List.of("migrate"),
              List.of("generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07"),
              List.of("import", "-", "--pair", "eurusd"),
              List.of("backfill"),
              List.of("status"),
              List.of("verify"),
              List.of("doctor"))) {
        Result refused = BQX.runWith(pooler.environment(), command.toArray(String[]::new));
        assertThat(refused.code()).as("%s: %s", command, refused.err()).isEqualTo(4);
        assertThat(refused.err())
            .contains("a pooler that gives each transaction another session is between")
            .contains("pool_mode");
      }
      assertThat(pooler.left()).isEqualTo(before);
    }
  }

  @Test
  void sessionsOfAClientsOwnWork() throws Exception {
    try (Pooler pooler = new Pooler("session")) {
      String before = pooler.left();
      for (List<String> command :
          List.of(
              List.of("generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07"),
              List.of("backfill", "--workers", "2"),
              List.of("verify"))) {
        Result result = BQX.runWith(pooler.environment(), command.toArray(String[]::new));
        assertThat(result.code()).as("%s: %s", command, result.err()).isZero();
      }
      assertThat(pooler.left()).isEqualTo(before);
    }
  }

  /** A PgBouncer of one pool. */
  private final class Pooler implements AutoCloseable {
    private final ServerAddress server = DATABASE.assumeLocal().address().orElseThrow();
    private final int port;
    private final Process process;

    Pooler(String mode) throws IOException, InterruptedException, SQLException {
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path users =
          Files.writeString(
              folder.resolve("users"),
              "\"%s\" \"%s\"%n".formatted(server.user(), server.password()));
      Path settings =
          Files.writeString(
              folder.resolve("pgbouncer.ini"),
              """
              [databases]
              * = host=%s port=%d
              [pgbouncer]
              listen_addr = 127.0.0.1
              listen_port = %d
              unix_socket_dir =
              auth_type = trust
              auth_file = %s
              pool_mode = %s
              default_pool_size = %d
              ignore_startup_parameters = extra_float_digits
              """
                  .formatted(
                      server.host(),
                      server.port(),
                      port,
                      users,
                      mode,
                      mode.equals("session") ? 8 : 1));
      // It refuses to be root.
      process =
          new ProcessBuilder(PROGRAM.toString(), "-q", "-u", "nobody", settings.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      for (int i = 0; ; i++) {
        try (Connection answer = connect()) {
          assertThat(answer.isValid(5)).isTrue();
          return;
        } catch (SQLException notYet) {
          assertThat(i).as("%s", notYet.getMessage()).isLessThan(100);
          Thread.sleep(100);
        }
      }
    }

    private Connection connect() throws SQLException {
      return DriverManager.getConnection(
          "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=x&preferQueryMode=simple&assumeMinServerVersion=15"
              .formatted(port, DATABASE.name(), server.user()));
    }

    Map<String, String> environment() {
      return Map.of("PGHOST", "127.0.0.1", "PGPORT", Integer.toString(port));
    }

    String left() throws SQLException {
      try (SqlSession session = new SqlSession(connect())) {
        return session.text(LEFT);
      }
    }

    @Override
    public void close() {
      process.destroy();
      assertThat(process.onExit()).succeedsWithin(10, TimeUnit.SECONDS);
    }
  }
}
