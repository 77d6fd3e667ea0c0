package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people call from psql: baselines, one partition, a range, and what they read back. */
class BackfillIT {
  private static final LocalDate JULY = LocalDate.of(2024, 7, 1);
  private static final LocalDate AUGUST = LocalDate.of(2024, 8, 1);

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private SqlSession session;

  @BeforeAll
  static void migrate() {
    Migrated.migrate(database);
  }

  @BeforeEach
  void makeBarsOfTwoMonths() throws SQLException {
    session = new SqlSession(database.connect());
    session.execute(
        "TRUNCATE bqx.m1, bqx.bqx, bqx.reg, bqx.m1_month, bqx.partition_state, bqx.baseline_rates");
    Migrated.insertBars(session, "eurusd", "2024-07-01 00:00Z", "2024-08-09 00:00Z");
    session.execute("SELECT bqx.set_baseline('eurusd')");
  }

  @AfterEach
  void disconnect() throws SQLException {
    session.close();
  }

  @Test
  void aPartitionHasOneRowForEachBar() throws SQLException {
    assertThat(backfill("reg", "eurusd", JULY)).isEqualTo(33_120);
    assertThat(
            session.number(
                """
                SELECT count(*) FROM bqx.reg_eurusd_2024_07 r JOIN bqx.m1_eurusd_2024_07 m ON m.time = r.ts_utc
                WHERE r.pair = 'eurusd' AND r.rate_index = m.rate_index
                """))
        .isEqualTo(33_120);
    assertThat(session.number("SELECT count(*) FROM bqx.reg")).isEqualTo(33_120);
  }

  @Test
  void onlyTheFirstBarsOfTheHistoryLackAWindow() throws SQLException {
    backfill("bqx", "eurusd", JULY);
    backfill("bqx", "eurusd", AUGUST);
    for (List<Object> column :
        session.rows("SELECT column_name, needs FROM bqx.feature_column WHERE family = 'bqx'")) {
      assertThat(
              session.rows(
                  String.format(
                      """
                      SELECT count(*) FILTER (WHERE n <= %2$d AND %1$s IS NOT NULL),
                          count(*) FILTER (WHERE n > %2$d AND %1$s IS NULL)
                      FROM (SELECT row_number() OVER (ORDER BY ts_utc) n, %1$s FROM bqx.bqx_eurusd) numbered
                      """,
                      column.get(0), column.get(1))))
          .as("%s", column)
          .containsExactly(List.of(0L, 0L));
    }
  }

  @Test
  void whatIsDoneIsLeftAloneUnlessForced() throws SQLException {
    backfill("bqx", "eurusd", JULY);
    String oid = session.text("SELECT 'bqx.bqx_eurusd_2024_07'::regclass::oid::text");
    assertThat(session.notices("SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01')"))
        .containsExactly("bqx_eurusd_2024_07 is done, nothing computed");
    assertThat(session.text("SELECT 'bqx.bqx_eurusd_2024_07'::regclass::oid::text")).isEqualTo(oid);
    assertThat(session.number("SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01', force => true)"))
        .isEqualTo(33_120);
    assertThat(session.number("SELECT attempts FROM bqx.partition_state")).isEqualTo(2);
  }

  @Test
  void theBitsDependOnTheBarsAlone() throws SQLException {
    for (String family : List.of("bqx", "reg")) {
      backfill(family, "eurusd", JULY);
      backfill(family, "eurusd", AUGUST);
      String afterItsNeighbour = Migrated.digest(session, family + "_eurusd_2024_08");
      session.execute("DROP TABLE bqx." + family + "_eurusd_2024_07");
      session.execute("DELETE FROM bqx.partition_state");
      // By psql, since the driver insists on a DateStyle of its own.
      String backfill =
          "SET TimeZone = 'Pacific/Chatham'; SET DateStyle = 'German'; SET extra_float_digits = -10;"
              + " SET enable_sort = off; SELECT bqx.backfill('%s', 'eurusd', '2024-08-01')";
      assertThat(database.psql("-c", String.format(backfill, family)).output()).contains("8640");
      assertThat(Migrated.digest(session, family + "_eurusd_2024_08")).isEqualTo(afterItsNeighbour);
    }
  }

