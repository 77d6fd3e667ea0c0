package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.engine.Engine;
import org.bqx.engine.EngineName;
import org.bqx.faults.SmallMonths;
import org.bqx.partition.Partition;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Correlations are planned, computed, seen and taken up again like partitions. */
class CorrelateIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final long LIMIT_SECONDS = 90;
  private static final int PAIRS = 28;
  private static final int MONTHS = 3;
  private static final String[] CORRELATE = {
    "correlate", "--features", "bqx.w60_*", "--windows", "60,90", "--workers", "2"
  };

  @TempDir private Path folder;
  private SqlSession sql;

  @BeforeAll
  static void migrate() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession session = new SqlSession(DATABASE.connect())) {
      SmallMonths.insert(session, PAIRS, MONTHS, 300);
    }
  }

  @BeforeEach
  void forget() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
    sql.execute("TRUNCATE bqx.target_corr, bqx.target_corr_state, bqx.correlation");
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  private void backfill() {
    Result backfilled = BQX.run("backfill", "--family", "bqx");
    assertThat(backfilled.code()).as(backfilled.err()).isZero();
  }

  @Test
  void whatIsMissingIsPlannedComputedOnceAndSeen() throws Exception {
    assertThat(BQX.run("status").out()).doesNotContain("w60_h60");
    Result unknown = BQX.run("correlate", "--dry-run");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err()).contains("./bqx correlate --target w60_h60");
    assertThat(BQX.run("doctor").out()).doesNotContain("correlations");

    sql.execute("DELETE FROM bqx.partition_state WHERE pair = 'eurusd'");
    Result early =
        BQX.run("correlate", "--features", "bqx.*", "--pairs", "eurusd", "--to", "2024-07");
    assertThat(early.code()).isEqualTo(1);
    assertThat(early.err())
        .contains("correlation w60_h60 eurusd 2024-07 needs bqx_eurusd_2024_07, which is missing")
        .contains("./bqx backfill --family bqx --pairs eurusd --from 2024-07 --to 2024-07");
    assertThat(BQX.run("status").out()).contains("w60_h60 eurusd 2024-07");
    assertThat(
            sql.text(
                "SELECT state FROM bqx.correlation_progress WHERE pair = 'eurusd' AND month = '2024-07-01'"))
        .isEqualTo("failed");
    Result doctor = BQX.run("doctor");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(doctor.out().replaceAll("\\s+", " "))
        .contains("1 failed, the last w60_h60 eurusd 2024-07: ")
        .contains("next: ./bqx correlate --target w60_h60 --retry")
        .contains("83 missing, 0 stale");

    backfill();
    Result computed = BQX.run(CORRELATE);
    assertThat(computed.code()).as(computed.err()).isZero();
    // Nine columns of the window of 60, over two windows.
    assertThat(computed.out())
        .startsWith("84 of 84 partitions computed, %,d rows".formatted(84 * 9 * 2));
    assertThat(BQX.run("correlate").out()).startsWith("nothing to compute");

    sql.execute(
        "UPDATE bqx.m1 SET close = close + 1e-4 WHERE pair = 'gbpusd' AND time = '2024-08-01 01:00Z'");
    List<String> plan =
        BQX.run("plan", "--all", "--pairs", "eurusd,gbpusd")
            .out()
            .lines()
            .map(l -> l.replaceAll(" +", " "))
            .toList();
    assertThat(plan)
        .anySatisfy(
            l -> assertThat(l).startsWith("stale w60_h60 gbpusd 2024-08").endsWith("bars changed"));
    assertThat(plan)
        .anySatisfy(
            l -> assertThat(l).startsWith("done w60_h60 eurusd 2024-09").endsWith("no rows"));
    assertThat(BQX.run("plan", "--family", "bqx").out()).doesNotContain("w60_h60");
    assertThat(BQX.run("correlate", "--dry-run", "--pairs", "gbpusd").out())
        .contains("w60_h60", " bars/s each")
        .doesNotContain(" bqx ", "rows/s");

    JsonNode target =
        JsonMapper.shared()
            .readTree(BQX.run("status", "--json").out())
            .get("status")
            .get("families")
            .get(2);
    assertThat(target.get("family").asString()).isEqualTo("w60_h60");
    assertThat(target.get("total").asInt()).isEqualTo(PAIRS * MONTHS);
    assertThat(target.get("stale").asInt() + target.get("done").asInt()).isEqualTo(PAIRS * MONTHS);
    assertThat(target.get("stale").asInt()).isPositive();
    assertThat(
            sql.text(
                "SELECT DISTINCT parameters ->> 'work' FROM bqx.run WHERE parameters ->> 'work' IS NOT NULL"))
        .isEqualTo("correlations");
    assertThat(BQX.run("stages").out()).contains("1,512 rows in bqx.target_corr");
  }

  /** Nobody waits for spreads of bars without bid and ask. */
  @Test
  void whatIsMadeOfQuotesThatAreNotThereCorrelatesWithNothing() throws SQLException {
    backfill();
    sql.execute("SELECT bqx.enable_family('spread')");
    try {
      Result computed =
          BQX.run(
              "correlate",
              "--features",
              "bqx.w60_bqx_return,spread.spread_quoted",
              "--windows",
              "60",
              "--pairs",
              "eurusd",
              "--to",
              "2024-07");
      assertThat(computed.code()).as(computed.err()).isZero();
      assertThat(
              sql.column(
                  "SELECT feature || ' ' || (pearson IS NULL) FROM bqx.target_corr ORDER BY feature"))
          .containsExactly("spread_quoted true", "w60_bqx_return false");
      assertThat(computed.err()).contains("no correlations of the features of 1 partition:");
      Result without =
          BQX.run(
              "correlate",
              "--features",
              "bqx.w60_bqx_return",
              "--pairs",
              "eurusd",
              "--to",
              "2024-07");
      assertThat(without.code()).as(without.err()).isZero();
      assertThat(without.err()).doesNotContain("no correlations of the features");
    } finally {
      sql.execute("SELECT bqx.enable_family('spread', false)");
    }
  }

  @Test
  void theClientsBitsAreTheServers() throws SQLException {
    backfill();
    sql.execute("SELECT bqx.define_correlation('w60_h60', '{bqx.*}', '{60,240}')");
    Partition partition = new Partition("w60_h60", "eurusd", YearMonth.of(2024, 8));
    assertThat(Engine.ofCorrelations(sql.connection(), EngineName.SERVER).compute(partition, false))
        .isEqualTo(54 * 2);
    List<String> server = rows();
    try (SqlSession runner = new SqlSession(DATABASE.connectAs("bqx_runner"))) {
      Engine client = Engine.ofCorrelations(runner.connection(), EngineName.CLIENT);
      assertThat(client.compute(partition, false)).isZero();
      sql.execute("TRUNCATE bqx.target_corr");
      assertThat(client.compute(partition, true)).isEqualTo(54 * 2);
    }
    assertThat(rows()).isEqualTo(server).hasSize(54 * 2);
    assertThat(sql.number("SELECT count(*) FROM bqx.target_corr WHERE pearson IS NOT NULL"))
        .isPositive();
  }

  @Test
  void rowsWhoseBarsAreGoneGoByForceAlone() throws SQLException {
    backfill();
    assertThat(BQX.run(CORRELATE).code()).isZero();
    String september = " WHERE pair = 'eurusd' AND time >= '2024-09-01Z'";
    String rows = "SELECT count(*) FROM bqx.target_corr WHERE pair = 'eurusd'";
    sql.execute("CREATE TABLE public.kept AS SELECT * FROM bqx.m1" + september);
    sql.execute("DELETE FROM bqx.m1" + september);
    try {
      String range = " --pairs eurusd --from 2024-09 --to 2024-09";
      assertThat(BQX.run("plan", "--pairs", "eurusd").err())
          .containsPattern(
              "1 partition with rows whose bars .*: \\./bqx correlate .*--force --target w60_h60"
                  + range);
      long before = sql.number(rows);
      Result correlate = BQX.run(("correlate --force" + range).split(" "));
      assertThat(correlate.code()).as(correlate.err()).isZero();
      assertThat(correlate.out()).contains("rows of 1 partition removed");
      assertThat(sql.number(rows)).isEqualTo(before / 3 * 2);
      assertThat(
              sql.text(
                  "SELECT state || coalesce(reason, '') FROM bqx.correlation_progress"
                      + " WHERE pair = 'eurusd' AND month = '2024-09-01'"))
          .isEqualTo("no bars");
    } finally {
      sql.execute("INSERT INTO bqx.m1 SELECT * FROM public.kept");
      sql.execute("DROP TABLE public.kept");
    }
  }

  @Test
  void whatWasKilledIsTakenUpAgain() throws Exception {
    backfill();
    Process process = BQX.start(file("killed"), CORRELATE);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (sql.number("SELECT count(*) FROM bqx.target_corr_state") < 10) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(5);
    }
    process.destroyForcibly();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    String finished =
        "SELECT concat_ws(' ', pair, month, finished_at) FROM bqx.target_corr_state ORDER BY 1";
    List<String> done = sql.column(finished);
    assertThat(done).hasSizeBetween(10, PAIRS * MONTHS - 1);
    Result again = BQX.run(CORRELATE);
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(sql.column(finished)).containsAll(done);
    assertComplete();
  }

  @Test
  void twoCommandLinesShareTheWork() throws Exception {
    backfill();
    Process first = BQX.start(file("first"), CORRELATE);
    Process second = BQX.start(file("second"), CORRELATE);
    assertThat(first.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(second.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(first.exitValue()).isZero();
    assertThat(second.exitValue()).isZero();
    assertComplete();
  }

  @Test
  void theDaysOfPairsAreFilledWhereBarsHaveChanged() throws SQLException {
    Result filled = BQX.run("correlate", "--pair-days", "--from", "2024-08");
    assertThat(filled.code()).as(filled.err()).isZero();
    assertThat(filled.out()).isEqualTo("2 months looked at by day, 756 rows written\n");
    assertThat(BQX.run("correlate", "--pair-days").out())
        .isEqualTo("3 months looked at by day, 378 rows written\n");
    // The first minute of a month has none before it.
    assertThat(sql.column("SELECT DISTINCT n FROM bqx.pair_corr_day")).containsExactly("299");
    assertThat(BQX.run("correlate", "--pair-days", "--pairs", "eurusd").code()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--target=w60_h60",
        "--features=bqx.*",
        "--windows=60",
        "--workers=1",
        "--retry",
        "--dry-run"
      })
  void whatDoesNotGoWithTheDaysOfPairsIsRefused(String option) {
    Result refused = BQX.run("correlate", "--pair-days", option);
    assertThat(refused.code()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains("--pair-days excludes " + option.replaceAll("=.*", ""));
  }

  @Test
  void theMarketIsNoPair() {
    Result refused = BQX.run("correlate", "--pairs", "market");
    assertThat(refused.code()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains("the market is none");
  }

  private void assertComplete() throws SQLException {
    assertThat(sql.column("SELECT DISTINCT state FROM bqx.correlation_progress"))
        .containsExactly("done");
    assertThat(sql.number("SELECT max(attempts) FROM bqx.target_corr_state")).isEqualTo(1);
    assertThat(sql.number("SELECT count(*) FROM bqx.target_corr"))
        .isEqualTo(PAIRS * MONTHS * 9 * 2);
  }

  private List<String> rows() throws SQLException {
    return sql.column("SELECT md5(record_send(t)) FROM bqx.target_corr t ORDER BY feature, w");
  }

  private File file(String name) {
    return folder.resolve(name).toFile();
  }
}
