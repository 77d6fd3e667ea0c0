package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bqx.testkit.MadeBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code backfill --follow} while bars come in for several pairs. */
class FollowIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final List<String> PAIRS = List.of("eurusd", "gbpusd", "usdjpy");
  private static final long LIMIT_SECONDS = 30;

  @TempDir private Path folder;
  private SqlSession sql;
  private Process process;
  private File output;

  @BeforeEach
  void followTwoMonths() throws SQLException, IOException, InterruptedException {
    assertThat(BQX.run("migrate").code()).isZero();
    sql = new SqlSession(DATABASE.connect());
    sql.execute("TRUNCATE bqx.m1, bqx.bqx, bqx.reg, bqx.m1_month, bqx.partition_state, bqx.run");
    for (String pair : PAIRS) {
      sql.execute("SELECT bqx.create_months(?, '2024-07-01', '2024-08-01')", pair);
      MadeBars.append(sql, pair, "2024-07-31 12:00Z", "2024-07-31 23:56Z");
      sql.execute("SELECT bqx.set_baseline(?)", pair);
    }
    output = folder.resolve("output").toFile();
    process = BQX.start(output, "backfill", "--follow", "--poll", "600", "--json");
    awaitUpToDate();
  }

  @AfterEach
  void end() throws SQLException, InterruptedException {
    process.destroyForcibly();
    process.waitFor();
    sql.close();
  }

  @Test
  void newBarsHaveTheirRowsWithinSecondsOverTheTurnOfAMonth() throws Exception {
    String[] minutes = {"07-31 23:57", "07-31 23:58", "07-31 23:59", "08-01 00:00", "08-01 00:01"};
    for (String minute : minutes) {
      for (String pair : PAIRS) {
        MadeBars.append(sql, pair, "2024-" + minute + "Z", "2024-" + minute + "Z");
      }
      long inserted = System.nanoTime();
      awaitUpToDate();
      assertThat(System.nanoTime() - inserted).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }
    assertThat(
            sql.column(
                "SELECT DISTINCT concat_ws(' ', month, last_write, last_rows, rows) FROM bqx.progress ORDER BY 1"))
        .containsExactly("2024-07-01 new rows 1 720", "2024-08-01 new rows 1 2");
    String digest = digest();
    assertThat(BQX.run("backfill", "--force").code()).isZero();
    assertThat(digest()).isEqualTo(digest);
  }

  @Test
  void aMonthThatIsTruncatedIsToldOfAsOneThatIsDeleted() throws Exception {
    String august =
        "SELECT count(*) FROM bqx.progress WHERE month = '2024-08-01' AND state = 'done'"
            + " AND last_write = 'all rows' AND attempts = ";
    for (String pair : PAIRS) {
      MadeBars.append(sql, pair, "2024-08-01 00:00Z", "2024-08-01 00:01Z");
    }
    awaitUpToDate();
    sql.execute("TRUNCATE bqx.m1_gbpusd_2024_07");
    await(august + "2", 2);
    sql.execute("DELETE FROM bqx.m1_usdjpy_2024_07");
    await(august + "2", 4);
    assertThat(sql.number(august + "1")).isEqualTo(2);
  }

  @Test
  void badBarsAreReportedOnceAndComputedWhenTheyAreMended() throws Exception {
    sql.execute(
        "INSERT INTO bqx.m1 (pair, time, rate_index) VALUES ('gbpusd', '2024-07-31 23:57Z', 'NaN')");
    await("SELECT count(*) FROM bqx.progress WHERE state = 'failed' AND pair = 'gbpusd'", 2);
    MadeBars.append(sql, "eurusd", "2024-07-31 23:57Z", "2024-07-31 23:57Z");
    await(
        "SELECT count(*) FROM bqx.progress WHERE state = 'done' AND rows = 718 AND pair = 'eurusd'",
        2);
    assertThat(sql.number("SELECT max(attempts) FROM bqx.progress WHERE pair = 'gbpusd'"))
        .isEqualTo(2);
    sql.execute("DELETE FROM bqx.m1 WHERE rate_index = 'NaN'");
    awaitUpToDate();
  }

  @Test
  void itSurvivesTheLossOfItsConnections() throws Exception {
    sql.number(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            + " WHERE application_name = 'bqx backfill' AND datname = current_database()");
    MadeBars.append(sql, "usdjpy", "2024-07-31 23:57Z", "2024-07-31 23:57Z");
    awaitUpToDate();
  }

  @Test
  void ctrlCEndsIt() throws Exception {
    assertThat(new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start().waitFor())
        .isZero();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(text()).isEqualTo(130);
    assertThat(sql.column("SELECT outcome FROM bqx.run_history")).containsExactly("interrupted");
    assertThat(text())
        .contains("{\"schema\":1,\"partition\":{")
        .contains("{\"schema\":1,\"backfill\":{");
  }

  private void awaitUpToDate() throws SQLException, IOException, InterruptedException {
    await(
        "SELECT (bool_and(state = 'done' AND rows = bars) AND count(*) >= 6)::int FROM bqx.progress",
        1);
  }

  private void await(String query, long expected)
      throws SQLException, IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (sql.number(query) != expected) {
      assertThat(System.nanoTime()).as(text()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private String digest() throws SQLException {
    return sql.text(
            "SELECT md5(string_agg(md5(record_send(r)), '' ORDER BY pair, ts_utc)) FROM bqx.reg r")
        + sql.text(
            "SELECT md5(string_agg(md5(record_send(r)), '' ORDER BY pair, ts_utc)) FROM bqx.bqx r");
  }

  private String text() throws IOException {
    return Files.readString(output.toPath());
  }
}