  @Test
  void theStateRowDescribesTheRows() throws SQLException {
    backfill("reg", "eurusd", AUGUST);
    List<Object> state =
        session
            .rows(
                """
                SELECT state, rows, source_from, windows, baseline_rate, functions_version = bqx.functions_version('reg'),
                    backend_pid = pg_backend_pid(), attempts, sqlstate, error,
                    source_digest = (
                        SELECT encode(sha256(array_send(array_agg(time ORDER BY time))
                            || array_send(array_agg(rate_index ORDER BY time))), 'hex')
                        FROM (SELECT * FROM bqx.m1_eurusd WHERE time < '2024-09-01Z' ORDER BY time DESC
                              LIMIT 630 + (SELECT bars FROM bqx.m1_month WHERE month = '2024-08-01')) bars)
                FROM bqx.partition_state
                """)
            .get(0);
    assertThat(state.subList(0, 3)).containsExactly("done", 8_640L, java.sql.Date.valueOf(JULY));
    assertThat((Integer[]) state.get(3)).containsExactly(60, 90, 150, 240, 390, 630);
    assertThat(state.subList(4, 11))
        .containsExactly(
            session.value("SELECT close FROM bqx.m1 ORDER BY time LIMIT 1"),
            true,
            true,
            1,
            null,
            null,
            true);
  }

  @Test
  void theLookbackReachesOverAMonthWithoutBars() throws SQLException {
    Migrated.insertBars(session, "eurusd", "2024-10-01 00:00Z", "2024-10-02 00:00Z");
    backfill("bqx", "eurusd", LocalDate.of(2024, 10, 1));
    assertThat(session.number("SELECT count(*) FROM bqx.bqx_eurusd WHERE w630_bqx_return IS NULL"))
        .isZero();
    assertThat(session.value("SELECT source_from FROM bqx.partition_state"))
        .isEqualTo(java.sql.Date.valueOf(AUGUST));
    Migrated.insertBars(session, "eurusd", "2024-09-02 00:00Z", "2024-09-02 00:01Z");
    assertThat(progress("bqx", "2024-10")).isEqualTo("stale (bars changed)");
  }

  @Test
  void aChangedBarMakesStaleWhatWasComputedFromIt() throws SQLException {
    session.execute("CALL bqx.backfill_range(NULL, NULL, '2024-07-01', '2024-08-01')");
    session.execute("UPDATE bqx.m1 SET close = close + 0.001 WHERE time = '2024-08-05 10:00Z'");
    assertThat(progress("bqx", "2024-07")).isEqualTo("done");
    assertThat(progress("reg", "2024-08")).isEqualTo("stale (bars changed)");

    assertThat(backfill("reg", "eurusd", AUGUST)).isEqualTo(8_640);
    assertThat(progress("reg", "2024-08")).isEqualTo("done");
    session.execute(
        "UPDATE bqx.m1_eurusd_2024_07 SET close = 1.2 WHERE time = '2024-07-31 23:59Z'");
    assertThat(
            session.value(
                "SELECT rate_index = 1.2 / (SELECT baseline_rate FROM bqx.baseline_rates) * 100"
                    + " FROM bqx.m1 WHERE time = '2024-07-31 23:59Z'"))
        .isEqualTo(true);
    assertThat(progress("bqx", "2024-07")).isEqualTo("stale (bars changed)");
    assertThat(progress("reg", "2024-08")).isEqualTo("stale (bars changed)");
  }

  @Test
  void everyWayToChangeBarsIsCounted() throws SQLException {
    session.execute("DELETE FROM bqx.m1_eurusd_2024_08 WHERE time < '2024-08-01 00:10Z'");
    assertThat(session.rows("SELECT bars FROM bqx.m1_month WHERE month = '2024-08-01'"))
        .containsExactly(List.of(8_630L));
    session.execute("TRUNCATE bqx.m1_eurusd_2024_08");
    assertThat(session.number("SELECT bars FROM bqx.m1_month WHERE month = '2024-08-01'")).isZero();
    assertThat(session.number("SELECT bars FROM bqx.m1_month WHERE month = '2024-07-01'"))
        .isEqualTo(33_120);
    session.execute(
        "INSERT INTO bqx.m1_eurusd VALUES ('eurusd', '2024-08-02 00:00Z', 1, 1, 1, 1, 1)");
    assertThat(session.number("SELECT bars FROM bqx.m1_month WHERE month = '2024-08-01'"))
        .isEqualTo(1);
    assertThat(progress("bqx", "2024-08")).isEqualTo("missing");
  }

