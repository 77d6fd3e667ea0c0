package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.cluster.PostgresCluster;
import org.bqx.testkit.Computing;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backfills that are killed, in every way, and started again: 28 pairs, four months, both families,
 * 4 workers. The truth is an undisturbed run's digest of each partition.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ResumeContract {
  private static final long LIMIT_SECONDS = 90;
  private static final long PARTITIONS = 28 * 4 * 2;

  private final TestDatabase database;
  private final CommandLineRunner bqx;
  private final Computing engine;
  private Map<String, String> undisturbed;

  @TempDir private Path folder;
  private SqlSession sql;

  ResumeContract(TestDatabase database, CommandLineRunner bqx, Computing engine) {
    this.database = database;
    this.bqx = bqx;
    this.engine = engine;
  }

  /** Makes the schema. */
  abstract void migrate() throws SQLException;

  @BeforeAll
  void computeUndisturbed() throws SQLException {
    migrate();
    try (SqlSession session = new SqlSession(database.connect())) {
      SmallMonths.insert(session, 28, 4, 300);
      assertThat(bqx.run("backfill").code()).isZero();
      undisturbed = SmallMonths.digests(session);
      assertThat(undisturbed).hasSize((int) PARTITIONS);
    }
  }

  @BeforeEach
  void forget() throws SQLException {
    sql = new SqlSession(database.connect());
    sql.execute("SET lock_timeout = '20s'");
    SmallMonths.forgetRows(sql);
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  @Test
  void aKilledCommandLineIsStartedAgain() throws Exception {
    Process process = startInTheMiddle();
    process.destroyForcibly();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertResumed();
    assertThat(sql.column("SELECT outcome FROM bqx.run_history ORDER BY run_id"))
        .containsExactly("lost", "done");
  }

  @Test
  void aKilledBackendCostsNothingButItsPartition() throws Exception {
    database.assumeLocal();
    Process process = startInTheMiddle();
    kill(computingBackend());
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isZero();
    sql = new SqlSession(database.connect());
    assertComplete();
  }

  @Test
  void aTerminatedBackendCostsNothingButItsPartition() throws Exception {
    Process process = startInTheMiddle();
    sql.number("SELECT pg_terminate_backend(?)::int", (int) computingBackend());
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isZero();
    assertComplete();
  }

  @Test
  void aKilledServerIsStartedAgain() throws Exception {
    PostgresCluster cluster = database.assumeLocal();
    Process process = startInTheMiddle();
    ProcessHandle server = ProcessHandle.of(cluster.processId().orElseThrow()).orElseThrow();
    server.destroyForcibly();
    server.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    process.waitFor();
    cluster.start();
    sql = new SqlSession(database.connect());
    assertResumed();
  }

  @Test
  void aServerThatRestartsIsWaitedFor() throws Exception {
    PostgresCluster cluster = database.assumeLocal();
    Process process = startInTheMiddle();
    ProcessHandle server = ProcessHandle.of(cluster.processId().orElseThrow()).orElseThrow();
    server.destroyForcibly();
    server.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    cluster.start();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isZero();
    sql = new SqlSession(database.connect());
    assertComplete();
  }

  @Test
  void twoCommandLinesShareTheWork() throws Exception {
    Process first = bqx.start(file("first"), "backfill", "--workers", "2");
    Process second = bqx.start(file("second"), "backfill", "--workers", "2", "--newest-first");
    assertThat(first.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(second.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    String output =
        Files.readString(folder.resolve("first")) + Files.readString(folder.resolve("second"));
    assertThat(first.exitValue()).as(output).isZero();
    assertThat(second.exitValue()).as(output).isZero();
    assertComplete();
    assertThat(sql.number("SELECT sum(attempts) FROM bqx.partition_state")).isEqualTo(PARTITIONS);
    assertThat(sql.number("SELECT count(DISTINCT backend_pid) FROM bqx.partition_state"))
        .isGreaterThan(2);
  }

  @Test
  void aPartitionIsFreeAsSoonAsItsWorkerIsDead() throws Exception {
    String[] backfill = {
      "backfill", "--family", "reg", "--pairs", "eurgbp", "--to", "2024-07", "--wait", "0"
    };
    try (SqlSession worker = new SqlSession(database.connect())) {
      worker.connection().setAutoCommit(false);
      engine.begin(worker, "reg", "eurgbp", LocalDate.of(2024, 7, 1));
      assertThat(stateOfEurgbpInJuly()).isEqualTo("running");
      assertThat(bqx.run(backfill).code()).isEqualTo(5);
      int pid = (int) worker.number("SELECT pg_backend_pid()");
      sql.rows("SELECT pg_terminate_backend(?, 30000)", pid);
    }
    assertThat(stateOfEurgbpInJuly()).isEqualTo("missing");
    assertThat(bqx.run(backfill).out()).startsWith("1 of 1 partition computed");
    assertThat(stateOfEurgbpInJuly()).isEqualTo("done");
  }

  private String stateOfEurgbpInJuly() throws SQLException {
    return sql.text(
        "SELECT state FROM bqx.progress WHERE (family, pair, month) = ('reg', 'eurgbp', '2024-07-01')");
  }

  private Process startInTheMiddle() throws Exception {
    Process process = bqx.start(file("output"), "backfill", "--workers", "4");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (sql.number("SELECT count(*) FROM bqx.partition_state") < PARTITIONS / 5) {
      assertThat(System.nanoTime()).as(output()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return process;
  }

  private long computingBackend() throws SQLException {
    return sql.number(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'bqx backfill'"
            + " AND datname = current_database() AND xact_start IS NOT NULL"
            + " AND (query LIKE '%backfill%' OR query ~ 'begin_rows|COPY|finish_rows') AND query NOT LIKE '%run%'"
            + " ORDER BY xact_start DESC LIMIT 1");
  }

  /** Runs the same command again: complete, and what was done before is what it was. */
  private void assertResumed() throws SQLException, InterruptedException {
    List<String> done =
        sql.column(
            "SELECT concat_ws(' ', family, pair, month, finished_at) FROM bqx.partition_state ORDER BY 1");
    assertThat(done).isNotEmpty().hasSizeLessThan((int) PARTITIONS);
    Result again = bqx.run("backfill", "--workers", "4");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(
            sql.column(
                "SELECT concat_ws(' ', family, pair, month, finished_at) FROM bqx.partition_state ORDER BY 1"))
        .containsAll(done);
    assertComplete();
  }

  private void assertComplete() throws SQLException {
    assertThat(sql.column("SELECT DISTINCT state FROM bqx.progress")).containsExactly("done");
    assertThat(SmallMonths.digests(sql)).isEqualTo(undisturbed);
    assertThat(sql.number("SELECT max(attempts) FROM bqx.partition_state")).isEqualTo(1);
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
  }

  private File file(String name) {
    return folder.resolve(name).toFile();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }
}
