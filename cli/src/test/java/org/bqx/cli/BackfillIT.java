package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class BackfillIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final long LIMIT_SECONDS = 60;

  @TempDir private Path folder;
  private SqlSession sql;

  @BeforeAll
  static void generate() {
    assertThat(BQX.run("migrate").code()).isZero();
    Result first =
        BQX.run("generate", "--pairs", "eurusd,EUR/JPY", "--from", "2024-07", "--to", "2024-07");
    assertThat(first.code()).isZero();
    assertThat(first.out()).containsPattern("eurusd 3\\d,\\d{3} read, 3\\d,\\d{3} inserted");
    Result second =
        BQX.run("generate", "--pairs", "eurusd,eurjpy", "--from", "2024-07", "--to", "2024-07");
    assertThat(second.code()).isZero();
    assertThat(second.err()).contains("nothing changed");
  }

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
    assertThat(BQX.run("backfill").code()).isZero();
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  @Test
  void whatIsDoneIsNotDoneAgain() throws SQLException {
    assertThat(states()).containsExactly("bqx done", "reg done", "bqx done", "reg done");
    Result again = BQX.run("backfill");
    assertThat(again.code()).isZero();
    assertThat(again.out()).isEqualTo("nothing to compute" + System.lineSeparator());
    Result forced =
        BQX.run("backfill", "--force", "--family", "reg", "--pairs", "EURUSD", "--json");
    assertThat(forced.code()).isZero();
    assertThat(forced.out())
        .startsWith("{\"schema\":1,")
        .contains("\"planned\":1,\"done\":1,\"rows\":" + bars("eurusd"));
  }

  @Test
  void othersSeedIsRefusedAndChangesNothing() throws SQLException {
    long bars = bars("eurusd");
    Result other =
        BQX.run(
            "generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07", "--seed", "9");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("bars are there that are not these");
    assertThat(bars("eurusd")).isEqualTo(bars);
  }

  @Test
  void onePairsBadBarsDoNotStopTheOthers() throws SQLException {
    sql.execute(
        "UPDATE bqx.m1 SET close = close + 0 WHERE pair = 'eurjpy' AND time < '2024-07-02'");
    sql.execute(
        "UPDATE bqx.m1 SET rate_index = NULL WHERE pair = 'eurusd' AND time = '2024-07-03 12:00Z'");
    Result partly = BQX.run("backfill");
    assertThat(partly.code()).isEqualTo(1);
    assertThat(partly.err()).contains("failed: bqx eurusd 2024-07").contains("[QX005]");
    assertThat(partly.out()).contains("2 of 4 partitions computed").contains("2 failed");
    assertThat(states()).containsExactly("bqx done", "reg done", "bqx failed", "reg failed");

    sql.execute("SELECT bqx.set_baseline('eurusd')");
    Result repaired = BQX.run("backfill");
    assertThat(repaired.code()).isZero();
    assertThat(repaired.out()).contains("2 of 2 partitions computed");
  }

  @Test
  void aPartitionThatSomebodyElseComputesIsLeftToThem() throws SQLException {
    sql.execute("SELECT pg_advisory_lock(bqx.partition_lock('bqx', 'eurusd', '2024-07-01'))");
    Result held =
        BQX.run("backfill", "--force", "--pairs", "eurusd", "--family", "bqx", "--wait", "1");
    assertThat(held.code()).isEqualTo(5);
    assertThat(held.err()).contains("held: bqx eurusd 2024-07").contains("[55P03]");
    sql.execute("SELECT pg_advisory_unlock_all()");
    assertThat(states()).containsOnly("bqx done", "reg done");
  }

  @Test
  void unknownNamesAreUsageErrors() {
    assertThat(BQX.run("backfill", "--pairs", "eurxxx").code()).isEqualTo(2);
    assertThat(BQX.run("backfill", "--family", "bqr").err()).contains("family \"bqr\"");
  }

  @Test
  void ctrlCCancelsWhatRunsAndLeavesTheStateTrue()
      throws SQLException, IOException, InterruptedException {
    sql.execute("BEGIN");
    sql.execute("LOCK TABLE bqx.functions_jar IN ACCESS EXCLUSIVE MODE");
    File output = Files.createTempFile(folder, "backfill", ".log").toFile();
    Process process = BQX.start(output, "backfill", "--force", "--workers", "1");
    try (SqlSession observer = new SqlSession(DATABASE.connect())) {
      await(
          observer,
          "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bqx backfill'"
              + " AND datname = current_database() AND wait_event_type = 'Lock'");
      interrupt(process);
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
      sql.execute("ROLLBACK");
    }
    assertThat(process.exitValue()).as(Files.readString(output.toPath())).isEqualTo(130);
    assertThat(states()).containsOnly("bqx done", "reg done");
  }

  @Test
  void ctrlCTwiceEndsAtOnce() throws SQLException, IOException, InterruptedException {
    File output = Files.createTempFile(folder, "import", ".log").toFile();
    // Waits for standard input, which a cancelled statement does not end.
    Process process = BQX.start(output, "import", "-", "--pair", "gbpusd");
    try (OutputStream input = process.getOutputStream()) {
      // More than is read to tell the format, so that it has connected.
      LocalDateTime monday = LocalDateTime.of(2024, 7, 1, 0, 0);
      for (int minute = 0; minute < 5000; minute++) {
        String line = monday.plusMinutes(minute) + "Z,1,1,1,1\n";
        input.write(line.getBytes(StandardCharsets.UTF_8));
      }
      input.flush();
      await(
          sql,
          "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bqx import'"
              + " AND datname = current_database()");
      interrupt(process);
      interrupt(process);
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(output.toPath())).isEqualTo(130);
  }

  @Test
  void demoRunsTwiceAndItsLastLineWorks() {
    Result first = BQX.run("demo", "--pairs", "1", "--months", "1");
    assertThat(first.err()).contains("0 differences");
    assertThat(first.code()).isZero();
    String line = first.out().strip();
    String query = line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'));
    assertThat(DATABASE.psql("-c", query).output().lines()).hasSize(5);

    Result second = BQX.run("demo", "--pairs", "1", "--months", "1");
    assertThat(second.code()).isZero();
    assertThat(second.err()).contains("everything was there already, nothing changed");
  }

  private List<String> states() throws SQLException {
    return sql.column(
        "SELECT family || ' ' || state FROM bqx.progress WHERE pair IN ('eurusd', 'eurjpy')"
            + " ORDER BY pair, family");
  }

  private long bars(String pair) throws SQLException {
    return sql.number("SELECT count(*) FROM bqx.m1 WHERE pair = ?", pair);
  }

  private static void interrupt(Process process) throws IOException, InterruptedException {
    // The shell's own: a minimal Debian has no kill program.
    Process kill = new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start();
    assertThat(kill.waitFor()).isZero();
    // Two signals that arrive together are one.
    TimeUnit.MILLISECONDS.sleep(200);
  }

  private static void await(SqlSession session, String count)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (session.number(count) == 0) {
      assertThat(System.nanoTime()).as(count).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
