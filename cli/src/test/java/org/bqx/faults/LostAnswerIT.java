package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.cluster.PostgresCluster;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TcpProxy;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A crash around COMMIT: what was committed is found done, whoever heard of it. */
@Tag("slow")
class LostAnswerIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.inOwnCluster(Map.of());

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final long LIMIT_SECONDS = 60;
  private static final String DONE =
      "SELECT count(*) FROM bqx.progress WHERE state = 'done' AND family = 'reg'";

  @TempDir private Path folder;
  private SqlSession sql;
  private Process process;

  @BeforeAll
  static void makeBars() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession session = new SqlSession(DATABASE.connect())) {
      SmallMonths.insert(session, 2, 2, 2000);
    }
  }

  @BeforeEach
  void forget() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
    SmallMonths.forgetRows(sql);
  }

  @AfterEach
  void end() throws SQLException, InterruptedException {
    process.destroyForcibly();
    process.waitFor();
    sql.close();
  }

  @Test
  void theAnswerToCommitIsLost() throws Exception {
    try (TcpProxy proxy = TcpProxy.before(DATABASE.jdbcUrl())) {
      startUpToTheFirstLock(proxy);
      proxy.loseAnswers();
      sql.execute("ROLLBACK");
      sql.await(1, DONE);
      List<String> committed = what();
      awaitLoss(proxy);
      proxy.recover();
      proxy.cut();
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output()).isZero();
      assertThat(output()).contains("1 of 1 partition computed");
      assertThat(what()).isEqualTo(committed);
    }
  }

  @Test
  void theServerDiesBeforeItsAnswerToCommitArrives() throws Exception {
    PostgresCluster cluster = DATABASE.assumeLocal();
    try (TcpProxy proxy = TcpProxy.before(DATABASE.jdbcUrl())) {
      startUpToTheFirstLock(proxy);
      proxy.loseAnswers();
      sql.execute("ROLLBACK");
      sql.await(1, DONE);
      List<String> committed = what();
      ProcessHandle server = ProcessHandle.of(cluster.processId().orElseThrow()).orElseThrow();
      server.destroyForcibly();
      server.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      process.waitFor();
      cluster.start();
      sql = new SqlSession(DATABASE.connect());
      Result again = BQX.run("backfill", "--family", "reg", "--pairs", "audcad", "--to", "2024-07");
      assertThat(again.out()).as(again.err()).startsWith("nothing to compute");
      assertThat(what()).isEqualTo(committed);
    }
  }

  @Test
  void immediateShutdownAndRestart() throws Exception {
    PostgresCluster cluster = DATABASE.assumeLocal();
    sql.execute("BEGIN");
    sql.execute("LOCK TABLE bqx.m1_audchf IN ACCESS EXCLUSIVE MODE");
    process = BQX.start(file(), "backfill", "--family", "reg", "--workers", "2");
    try (SqlSession observer = new SqlSession(DATABASE.connect())) {
      observer.await(2, DONE.replace("reg'", "reg' AND pair = 'audcad'"));
    }
    ProcessHandle server = ProcessHandle.of(cluster.processId().orElseThrow()).orElseThrow();
    // SIGQUIT is what pg_ctl stop -m immediate sends.
    assertThat(new ProcessBuilder("sh", "-c", "kill -QUIT " + server.pid()).start().waitFor())
        .isZero();
    server.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    process.waitFor();
    cluster.start();
    sql = new SqlSession(DATABASE.connect());
    assertThat(Files.readString(cluster.log())).contains("received immediate shutdown request");
    List<String> committed = what();
    assertThat(committed).hasSize(2).allMatch(partition -> partition.startsWith("reg audcad"));
    assertThat(BQX.run("backfill", "--family", "reg").out()).startsWith("2 of 2 partitions");
    assertThat(what()).hasSize(4).containsAll(committed);
    Map<String, String> digests = SmallMonths.digests(sql);
    assertThat(BQX.run("backfill", "--family", "reg", "--force").code()).isZero();
    assertThat(SmallMonths.digests(sql)).isEqualTo(digests);
  }

  /** Starts a backfill of one partition, and returns when it waits for a lock that this holds. */
  private void startUpToTheFirstLock(TcpProxy proxy) throws Exception {
    sql.execute("BEGIN");
    sql.execute("LOCK TABLE bqx.m1_audcad IN ACCESS EXCLUSIVE MODE");
    process =
        BQX.start(
            file(),
            "backfill",
            "--port=" + proxy.port(),
            "--family=reg",
            "--pairs=audcad",
            "--to=2024-07");
    try (SqlSession observer = new SqlSession(DATABASE.connect())) {
      observer.await(1, "SELECT count(*) FROM pg_stat_activity WHERE " + Waiting.BACKFILL);
    }
  }

  /** Others see what is committed before the answer is on its way. */
  private static void awaitLoss(TcpProxy proxy) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (proxy.bytesLost() == 0) {
      assertThat(System.nanoTime()).as("no answer came").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** Which partitions there are, which table each is, by whom and when it was computed. */
  private List<String> what() throws SQLException {
    return sql.column(
        """
        SELECT concat_ws(' ', family, pair, month, attempts, backend_pid, finished_at,
            to_regclass('bqx.' || bqx.partition_name(family, pair, month))::oid)
        FROM bqx.partition_state
        ORDER BY 1
        """);
  }

  private File file() {
    return folder.resolve("output").toFile();
  }

  private String output() throws IOException {
    return Files.readString(file().toPath());
  }
}