  @Test
  void anotherBaselineRecomputesTheIndexAndMakesStale() throws SQLException {
    backfill("bqx", "eurusd", JULY);
    double rate = (Double) session.value("SELECT bqx.set_baseline('eurusd', '2024-08-01')");
    assertThat(rate)
        .isEqualTo(
            session.value("SELECT close FROM bqx.m1_eurusd WHERE time = '2024-08-01 00:00Z'"));
    assertThat(
            session.number(
                "SELECT count(*) FROM bqx.m1 WHERE rate_index IS DISTINCT FROM close / "
                    + rate
                    + "::float8 * 100"))
        .isZero();
    assertThat(session.value("SELECT rate_index FROM bqx.m1 WHERE time = '2024-08-01 00:00Z'"))
        .isEqualTo(100.0);
    assertThat(progress("bqx", "2024-07")).isEqualTo("stale (baseline changed)");
  }

  @Test
  void aWeekendBaselineDateTakesTheNextBar() throws SQLException {
    session.execute("SELECT bqx.set_baseline('EURUSD', '2024-07-06')");
    assertThat(session.value("SELECT baseline_time = '2024-07-08 00:00Z' FROM bqx.baseline_rates"))
        .isEqualTo(true);
  }

  @Test
  void theFittedEndValueIsTheSumOfItsTerms() throws SQLException {
    backfill("reg", "eurusd", AUGUST);
    assertThat(
            session.number(
                """
                SELECT count(*) FROM bqx.reg_yhat y JOIN bqx.reg r USING (pair, ts_utc)
                JOIN LATERAL (SELECT rate_index FROM bqx.m1_eurusd WHERE time < ts_utc ORDER BY time DESC LIMIT 1) last
                    ON true
                WHERE abs(y.w240_reg_yhat_end + r.w240_reg_resid_end - last.rate_index) > 1e-9
                """))
        .isZero();
    assertThat(
            session.column(
                "SELECT attname FROM pg_attribute WHERE attrelid = 'bqx.reg_yhat'::regclass ORDER BY attnum"))
        .endsWith(
            "w60_reg_yhat_end",
            "w90_reg_yhat_end",
            "w150_reg_yhat_end",
            "w240_reg_yhat_end",
            "w390_reg_yhat_end",
            "w630_reg_yhat_end");
  }

  @Test
  void aRangeComputesWhatIsMissingAndCountsIt() throws SQLException {
    Migrated.insertBars(session, "usdjpy", "2024-07-01 00:00Z", "2024-07-03 00:00Z");
    session.execute("SELECT bqx.set_baseline('usdjpy')");
    backfill("bqx", "eurusd", JULY);
    assertThat(session.notices("CALL bqx.backfill_range('bqx', NULL, '2024-06-15', '2024-08-31')"))
        .contains("2 partitions computed (11520 rows), 1 done before, 0 held by others, 0 failed");
    assertThat(session.number("SELECT count(*) FROM bqx.partition_state WHERE state = 'done'"))
        .isEqualTo(3);
    assertThat(
            session.notices(
                "CALL bqx.backfill_range(NULL, ARRAY['EURUSD'], '2024-08-01', '2024-08-01')"))
        .contains("1 partitions computed (8640 rows), 1 done before, 0 held by others, 0 failed");
  }

  @Test
  void aRangeGoesOnAfterAFailureAndEndsWithIt() throws SQLException {
    session.execute("UPDATE bqx.m1 SET close = 'NaN' WHERE time = '2024-07-02 00:00Z'");
    SQLException failure =
        failure(
            () ->
                session.execute(
                    "CALL bqx.backfill_range('reg', NULL, '2024-07-01', '2024-08-01')"));
    assertThat(failure.getSQLState()).isEqualTo("QX006");
    assertThat(failure.getMessage())
        .contains(
            "1 of 2 partitions failed, the first because: pair eurusd: 1 bars for reg_eurusd_2024_07");
    assertThat(progress("reg", "2024-08")).isEqualTo("done");
    assertThat(progress("reg", "2024-07")).startsWith("failed (pair eurusd: 1 bars");
    assertThat(session.text("SELECT sqlstate FROM bqx.partition_state WHERE state = 'failed'"))
        .isEqualTo("QX005");

    session.execute("UPDATE bqx.m1 SET close = 1.1 WHERE time = '2024-07-02 00:00Z'");
    session.execute("CALL bqx.backfill_range('reg', NULL, '2024-07-01', '2024-08-01')");
    assertThat(progress("reg", "2024-07")).isEqualTo("done");
  }

