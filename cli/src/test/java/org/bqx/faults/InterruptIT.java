package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TcpProxy;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C ends with 130 and leaves nothing behind: no session, no lock, no half partition. */
class InterruptIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final long LIMIT_SECONDS = 60;

  @TempDir private Path folder;
  private SqlSession sql;
  private SqlSession observer;
  private Map<String, String> before;

  @BeforeAll
  static void makeBars() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession session = new SqlSession(DATABASE.connect())) {
      SmallMonths.insert(session, 3, 2, 700);
    }
    assertThat(BQX.run("backfill").code()).isZero();
  }

  @BeforeEach
  void holdTheBars() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
    observer = new SqlSession(DATABASE.connect());
    before = SmallMonths.digests(sql);
    sql.execute("BEGIN");
    sql.execute("LOCK TABLE bqx.m1 IN ACCESS EXCLUSIVE MODE");
  }

  @AfterEach
  void assertNothingIsLeft() throws SQLException, InterruptedException {
    observer.await(0, SmallMonths.LEFT_BEHIND);
    sql.execute("ROLLBACK");
    assertThat(SmallMonths.digests(sql)).isEqualTo(before);
    assertThat(sql.column("SELECT DISTINCT state FROM bqx.progress")).containsExactly("done");
    observer.close();
    sql.close();
  }

  @Test
  void onceCancelsWhatRunsAndLeavesTheStateTrue() throws Exception {
    Process process = BQX.start(file(), "backfill", "--force", "--workers=3");
    awaitWorkers(3);
    CommandLineRunner.interrupt(process);
    assertEnds(process);
    assertThat(output()).contains("interrupted");
    assertThat(observer.text("SELECT outcome FROM bqx.run_history ORDER BY run_id DESC LIMIT 1"))
        .isEqualTo("interrupted");
  }

  @Test
  void onceEndsAnImportThatWaitsForStandardInput() throws Exception {
    Process process = BQX.start(file(), "import", "-", "--pair", "gbpusd");
    try (OutputStream input = process.getOutputStream()) {
      sql.execute("ROLLBACK");
      // More than is read to tell the format, so that it has connected.
      LocalDateTime monday = LocalDateTime.of(2024, 7, 1, 0, 0);
      for (int minute = 0; minute < 5000; minute++) {
        String line = monday.plusMinutes(minute) + "Z,1,1,1,1\n";
        input.write(line.getBytes(StandardCharsets.UTF_8));
      }
      input.flush();
      observer.await(
          1,
          "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bqx import'"
              + " AND datname = current_database() AND query LIKE 'COPY%'");
      CommandLineRunner.interrupt(process);
      assertEnds(process);
    }
    assertThat(sql.number("SELECT count(*) FROM bqx.m1_gbpusd")).isZero();
  }

  @Test
  void twiceEndsAtOnceAlthoughTheServerDoesNotAnswer() throws Exception {
    try (TcpProxy proxy = TcpProxy.before(DATABASE.jdbcUrl())) {
      Process process =
          BQX.start(file(), "backfill", "--force", "--workers=1", "--port=" + proxy.port());
      awaitWorkers(1);
      proxy.fallSilent();
      CommandLineRunner.interrupt(process);
      // Two signals that arrive together are one.
      assertThat(process.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
      CommandLineRunner.interrupt(process);
      assertEnds(process);
    }
  }

  private void awaitWorkers(int workers) throws SQLException, InterruptedException {
    observer.await(workers, "SELECT count(*) FROM pg_stat_activity WHERE " + Waiting.BACKFILL);
  }

  private void assertEnds(Process process) throws Exception {
    try {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(output()).isTrue();
      assertThat(process.exitValue()).as(output()).isEqualTo(130);
    } finally {
      process.destroyForcibly();
    }
  }

  private File file() {
    return folder.resolve("output").toFile();
  }

  private String output() throws IOException {
    return Files.readString(file().toPath());
  }
}
