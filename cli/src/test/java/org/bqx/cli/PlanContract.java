package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.MadeBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a backfill would do and why, what it does by its options, and what is remembered of it.
 * Where the database is a front, bars are changed, and tables of one month looked at, on its node.
 */
abstract class PlanContract {

  private final TestDatabase database;
  private final TestDatabase node;
  private final CommandLineRunner bqx;

  /** Of the database that people are given. */
  private SqlSession sql;

  /** Of the one that has the bars: the same, or a front's node. */
  private SqlSession home;

  PlanContract(TestDatabase database) {
    this(database, database, new CommandLineRunner(database));
  }

  PlanContract(TestDatabase database, TestDatabase node, CommandLineRunner bqx) {
    this.database = database;
    this.node = node;
    this.bqx = bqx;
  }

  @BeforeEach
  void makeBars() throws SQLException {
    sql = new SqlSession(database.connect());
    home = node == database ? sql : new SqlSession(node.connect());
    home.execute(
        "TRUNCATE bqx.m1, bqx.bqx, bqx.reg, bqx.m1_month, bqx.partition_state, bqx.baseline_rates");
    sql.execute("TRUNCATE bqx.run");
    for (String pair : List.of("eurusd", "usdjpy")) {
      home.execute("SELECT bqx.create_months(?, '2024-07-01', '2024-09-01')", pair);
      MadeBars.append(home, pair, "2024-07-29 00:00Z", "2024-08-01 23:59Z");
      MadeBars.append(home, pair, "2024-09-01 00:00Z", "2024-09-01 11:59Z");
      sql.execute("SELECT bqx.set_baseline(?)", pair);
    }
  }

  @AfterEach
  void disconnect() throws SQLException {
    home.close();
    sql.close();
  }