  @Test
  void aPartitionHeldByAnotherSessionSaysByWhom() throws SQLException {
    try (SqlSession other = new SqlSession(database.connect())) {
      other.connection().setAutoCommit(false);
      other.execute("SET application_name = 'the other one'");
      other.execute(
          "SELECT pg_advisory_xact_lock(bqx.partition_lock('bqx', 'eurusd', '2024-07-01'))");
      assertThat(progress("bqx", "2024-07")).isEqualTo("running");

      SQLException held = failure(() -> backfill("bqx", "eurusd", JULY));
      assertThat(held.getSQLState()).isEqualTo("55P03");
      assertThat(held.getMessage())
          .contains(
              "bqx_eurusd_2024_07 is being computed by backend "
                  + other.number("SELECT pg_backend_pid()"))
          .contains("the other one");
      SQLException range =
          failure(
              () ->
                  session.execute(
                      "CALL bqx.backfill_range('bqx', NULL, '2024-07-01', '2024-08-01')"));
      assertThat(range.getSQLState()).isEqualTo("55P03");
      assertThat(progress("bqx", "2024-08")).isEqualTo("done");
      other.connection().rollback();
    }
    assertThat(progress("bqx", "2024-07")).isEqualTo("missing");
    assertThat(backfill("bqx", "eurusd", JULY)).isEqualTo(33_120);
  }

  /** PostgreSQL hides from bqx_owner, as whom functions run, since when others' sessions do. */
  @Test
  void aHolderOfAnotherRoleIsNamedWithoutWhatIsHidden() throws SQLException {
    session.execute("CREATE ROLE bqx_test_asker IN ROLE bqx_runner");
    try (SqlSession other = new SqlSession(database.connect());
        SqlSession asker = new SqlSession(database.connectAs("bqx_test_asker"))) {
      other.connection().setAutoCommit(false);
      other.execute("SET application_name = 'the other one'");
      other.execute(
          "SELECT pg_advisory_xact_lock(bqx.partition_lock('bqx', 'eurusd', '2024-07-01'))");
      SQLException held =
          failure(() -> asker.execute("SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01')"));
      assertThat(held.getSQLState()).isEqualTo("55P03");
      assertThat(held.getMessage())
          .contains(
              "bqx_eurusd_2024_07 is being computed by backend %d (user %s, application \"the other one\")"
                  .formatted(
                      other.number("SELECT pg_backend_pid()"), other.text("SELECT current_user")));

      session.execute("GRANT pg_read_all_stats TO bqx_owner");
      held = failure(() -> asker.execute("SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01')"));
      assertThat(held.getMessage()).contains("application \"the other one\", since 20");
    } finally {
      session.execute("REVOKE pg_read_all_stats FROM bqx_owner");
      session.execute("DROP ROLE bqx_test_asker");
    }
  }

  @Test
  void readersSeeTheOldRowsUntilTheNewOnesAreCommitted() throws SQLException {
    backfill("reg", "eurusd", AUGUST);
    String before = Migrated.digest(session, "reg_eurusd_2024_08");
    session.execute("UPDATE bqx.m1 SET close = close * 1.01 WHERE time >= '2024-08-01Z'");
    try (SqlSession other = new SqlSession(database.connect())) {
      other.connection().setAutoCommit(false);
      other.execute("SELECT bqx.backfill('reg', 'eurusd', '2024-08-01')");
      other.connection().rollback();
    }
    assertThat(Migrated.digest(session, "reg_eurusd_2024_08")).isEqualTo(before);
    assertThat(progress("reg", "2024-08")).isEqualTo("stale (bars changed)");
    backfill("reg", "eurusd", AUGUST);
    assertThat(Migrated.digest(session, "reg_eurusd_2024_08")).isNotEqualTo(before);
  }

  @Test
  void aReaderWhoDoesNotEndMakesTheSwapGiveWay() throws SQLException {
    backfill("bqx", "eurusd", AUGUST);
    String before = Migrated.digest(session, "bqx_eurusd_2024_08");
    try (SqlSession reader = new SqlSession(database.connect())) {
      reader.connection().setAutoCommit(false);
      reader.execute("SELECT count(*) FROM bqx.bqx_eurusd");
      session.execute("SET lock_timeout = '200ms'");
      SQLException failure =
          failure(
              () -> session.execute("SELECT bqx.backfill('bqx', 'eurusd', '2024-08-01', true)"));
      assertThat(failure.getSQLState()).isEqualTo("55P03");
      reader.connection().rollback();
    }
    assertThat(Migrated.digest(session, "bqx_eurusd_2024_08")).isEqualTo(before);
    assertThat(session.column("SELECT relname FROM pg_class WHERE relname LIKE '%building%'"))
        .isEmpty();
  }

