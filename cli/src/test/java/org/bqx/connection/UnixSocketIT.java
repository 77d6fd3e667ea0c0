package org.bqx.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.cluster.ServerAddress;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;

/** The server by its Unix socket, with a password and with the system's word on who asks. */
class UnixSocketIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.inOwnCluster(Map.of());

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  private static ServerAddress address;

  @BeforeAll
  static void find() {
    address = DATABASE.assumeLocal().address().orElseThrow();
  }

  @Test
  void commandsWorkAsByTcp() {
    String socket = address.socketDirectory().toString();
    for (List<String> command :
        List.of(
            List.of("migrate"),
            List.of("generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07"),
            List.of("backfill", "--workers", "2"),
            List.of("verify", "--full"))) {
      Result result =
          BQX.runWith(
              Map.of("PGHOST", socket, "PGSSLMODE", "require"), command.toArray(String[]::new));
      assertThat(result.code()).as("%s: %s", command, result.err()).isZero();
    }
    Result option = BQX.run("status", "-h", socket);
    assertThat(option.code()).as(option.err()).isZero();
  }

  @Test
  void theSystemSaysWhoAsks() throws Exception {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      Path rules = Path.of(sql.text("SHOW hba_file"));
      Path names = Path.of(sql.text("SHOW ident_file"));
      String before = Files.readString(rules);
      Files.writeString(
          names, "me %s %s%n".formatted(System.getProperty("user.name"), address.user()));
      Files.writeString(rules, "local all all peer map=me\n" + before);
      sql.execute("SELECT pg_reload_conf()");
      try (Database database = database(Map.of());
          SqlSession peer = new SqlSession(database.connect())) {
        assertThat(peer.text("SELECT coalesce(inet_client_addr()::text, session_user)"))
            .isEqualTo(address.user());
      } finally {
        Files.writeString(rules, before);
        sql.execute("SELECT pg_reload_conf()");
      }
    }
  }

  @Test
  void aReadEndsAfterItsTimeAndWithTheSocket() throws Exception {
    try (Database database = database(Map.of("password", address.password()));
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      PGConnection session = connection.unwrap(PGConnection.class);
      statement.execute("LISTEN nothing");
      assertThat(session.getNotifications(50)).isEmpty();
      assertThat(connection.isValid(5)).isTrue();

      statement.setQueryTimeout(1);
      assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(60)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      statement.setQueryTimeout(0);

      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(
              () -> {
                try {
                  connection.abort(Runnable::run);
                } catch (SQLException refused) {
                  throw new IllegalStateException(refused);
                }
              },
              CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
      assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(60)"))
          .isInstanceOf(SQLException.class);
      closing.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void muchGoesBothWays() throws Exception {
    String text = "bqx ".repeat(5_000_000);
    try (Database database = database(Map.of("password", address.password()));
        SqlSession sql = new SqlSession(database.connect())) {
      assertThat(sql.text("SELECT ?::text", text)).isEqualTo(text);
    }
  }

  @Test
  void aSocketThatIsNotThereIsNamed() {
    Result result = BQX.run("status", "-h", "/nowhere");
    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err()).contains("cannot connect to /nowhere").contains("[08001]");
  }

  private static Database database(Map<String, String> extra) {
    return new Database(
        new ConnectionSettings(
            address.socketDirectory().toString(),
            address.port(),
            address.user(),
            DATABASE.name(),
            extra),
        "bqx test");
  }
}