  @Test
  void beforeTheFirstBackfillAllIsMissing() {
    Result plan = bqx.run("plan", "--pairs", "eurusd", "--from", "2024-08");
    assertThat(plan.code()).isZero();
    assertThat(plan.out().lines().map(line -> line.replaceAll(" +", " ")))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("missing bqx eurusd 2024-08 1,440 bars"),
            line -> assertThat(line).startsWith("missing reg eurusd 2024-08 1,440 bars"),
            line -> assertThat(line).startsWith("missing bqx eurusd 2024-09 720 bars"),
            line -> assertThat(line).startsWith("missing reg eurusd 2024-09 720 bars"),
            line ->
                assertThat(line)
                    .startsWith("4 partitions: 4 missing; about 0:00")
                    .endsWith("(a guess, nothing was computed yet)"));
    assertThat(bqx.run("backfill", "--dry-run", "--pairs", "eurusd", "--from", "2024-08").out())
        .isEqualTo(plan.out());
  }

  @Test
  void aBarChangedInJulyNamesExactlyWhatReadsIt() throws SQLException {
    assertThat(bqx.run("backfill").code()).isZero();
    assertThat(work()).isEmpty();
    home.execute(
        "UPDATE bqx.m1 SET close = close + 0.001 WHERE pair = 'eurusd' AND time = '2024-07-29 12:00Z'");
    assertThat(work())
        .containsExactly(
            "stale bqx eurusd 2024-07 all rows (bars changed)",
            "stale reg eurusd 2024-07 all rows (bars changed)");
    // bqx.progress and verify say stale until a backfill has looked, and so does the plan.
    assertThat(states("eurusd"))
        .contains("stale bqx eurusd 2024-08 no rows (bars changed, none that it reads)");
    assertThat(
            sql.column(
                "SELECT state FROM bqx.progress WHERE pair = 'eurusd' AND month = '2024-08-01'"))
        .containsExactly("stale", "stale");
    // July's last 630 bars are the lookback of August.
    home.execute(
        "UPDATE bqx.m1 SET close = close + 0.001 WHERE pair = 'eurusd' AND time = '2024-07-31 23:00Z'");
    assertThat(work())
        .containsExactly(
            "stale bqx eurusd 2024-07 all rows (bars changed)",
            "stale reg eurusd 2024-07 all rows (bars changed)",
            "stale bqx eurusd 2024-08 all rows (bars changed)",
            "stale reg eurusd 2024-08 all rows (bars changed)");
    assertThat(bqx.run("backfill").code()).isZero();
    assertThat(work()).isEmpty();
    assertThat(states("eurusd")).allMatch(line -> line.startsWith("done"));
  }

  @Test
  void whatIsDoneIsCountedAndListedByAll() throws SQLException {
    assertThat(bqx.run("backfill", "--pairs", "eurusd").code()).isZero();
    home.execute(
        "UPDATE bqx.m1 SET close = close + 0.001 WHERE pair = 'eurusd' AND time = '2024-09-01 11:00Z'");
    Result plan = bqx.run("plan", "--pairs", "eurusd");
    assertThat(plan.out().lines().map(line -> line.replaceAll(" +", " ")))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("stale bqx eurusd 2024-09"),
            line -> assertThat(line).startsWith("stale reg eurusd 2024-09"),
            line -> assertThat(line).startsWith("6 partitions: 4 done, 2 stale; about 0:00"));
    Result all = bqx.run("plan", "--pairs", "eurusd", "--all");
    assertThat(all.out().lines().filter(line -> line.startsWith("done"))).hasSize(4);
    assertThat(all.out())
        .endsWith(plan.out().lines().reduce((first, last) -> last).orElseThrow() + "\n");
    assertThat(bqx.run("plan", "--pairs", "eurusd", "--force").out().lines()).hasSize(7);
    assertThat(bqx.run("plan", "--pairs", "eurusd", "--retry").out().lines()).hasSize(1);
  }

  @Test
  void aMonthWhoseBarsAreGoneIsNoBarsAndEndsWell() throws SQLException {
    assertThat(bqx.run("backfill", "--pairs", "eurusd").code()).isZero();
    home.execute("DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time >= '2024-09-01Z'");
    Result plan = bqx.run("plan", "--pairs", "eurusd");
    assertThat(plan.out().lines().map(line -> line.replaceAll(" +", " ")))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("no bars bqx eurusd 2024-09 0 bars")
                    .endsWith("no rows its bars are gone, its rows are not"),
            line -> assertThat(line).startsWith("no bars reg eurusd 2024-09"),
            line -> assertThat(line).startsWith("6 partitions: 4 done, 2 no bars;"));
    Result backfill = bqx.run("backfill", "--pairs", "eurusd");
    assertThat(backfill.code()).as(backfill.err()).isZero();
    assertThat(backfill.out()).startsWith("nothing to compute");
    assertThat(List.of(plan, backfill, bqx.run("status")))
        .allSatisfy(
            said ->
                assertThat(said.err())
                    .contains("2 partitions left out: their months have no bars"));
    // The rows are there still, and nobody is to take them for right.
    Result verify = bqx.run("verify", "--pairs", "eurusd");
    assertThat(verify.code()).isEqualTo(3);
    assertThat(verify.out().lines().filter(line -> line.contains("difference: ")))
        .hasSize(2)
        .allMatch(
            line -> line.contains("eurusd 2024-09: found no bars: its bars are gone, its rows"));
    assertThat(List.of(plan, verify))
        .allSatisfy(
            said ->
                assertThat(said.err())
                    .containsPattern(
                        "2 partitions with rows whose bars or quotes are gone; to remove the rows:"
                            + " \\./bqx backfill .*--force --family bqx,reg --pairs eurusd"
                            + " --from 2024-09 --to 2024-09"));
  }

  @Test
  void rowsWhoseBarsAreGoneGoByForceAlone() throws SQLException {
    assertThat(bqx.run("backfill").code()).isZero();
    home.execute("DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time >= '2024-09-01Z'");
    assertThat(bqx.run("backfill", "--retry").code()).isZero();
    assertThat(bqx.run("backfill").err())
        .contains(
            "2 partitions with rows whose bars or quotes are gone; to remove the rows: ",
            " backfill --force --family bqx,reg --pairs eurusd --from 2024-09 --to 2024-09");
    String[] range = {"--pairs", "eurusd", "--from", "2024-09"};
    assertThat(bqx.run(join("plan", "--force", range)).out().lines().limit(2))
        .allMatch(line -> line.startsWith("no bars") && line.contains("removal"));
    assertThat(sql.number("SELECT count(*) FROM bqx.bqx WHERE ts_utc >= '2024-09-01Z'"))
        .isEqualTo(2 * 720);

    // Who watches such a run sees that they are to go.
    assertThat(bqx.run("status").out()).containsPattern("bqx +5/5 .* done");
    try (SqlSession run = new SqlSession(database.connect())) {
      run.execute(
          "SELECT bqx.start_run('{\"pairs\": [\"eurusd\"], \"from\": \"2024-09\", \"force\": true}', 100)");
      assertThat(bqx.run("status").out())
          .containsPattern("bqx +5/6 .* x1")
          .containsPattern("x to be removed.*\n")
          .doesNotContain("that no run computes");
      assertThat(bqx.run("status", "--prometheus").out())
          .contains("bqx_partitions{family=\"bqx\",state=\"removal\"} 1\n");
    }

    Result backfill = bqx.run(join("backfill", "--force", range));
    assertThat(backfill.code()).as(backfill.err()).isZero();
    assertThat(backfill.out())
        .startsWith("2 of 2 partitions computed, 0 rows")
        .contains("rows of 2 partitions removed");
    assertThat(backfill.err())
        .contains(
            "removed: the rows of bqx eurusd 2024-09, since what they are made of is gone",
            "removed: the rows of reg eurusd 2024-09, since what they are made of is gone")
        .doesNotContain("left out");
    assertThat(
            sql.rows("SELECT pair, count(*) FROM bqx.bqx WHERE ts_utc >= '2024-09-01Z' GROUP BY 1"))
        .containsExactly(List.of("usdjpy", 720L));
    assertThat(
            home.number(
                "SELECT count(*) FROM bqx.partition_state WHERE pair = 'eurusd' AND month = '2024-09-01'"))
        .isZero();
    Result verify = bqx.run("verify", "--pairs", "eurusd", "--to", "2024-08");
    assertThat(verify.code()).as(verify.out()).isZero();
    verify = bqx.run("verify");
    assertThat(verify.code()).as(verify.out()).isZero();
    assertThat(verify.err()).doesNotContain("bars or quotes are gone");

    // What has no rows is left out, forced or not; and bars may come back.
    assertThat(bqx.run(join("backfill", "--force", range)).out()).startsWith("nothing to compute");
    MadeBars.append(home, "eurusd", "2024-09-01 00:00Z", "2024-09-01 11:59Z");
    assertThat(bqx.run("backfill").out()).startsWith("2 of 2 partitions computed, 1,440 rows");
    assertThat(bqx.run("verify").code()).isZero();
  }

  private static String[] join(String command, String option, String... more) {
    return Stream.concat(Stream.of(command, option), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void whatWouldBeMadeOfQuotesIsNotPlannedWithoutThem() throws SQLException {
    assertThat(bqx.run("families", "--enable", "spread").out())
        .containsPattern("spread .* no bid and ask");
    try {
      Result plan = bqx.run("plan", "--family", "spread", "--pairs", "eurusd");
      assertThat(plan.out()).startsWith("3 partitions: 3 no quotes; about 0:00");
      Result backfill = bqx.run("backfill", "--family", "spread");
      assertThat(backfill.code()).as(backfill.err()).isZero();
      assertThat(backfill.out()).isEqualTo("nothing to compute" + System.lineSeparator());
      String why = " left out: no bar of theirs has bid and ask";
      assertThat(plan.err()).contains("3 partitions" + why);
      assertThat(backfill.err()).contains("6 partitions" + why);
      assertThat(bqx.run("backfill", "--family", "spread", "--json").out())
          .contains("\"leftOut\":{\"noBars\":0,\"noQuotes\":6}");
      assertThat(bqx.run("status").err()).contains("6 partitions" + why);
      Result none = bqx.run("verify", "--family", "spread");
      assertThat(none.code()).isEqualTo(1);
      assertThat(none.err()).contains("nothing to verify: 6 partitions" + why);
      home.execute(
          "UPDATE bqx.m1 SET bid_close = close, ask_close = close * 1.0001"
              + " WHERE pair = 'eurusd' AND time >= '2024-09-01Z'");
      assertThat(bqx.run("backfill", "--family", "spread").out())
          .startsWith("1 of 1 partition computed, 720 rows");
      Result verify = bqx.run("verify", "--family", "spread", "--pairs", "eurusd");
      assertThat(verify.code()).isZero();
      assertThat(verify.err()).contains("2 partitions" + why, "1 of 1 partition verified");
      assertThat(bqx.run("families").out()).containsPattern("spread .* 1 of 1 ");

      home.execute("UPDATE bqx.m1 SET ask_close = NULL WHERE ask_close IS NOT NULL");
      assertThat(bqx.run("verify", "--family", "spread").code()).isEqualTo(3);
      assertThat(bqx.run("backfill", "--family", "spread", "--force", "--json").out())
          .contains("\"rows\":0,\"removed\":1", "\"leftOut\":{\"noBars\":0,\"noQuotes\":5}");
      assertThat(home.value("SELECT to_regclass('bqx.spread_eurusd_2024_09')")).isNull();
      assertThat(bqx.run("verify", "--family", "spread").code()).isEqualTo(1);
    } finally {
      sql.execute("SELECT bqx.enable_family('spread', false)");
      home.execute("DROP TABLE IF EXISTS bqx.spread_eurusd_2024_09");
    }
  }

  @Test
  void whatJavaRefusesIsToldInItsOwnWords() throws SQLException {
    sql.execute("SELECT bqx.enable_family('rate')");
    try {
      home.execute(
          "UPDATE bqx.m1 SET high = close * 0.9 WHERE pair = 'eurusd' AND time = '2024-09-01 05:00Z'");
      Result backfill =
          bqx.run("backfill", "--family", "rate", "--pairs", "eurusd", "--from", "2024-09");
      assertThat(backfill.code()).isEqualTo(1);
      assertThat(backfill.err())
          .contains(
              "failed: rate eurusd 2024-09: index of high is ", " at 2024-09-01 05:00:00 UTC: ")
          .doesNotContain("Exception");
      assertThat(sql.text("SELECT error FROM bqx.partition_state WHERE state = 'failed'"))
          .startsWith("index of high is ");
    } finally {
      sql.execute("SELECT bqx.enable_family('rate', false)");
    }
  }

  @Test
  void aRangeWithoutBarsIsCalledSo() {
    assertThat(bqx.run("backfill", "--from", "2030-01").out())
        .startsWith("nothing to compute: this range has no bars");
    assertThat(bqx.run("plan", "--from", "2030-01").err()).contains("this range has no bars");
  }

  @Test
  void aStalePartitionIsOneDifference() throws SQLException {
    assertThat(bqx.run("backfill", "--pairs", "eurusd").code()).isZero();
    home.execute(
        "UPDATE bqx.m1 SET close = close * 2 WHERE pair = 'eurusd' AND time >= '2024-09-01Z'");
    Result verify = bqx.run("verify", "--full", "--pairs", "eurusd", "--from", "2024-09");
    assertThat(verify.code()).isEqualTo(3);
    assertThat(verify.out().lines().filter(line -> line.contains("difference: ")))
        .satisfiesExactly(
            line -> assertThat(line).contains("bqx eurusd 2024-09", "stale: bars changed"),
            line -> assertThat(line).contains("reg eurusd 2024-09", "stale: bars changed"));
  }

  @Test
  void anAppendedBarCostsOneRow() throws SQLException {
    assertThat(bqx.run("backfill").code()).isZero();
    MadeBars.append(home, "usdjpy", "2024-09-01 12:00Z", "2024-09-01 12:00Z");
    assertThat(work())
        .containsExactly(
            "stale bqx usdjpy 2024-09 new rows (bars appended)",
            "stale reg usdjpy 2024-09 new rows (bars appended)");
    assertThat(bqx.run("backfill").out()).startsWith("2 of 2 partitions computed, 2 rows");
    assertThat(
            home.column(
                "SELECT count(*) || ' of ' || count(*) FILTER (WHERE ts_utc = '2024-09-01 12:00Z') FROM bqx.reg_usdjpy_2024_09 GROUP BY xmin ORDER BY 1"))
        .containsExactly("1 of 1", "720 of 0");
  }

  @Test
  void changesOfBaselineAndWindowsAreNamed() throws SQLException {
    assertThat(bqx.run("backfill").code()).isZero();
    home.execute("UPDATE bqx.partition_state SET functions_version = 'old' WHERE pair = 'usdjpy'");
    sql.execute("SELECT bqx.set_baseline('eurusd', '2024-07-30')");
    assertThat(work())
        .hasSize(12)
        .contains(
            "stale reg eurusd 2024-09 all rows (baseline changed)",
            "stale reg usdjpy 2024-09 all rows (functions changed)");
  }

  @Test
  void onePairsBadBarsLeaveTheOthersDoneAndAreRetriedAlone() throws SQLException {
    home.execute(
        "UPDATE bqx.m1 SET rate_index = 'NaN' WHERE pair = 'eurusd' AND time = '2024-09-01 05:00Z'");
    Result partly = bqx.run("backfill");
    assertThat(partly.code()).isEqualTo(1);
    assertThat(partly.out()).startsWith("10 of 12 partitions computed").contains("2 failed");
    assertThat(partly.err()).contains("failed: reg eurusd 2024-09: pair eurusd: 1 bar for");
    assertThat(sql.number("SELECT max(attempts) FROM bqx.partition_state")).isEqualTo(1);
    assertThat(work())
        .hasSize(2)
        .allMatch(line -> line.startsWith("failed") && line.contains("2024-09-01 05:00:00 UTC"));

    // Stale besides: --retry leaves it alone.
    home.execute(
        "UPDATE bqx.m1 SET close = close + 1 WHERE pair = 'usdjpy' AND time = '2024-09-01 05:00Z'");
    sql.execute("SELECT bqx.set_baseline('eurusd')");
    Result retried = bqx.run("backfill", "--retry", "--json");
    assertThat(retried.code()).isZero();
    assertThat(retried.out()).contains("\"planned\":2,\"done\":2");
    assertThat(work())
        .containsExactly(
            "stale bqx usdjpy 2024-09 all rows (bars changed)",
            "stale reg usdjpy 2024-09 all rows (bars changed)");
  }

  @Test
  void failFastStopsAndNewestFirstBeginsAtTheEnd() throws SQLException {
    home.execute(
        "UPDATE bqx.m1 SET rate_index = 'NaN' WHERE pair = 'eurusd' AND time = '2024-08-01 05:00Z'");
    Result stopped = bqx.run("backfill", "--fail-fast", "--newest-first", "--workers", "1");
    assertThat(stopped.code()).isEqualTo(1);
    assertThat(
            sql.column(
                "SELECT concat_ws(' ', state, pair, month) FROM bqx.partition_state ORDER BY finished_at"))
        .containsExactly(
            "done eurusd 2024-09-01",
            "done eurusd 2024-09-01",
            "done usdjpy 2024-09-01",
            "done usdjpy 2024-09-01",
            "failed eurusd 2024-08-01");
  }

  @Test
  void runsAreRememberedAndPruned() throws SQLException {
    assertThat(bqx.run("backfill", "--pairs", "EUR/USD", "--workers", "1").code()).isZero();
    assertThat(
            sql.rows(
                "SELECT role_name = session_user, application_name, parameters ->> 'workers', parameters -> 'pairs' ->> 0,"
                    + " outcome, planned, computed, failed, rows, finished_at > started_at FROM bqx.run_history"))
        .containsExactly(
            List.of(true, "bqx backfill", "1", "eurusd", "done", 6, 6, 0, 12_960L, true));
    home.execute("UPDATE bqx.m1 SET rate_index = 'NaN' WHERE time = '2024-08-01 05:00Z'");
    assertThat(bqx.run("backfill", "--from", "2024-08", "--to", "2024-08").code()).isEqualTo(1);
    assertThat(bqx.run("backfill", "--dry-run").code()).isZero();
    assertThat(
            bqx.run("backfill", "--pairs", "usdjpy", "--to", "2024-07", "--keep-runs", "2").code())
        .isZero();
    assertThat(sql.column("SELECT outcome FROM bqx.run_history ORDER BY run_id"))
        .containsExactly("failed", "done");
  }

  @Test
  void theSessionsLimitsAreSet() throws SQLException {
    // The lock that the swap needs, held by a reader: the partition is left for later, and named.
    assertThat(bqx.run("backfill", "--pairs", "eurusd").code()).isZero();
    home.execute("BEGIN");
    home.execute("LOCK TABLE bqx.reg_eurusd_2024_09 IN ACCESS SHARE MODE");
    Result held =
        bqx.run(
            "backfill",
            "--force",
            "--pairs",
            "eurusd",
            "--family",
            "reg",
            "--from",
            "2024-09",
            "--lock-timeout",
            "1",
            "--wait",
            "0");
    home.execute("ROLLBACK");
    assertThat(held.code()).isEqualTo(5);
    assertThat(held.err()).contains("lock timeout").contains("[55P03]");

    home.execute("BEGIN");
    home.execute("LOCK TABLE bqx.m1_eurusd_2024_09 IN ACCESS EXCLUSIVE MODE");
    Result slow =
        bqx.run(
            "backfill",
            "--force",
            "--pairs",
            "eurusd",
            "--family",
            "reg",
            "--from",
            "2024-09",
            "--statement-timeout",
            "1",
            "--lock-timeout",
            "0");
    home.execute("ROLLBACK");
    assertThat(slow.code()).isEqualTo(1);
    assertThat(slow.err()).contains("statement timeout").contains("[57014]");
  }

  @Test
  void wrongOptionsAreUsageErrors() {
    assertThat(bqx.run("plan", "--from", "2024-08", "--to", "2024-07").code()).isEqualTo(2);
    assertThat(bqx.run("backfill", "--force", "--retry").code()).isEqualTo(2);
    assertThat(bqx.run("backfill", "--keep-runs", "0").code()).isEqualTo(2);
    assertThat(bqx.run("backfill", "--wait", "-1").code()).isEqualTo(2);
    assertThat(bqx.run("backfill", "--follow", "--dry-run").code()).isEqualTo(2);
    assertThat(bqx.run("plan", "--pairs", "eurxxx").code()).isEqualTo(2);
  }

  /** What a backfill would compute, from the JSON. */
  private List<String> work() {
    return states("eurusd,usdjpy").stream().filter(line -> !line.contains(" no rows ")).toList();
  }

  private List<String> states(String pairs) {
    Result plan = bqx.run("plan", "--json", "--pairs", pairs);
    assertThat(plan.code()).as(plan.err()).isZero();
    JsonNode root = JsonMapper.shared().readTree(plan.out());
    assertThat(root.get("schema").asInt()).isEqualTo(1);
    return root.get("plan")
        .get("partitions")
        .valueStream()
        .map(
            one ->
                "%s %s %s %s %s (%s)"
                    .formatted(
                        one.get("state").asString(),
                        one.get("family").asString(),
                        one.get("pair").asString(),
                        one.get("month").asString(),
                        one.get("write").asString(),
                        one.get("reason").asString("")))
        .toList();
  }
}