  @Test
  void twoSessionsReplaceMonthsOfOnePairWithoutADeadlock() throws Exception {
    session.execute("CALL bqx.backfill_range('bqx', NULL, '2024-07-01', '2024-08-01')");
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> sessions = new ArrayList<>();
      for (LocalDate month : List.of(JULY, AUGUST)) {
        sessions.add(
            threads.submit(
                () -> {
                  try (SqlSession worker = new SqlSession(database.connect())) {
                    for (int round = 0; round < 10; round++) {
                      worker.execute("SELECT bqx.backfill('bqx', 'eurusd', ?, true)", month);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> worker : sessions) {
        worker.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(session.column("SELECT attempts FROM bqx.partition_state"))
        .containsExactly("11", "11");
  }

  @Test
  void badInputIsRefusedByASqlstateOfItsOwn() throws SQLException {
    backfill("bqx", "eurusd", AUGUST);
    String before = Migrated.digest(session, "bqx_eurusd_2024_08");
    assertRefused(
        "QX001", "unknown pair \"eurxxx\"", "SELECT bqx.backfill('bqx', 'eurxxx', '2024-08-01')");
    assertRefused(
        "QX001", "unknown pair \"<NULL>\"", "SELECT bqx.backfill('bqx', NULL, '2024-08-01')");
    assertRefused(
        "QX001",
        "unknown pair",
        "CALL bqx.backfill_range('bqx', ARRAY['eurusd', 'x''y'], '2024-08-01', '2024-08-01')");
    assertRefused(
        "QX002", "unknown family \"bqy\"", "SELECT bqx.backfill('bqy', 'eurusd', '2024-08-01')");
    assertRefused(
        "QX002", "unknown family", "CALL bqx.backfill_range('', NULL, '2024-08-01', '2024-08-01')");
    assertRefused(
        "QX003",
        "pair eurusd has no bars in 2023-01",
        "SELECT bqx.backfill('bqx', 'eurusd', '2023-01-01')");
    assertRefused(
        "QX003",
        "no bars from 2023-01 to 2023-02",
        "CALL bqx.backfill_range('bqx', NULL, '2023-01-01', '2023-02-01')");
    assertRefused(
        "QX004",
        "pair gbpusd has no bar at or after 2024-07-01",
        "SELECT bqx.set_baseline('gbpusd')");
    assertRefused("22023", "month is NULL", "SELECT bqx.backfill('bqx', 'eurusd', NULL)");
    assertRefused("22023", "month is infinity", "SELECT bqx.backfill('bqx', 'eurusd', 'infinity')");
    assertRefused(
        "22023",
        "from_month 2024-09 is after to_month 2024-08",
        "CALL bqx.backfill_range('bqx', NULL, '2024-09-01', '2024-08-01')");

    for (String close : List.of("NULL", "0", "'NaN'", "'Infinity'", "-1")) {
      session.execute("UPDATE bqx.m1 SET close = " + close + " WHERE time = '2024-08-06 07:08Z'");
      assertRefused(
          "QX005",
          "pair eurusd: 1 bars for bqx_eurusd_2024_08",
          "SELECT bqx.backfill('bqx', 'eurusd', '2024-08-01')");
      assertRefused(
          "QX005",
          "the first at 2024-08-06 07:08:00 UTC",
          "SELECT bqx.backfill('bqx', 'eurusd', '2024-08-01')");
    }
    assertThat(Migrated.digest(session, "bqx_eurusd_2024_08")).isEqualTo(before);

    session.execute("DELETE FROM bqx.baseline_rates");
    assertRefused(
        "QX004",
        "pair eurusd has no baseline",
        "SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01')");
  }

  @Test
  void theJavaFunctionsRefuseBadArguments() throws SQLException {
    String rows = "SELECT bqx.feature_rows('%s', %s::float8[], 3, '%s', %d, 0)";
    assertRefused("22023", "windows", rows.formatted("bqx", "ARRAY[1, 2, 3]", "{3,2}", 0));
    assertRefused("22023", "NaN", rows.formatted("reg", "ARRAY[1, 'NaN', 3]", "{3}", 0));
    assertRefused("22023", "skip", rows.formatted("reg", "ARRAY[1, 2, 3]", "{3}", 4));
    assertRefused("22023", "inputs", rows.formatted("reg", "ARRAY[1, 2]", "{3}", 0));
    assertRefused("22023", "another", rows.formatted("another", "ARRAY[1, 2, 3]", "{3}", 0));
    assertRefused("22004", "", rows.formatted("bqx", "NULL", "{2}", 0));
    assertThat(session.number("SELECT 1")).isEqualTo(1);
  }

  @Test
  void aRunnerComputesAWholeRangeWithoutOwningATable() throws SQLException {
    try (SqlSession runner = new SqlSession(database.connectAs("bqx_runner"))) {
      runner.execute("CALL bqx.backfill_range(NULL, NULL, '2024-07-01', '2024-08-01')");
      assertThat(runner.number("SELECT count(*) FROM bqx.reg_eurusd_2024_07")).isEqualTo(33_120);
      assertThat(runner.text("SELECT current_setting('search_path')")).contains("public");
      assertDenied(runner, "DELETE FROM bqx.reg_eurusd");
      assertDenied(runner, "UPDATE bqx.partition_state SET rows = 0");
      assertDenied(runner, "DROP TABLE bqx.bqx_eurusd_2024_07");
      assertDenied(runner, "SELECT sqlj.install_jar('file:/tmp/x.jar', 'x', false)");
      assertDenied(runner, "CREATE FUNCTION bqx.f() RETURNS int LANGUAGE java AS 'x.Y.z'");
    }
  }

  @Test
  void aReaderReadsAndCannotCompute() throws SQLException {
    backfill("bqx", "eurusd", AUGUST);
    try (SqlSession reader = new SqlSession(database.connectAs("bqx_reader"))) {
      for (String table :
          List.of(
              "bqx.m1_eurusd_2024_07",
              "bqx.bqx",
              "bqx.bqx_eurusd_2024_08",
              "bqx.reg_yhat",
              "bqx.progress")) {
        reader.execute("SELECT * FROM " + table + " LIMIT 1");
      }
      assertDenied(reader, "SELECT bqx.backfill('bqx', 'eurusd', '2024-08-01')");
      assertDenied(reader, "CALL bqx.backfill_range('bqx', NULL, '2024-08-01', '2024-08-01')");
      assertDenied(reader, "SELECT bqx.set_baseline('eurusd')");
      assertDenied(
          reader, "SELECT bqx.feature_rows('bqx', ARRAY[1, 2, 3]::float8[], 3, '{2}', 0, 0)");
      assertDenied(reader, "INSERT INTO bqx.m1 (pair, time) VALUES ('eurusd', '2024-08-01')");
      assertDenied(reader, "SELECT sqlj.install_jar('file:/tmp/x.jar', 'x', false)");
      assertDenied(reader, "CREATE FUNCTION public.f() RETURNS int LANGUAGE java AS 'x.Y.z'");
    }
  }

  private long backfill(String family, String pair, LocalDate month) throws SQLException {
    return session.number("SELECT bqx.backfill(?, ?, ?)", family, pair, month);
  }

  /** State of a partition of eurusd, with its reason in parentheses. */
  private String progress(String family, String month) throws SQLException {
    return session.text(
        "SELECT state || coalesce(' (' || reason || ')', '') FROM bqx.progress"
            + " WHERE family = ? AND pair = 'eurusd' AND month = (? || '-01')::date",
        family,
        month);
  }

  private void assertRefused(String sqlState, String message, String sql) {
    SQLException failure = failure(() -> session.execute(sql));
    assertThat(failure.getMessage()).as(sql).contains(message);
    assertThat(failure.getSQLState()).as(sql).isEqualTo(sqlState);
  }

  private static void assertDenied(SqlSession denied, String sql) {
    SQLException failure = failure(() -> denied.execute(sql));
    assertThat(failure.getSQLState()).as(sql + ": " + failure.getMessage()).isEqualTo("42501");
  }

  private static SQLException failure(ThrowingCallable call) {
    SQLException failure = catchThrowableOfType(SQLException.class, call);
    assertThat((Throwable) failure).isNotNull();
    return failure;
  }
}
