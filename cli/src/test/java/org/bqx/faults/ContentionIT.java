package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What concurrent sessions do to a backfill: it tries again, or says which SQLSTATE ended it. */
@Tag("slow")
class ContentionIT {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.inOwnCluster(Map.of("max_connections", "10"));

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final long LIMIT_SECONDS = 60;
  private static final String[] BACKFILL = {"backfill", "--force", "--family=reg", "--workers=1"};
  private static Map<String, String> undisturbed;

  @TempDir private Path folder;
  private SqlSession sql;
  private SqlSession observer;

  @BeforeAll
  static void makeBars() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession session = new SqlSession(DATABASE.connect())) {
      SmallMonths.insert(session, 1, 2, 1000);
      assertThat(BQX.run(BACKFILL).code()).isZero();
      undisturbed = SmallMonths.digests(session);
    }
  }

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
    observer = new SqlSession(DATABASE.connect());
  }

  @AfterEach
  void assertNothingIsLeft() throws SQLException, InterruptedException {
    sql.execute("ROLLBACK");
    sql.await(0, SmallMonths.LEFT_BEHIND);
    assertThat(SmallMonths.digests(sql)).isEqualTo(undisturbed);
    for (String setting : List.of("deadlock_timeout", "default_transaction_isolation")) {
      sql.execute("ALTER DATABASE %s RESET %s".formatted(DATABASE.name(), setting));
    }
    observer.close();
    sql.close();
  }

  @Test
  void aDeadlockIsTriedAgain() throws Exception {
    // The backfill looks for deadlocks first, and so is the one that gives way.
    setForNewSessions("deadlock_timeout", "5s");
    sql.execute("SET deadlock_timeout = '1h'");
    long before = deadlocks();
    sql.execute("BEGIN");
    sql.execute("SELECT count(*) FROM bqx.reg_audcad");
    Process process = BQX.start(file(), BACKFILL);
    awaitBackfill();
    // It has read the bars and waits for the rows that this session reads.
    sql.execute("LOCK TABLE bqx.m1_audcad IN ACCESS EXCLUSIVE MODE");
    sql.execute("COMMIT");
    assertDone(process);
    assertLogged("deadlock detected");
    assertThat(deadlocks()).isGreaterThan(before);
  }

  @Test
  void aSerializationFailureIsTriedAgain() throws Exception {
    setForNewSessions("default_transaction_isolation", "serializable");
    sql.execute("BEGIN");
    sql.execute("UPDATE bqx.partition_state SET backend_pid = 0");
    Process process = BQX.start(file(), BACKFILL);
    awaitBackfill();
    sql.execute("COMMIT");
    assertDone(process);
    assertLogged("could not serialize access due to concurrent update");
    assertThat(sql.number("SELECT count(*) FROM bqx.partition_state WHERE backend_pid = 0"))
        .isZero();
  }

  @Test
  void aLockThatIsNotReleasedIsReported() throws Exception {
    sql.execute("BEGIN");
    sql.execute("SELECT count(*) FROM bqx.reg_audcad");
    CompletableFuture<Result> held =
        CompletableFuture.supplyAsync(
            () -> BQX.run("backfill", "--force", "--family=reg", "--lock-timeout=1", "--wait=0"));
    Result result = held.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertThat(result.code()).as(result.err()).isEqualTo(5);
    assertThat(result.err()).contains("held: reg audcad 2024-07").contains("[55P03]");
  }

  @Test
  void aLockThatIsReleasedInTimeIsWaitedFor() throws Exception {
    sql.execute("BEGIN");
    sql.execute("SELECT count(*) FROM bqx.reg_audcad");
    Process process =
        BQX.start(file(), "backfill", "--force", "--family=reg", "--workers=1", "--lock-timeout=1");
    awaitBackfill();
    assertLogged("canceling statement due to lock timeout");
    sql.execute("COMMIT");
    assertDone(process);
  }

  @Test
  void tooManyConnectionsForTheWorkersAreWaitedFor() throws Exception {
    sql.execute("BEGIN");
    sql.execute("SELECT count(*) FROM bqx.reg_audcad");
    List<Connection> others = fill(2);
    // One connection for the run, one for a worker: the other worker finds none.
    Process process = BQX.start(file(), "backfill", "--force", "--family=reg", "--workers=2");
    awaitBackfill();
    assertLogged("sorry, too many clients already");
    close(others);
    sql.execute("COMMIT");
    assertDone(process);
  }

  @Test
  void tooManyConnectionsForTheCommandAreReported() throws Exception {
    List<Connection> others = fill(0);
    try {
      Result refused = BQX.run("backfill");
      assertThat(refused.code()).isEqualTo(4);
      assertThat(refused.err())
          .contains("too many clients already")
          .contains("[53300]")
          .contains("next: the same again in a while");
    } finally {
      close(others);
    }
  }

  /** Opens connections until {@code left} more would be too many. */
  private static List<Connection> fill(int left) throws SQLException {
    List<Connection> others = new ArrayList<>();
    try {
      while (true) {
        others.add(DATABASE.connect());
      }
    } catch (SQLException full) {
      assertThat(full.getSQLState()).isEqualTo("53300");
    }
    for (int i = 0; i < left; i++) {
      others.remove(others.size() - 1).close();
    }
    return others;
  }

  private static void close(List<Connection> connections) throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
  }

  private void setForNewSessions(String setting, String value) throws SQLException {
    sql.execute("ALTER DATABASE %s SET %s = '%s'".formatted(DATABASE.name(), setting, value));
  }

  private void awaitBackfill() throws SQLException, InterruptedException {
    observer.await(1, "SELECT count(*) FROM pg_stat_activity WHERE " + Waiting.BACKFILL);
  }

  private void assertLogged(String message) throws Exception {
    Path log = DATABASE.assumeLocal().log();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!Files.readString(log).contains(message)) {
      assertThat(System.nanoTime()).as(message + output()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private long deadlocks() throws SQLException {
    return sql.number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
  }

  private void assertDone(Process process) throws Exception {
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isZero();
    assertThat(output()).contains("2 of 2 partitions computed").contains("0 failed");
  }

  private File file() {
    return folder.resolve("output").toFile();
  }

  private String output() throws IOException {
    return file().exists() ? Files.readString(file().toPath()) : "";
  }
}
