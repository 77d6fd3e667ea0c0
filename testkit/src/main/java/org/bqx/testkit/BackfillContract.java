package org.bqx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Baselines, partitions computed by one engine or another, and what people read back. Where the
 * database is a front, bars are changed, and tables of one month looked at, on the node.
 */
public abstract class BackfillContract {
  private static final LocalDate JULY = LocalDate.of(2024, 7, 1);
  private static final LocalDate AUGUST = LocalDate.of(2024, 8, 1);

  private final TestDatabase database;
  private final TestDatabase node;
  private final Computing engine;

  /** Of the database that people are given. */
  private SqlSession session;

  /** Of the one that has the bars: the same, or a front's node. */
  private SqlSession home;

  protected BackfillContract(TestDatabase database, Computing engine) {
    this(database, database, engine);
  }

  /** For a front whose pairs live on one node. */
  protected BackfillContract(TestDatabase database, TestDatabase node, Computing engine) {
    this.database = database;
    this.node = node;
    this.engine = engine;
  }

  @BeforeEach
  void makeBarsOfTwoMonths() throws SQLException {
    session = new SqlSession(database.connect());
    home = node == database ? session : new SqlSession(node.connect());
    home.execute(
        "TRUNCATE bqx.m1, bqx.bqx, bqx.reg, bqx.m1_month, bqx.partition_state, bqx.baseline_rates");
    MadeBars.insert(home, "eurusd", "2024-07-01 00:00Z", "2024-08-09 00:00Z");
    session.execute("SELECT bqx.set_baseline('eurusd')");
  }

  @AfterEach
  void disconnect() throws SQLException {
    home.close();
    session.close();
  }

  @Test
  void aPartitionHasOneRowForEachBar() throws SQLException {
    assertThat(backfill("reg", "eurusd", JULY)).isEqualTo(33_120);
    assertThat(
            home.number(
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
                      SELECT count(*) FILTER (WHERE n <= %2$s AND %1$s IS NOT NULL),
                          count(*) FILTER (WHERE n > %2$s AND %1$s IS NULL)
                      FROM (SELECT row_number() OVER (ORDER BY ts_utc) n, %1$s FROM bqx.bqx_eurusd) numbered
                      """,
                      column.get(0), column.get(1))))
          .as("%s", column)
          .containsExactly(List.of(0L, 0L));
    }
  }

  @Test
  void theStateRowDescribesTheRows() throws SQLException {
    backfill("reg", "eurusd", AUGUST);
    List<Object> state =
        session
            .rows(
                """
                SELECT state, rows, source_from, windows, baseline_rate, functions_version = 'revision 1',
                    backend_pid::bigint, attempts, sqlstate, error,
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
            computingProcess(),
            1,
            null,
            null,
            true);
  }

  @Test
  void theLookbackReachesOverAMonthWithoutBars() throws SQLException {
    MadeBars.insert(home, "eurusd", "2024-10-01 00:00Z", "2024-10-02 00:00Z");
    backfill("bqx", "eurusd", LocalDate.of(2024, 10, 1));
    assertThat(session.number("SELECT count(*) FROM bqx.bqx_eurusd WHERE w630_bqx_return IS NULL"))
        .isZero();
    assertThat(session.value("SELECT source_from FROM bqx.partition_state"))
        .isEqualTo(java.sql.Date.valueOf(AUGUST));
    MadeBars.insert(home, "eurusd", "2024-09-02 00:00Z", "2024-09-02 00:01Z");
    assertThat(progress("bqx", "2024-10")).isEqualTo("stale (bars changed)");
  }

  @Test
  void aChangedBarMakesStaleWhatWasComputedFromIt() throws SQLException {
    for (String family : List.of("bqx", "reg")) {
      backfill(family, "eurusd", JULY);
      backfill(family, "eurusd", AUGUST);
    }
    home.execute("UPDATE bqx.m1 SET close = close + 0.001 WHERE time = '2024-08-05 10:00Z'");
    assertThat(progress("bqx", "2024-07")).isEqualTo("done");
    assertThat(progress("reg", "2024-08")).isEqualTo("stale (bars changed)");

    assertThat(backfill("reg", "eurusd", AUGUST)).isEqualTo(8_640);
    assertThat(progress("reg", "2024-08")).isEqualTo("done");
    home.execute("UPDATE bqx.m1_eurusd_2024_07 SET close = 1.2 WHERE time = '2024-07-31 23:59Z'");
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
    home.execute("DELETE FROM bqx.m1_eurusd_2024_08 WHERE time < '2024-08-01 00:10Z'");
    assertThat(session.rows("SELECT bars FROM bqx.m1_month WHERE month = '2024-08-01'"))
        .containsExactly(List.of(8_630L));
    home.execute("TRUNCATE bqx.m1_eurusd_2024_08");
    assertThat(session.number("SELECT bars FROM bqx.m1_month WHERE month = '2024-08-01'")).isZero();
    assertThat(session.number("SELECT bars FROM bqx.m1_month WHERE month = '2024-07-01'"))
        .isEqualTo(33_120);
    home.execute("INSERT INTO bqx.m1_eurusd VALUES ('eurusd', '2024-08-02 00:00Z', 1, 1, 1, 1, 1)");
    assertThat(session.number("SELECT bars FROM bqx.m1_month WHERE month = '2024-08-01'"))
        .isEqualTo(1);
    assertThat(progress("bqx", "2024-08")).isEqualTo("missing");
  }

  @Test
  void aBarThatMovesToAnotherPairGetsItsIndexByThatPairsBaseline() throws SQLException {
    for (String pair : List.of("gbpusd", "usdjpy")) {
      home.execute("SELECT bqx.create_months(?, '2024-07-01', '2024-08-01')", pair);
    }
    home.execute("INSERT INTO bqx.m1 (pair, time, close) VALUES ('gbpusd', '2024-07-01Z', 1.6)");
    session.execute("SELECT bqx.set_baseline('gbpusd')");
    home.execute("UPDATE bqx.m1 SET pair = 'gbpusd' WHERE time = '2024-08-05 10:00Z'");
    home.execute("UPDATE bqx.m1 SET pair = 'usdjpy' WHERE time = '2024-08-05 10:01Z'");
    home.execute(
        "UPDATE bqx.m1 SET pair = 'gbpusd', rate_index = 7 WHERE time = '2024-08-05 10:02Z'");
    assertThat(
            session.rows(
                "SELECT pair, rate_index = close / 1.6::float8 * 100, rate_index = 7 FROM bqx.m1"
                    + " WHERE pair <> 'eurusd' AND time >= '2024-08-01Z' ORDER BY time"))
        .containsExactly(
            List.of("gbpusd", true, false),
            Arrays.asList("usdjpy", null, null),
            List.of("gbpusd", false, true));
    assertThat(
            session.rows(
                "SELECT pair, bars FROM bqx.m1_month WHERE month = '2024-08-01' ORDER BY pair"))
        .containsExactly(List.of("eurusd", 8_637L), List.of("gbpusd", 2L), List.of("usdjpy", 1L));
  }

  /** In a month without bars, whose count of changes nobody has touched meanwhile. */
  @Test
  void noBarKeepsAnIndexByABaselineThatItsTransactionDoesNotSeeAnyMore() throws SQLException {
    home.execute("SELECT bqx.create_months('eurusd', '2024-10-01', '2024-10-01')");
    home.execute("SELECT bqx.create_months('gbpusd', '2024-07-01', '2024-10-01')");
    home.execute("INSERT INTO bqx.m1 (pair, time, close) VALUES ('gbpusd', '2024-07-01Z', 1.6)");
    for (String level : List.of("REPEATABLE READ", "SERIALIZABLE")) {
      for (String pair : List.of("eurusd", "gbpusd")) {
        home.execute("DELETE FROM bqx.baseline_rates WHERE pair = 'gbpusd'");
        session.execute("SELECT bqx.set_baseline('eurusd')");
        String insert =
            "INSERT INTO bqx.m1 (pair, time, close) VALUES ('" + pair + "', '2024-10-01Z', 1.2)";
        try (SqlSession old = new SqlSession(node.connect())) {
          old.execute("BEGIN ISOLATION LEVEL " + level);
          old.number("SELECT count(*) FROM bqx.m1_month");
          session.execute(
              "SELECT bqx.set_baseline(?, ?::date)",
              pair,
              pair.equals("eurusd") ? "2024-08-01" : "2024-07-01");
          assertThat(failure(() -> old.execute(insert)).getSQLState())
              .as("%s %s", level, pair)
              .isEqualTo("40001");
          old.execute("ROLLBACK");

          List<List<Object>> baselines =
              home.rows("SELECT * FROM bqx.baseline_rates ORDER BY pair");
          old.execute("BEGIN ISOLATION LEVEL " + level);
          old.execute(insert);
          old.execute("COMMIT");
          assertThat(
                  home.value(
                      "SELECT rate_index = 1.2::float8 / baseline_rate * 100 FROM bqx.m1"
                          + " JOIN bqx.baseline_rates USING (pair) WHERE time = '2024-10-01Z'"))
              .isEqualTo(true);
          old.execute("DELETE FROM bqx.m1 WHERE time = '2024-10-01Z'");
          home.execute("DELETE FROM bqx.m1_month WHERE month = '2024-10-01'");
          assertThat(home.rows("SELECT * FROM bqx.baseline_rates ORDER BY pair"))
              .isEqualTo(baselines);
        }
      }
    }
  }

  /** Each in a month of its own: of one month they wait for its count. */
  @Test
  void whoWritesBarsOfAPairWithoutABaselineWaitsForNoOther() throws SQLException {
    home.execute("SELECT bqx.create_months('gbpusd', '2024-09-01', '2024-10-01')");
    for (String level : List.of("REPEATABLE READ", "SERIALIZABLE")) {
      try (SqlSession one = new SqlSession(database.connect());
          SqlSession other = new SqlSession(database.connect())) {
        for (SqlSession writer : List.of(one, other)) {
          writer.execute("SET statement_timeout = '5s'");
          writer.execute("BEGIN ISOLATION LEVEL " + level);
          writer.execute(
              "INSERT INTO bqx.m1 (pair, time, close) VALUES ('gbpusd', ?::timestamptz, 1.6)",
              writer == one ? "2024-09-02Z" : "2024-10-02Z");
        }
        other.execute("ROLLBACK");
        one.execute("ROLLBACK");
      }
    }
  }

  @Test
  void rowsWhoseBarsAreGoneGoByForceAlone() throws SQLException {
    for (LocalDate month : List.of(JULY, AUGUST)) {
      backfill("reg", "eurusd", month);
    }
    String before = MadeBars.digest(home, "reg_eurusd_2024_08");
    home.execute("DELETE FROM bqx.m1 WHERE time >= '2024-08-01Z'");
    assertRefused("QX003", "pair eurusd has no bars in 2024-08", "reg", "eurusd", AUGUST);
    assertThat(MadeBars.digest(home, "reg_eurusd_2024_08")).isEqualTo(before);
    assertThat(progress("reg", "2024-08"))
        .isEqualTo("no bars (its bars are gone, its rows are not)");

    assertThat(engine.compute(session, "reg", "eurusd", AUGUST, true)).isZero();
    assertThat(home.value("SELECT to_regclass('bqx.reg_eurusd_2024_08')")).isNull();
    assertThat(session.rows("SELECT family, pair, month::text FROM bqx.partition_state"))
        .containsExactly(List.of("reg", "eurusd", "2024-07-01"));
    assertThat(progress("reg", "2024-08")).isEqualTo("no bars");
    assertThat(failure(() -> engine.compute(session, "reg", "eurusd", AUGUST, true)).getSQLState())
        .isEqualTo("QX003");
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
                JOIN (SELECT time, lag(rate_index) OVER (ORDER BY time) AS rate_index FROM bqx.m1_eurusd) last
                    ON last.time = ts_utc
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
  void readersSeeTheOldRowsUntilTheNewOnesAreCommitted() throws SQLException {
    backfill("reg", "eurusd", AUGUST);
    String before = MadeBars.digest(home, "reg_eurusd_2024_08");
    home.execute("UPDATE bqx.m1 SET close = close * 1.01 WHERE time >= '2024-08-01Z'");
    try (SqlSession other = new SqlSession(database.connect())) {
      other.connection().setAutoCommit(false);
      engine.begin(other, "reg", "eurusd", AUGUST);
      other.connection().rollback();
    }
    assertThat(MadeBars.digest(home, "reg_eurusd_2024_08")).isEqualTo(before);
    assertThat(progress("reg", "2024-08")).isEqualTo("stale (bars changed)");
    backfill("reg", "eurusd", AUGUST);
    assertThat(MadeBars.digest(home, "reg_eurusd_2024_08")).isNotEqualTo(before);
  }

  @Test
  void aReaderWhoDoesNotEndMakesTheSwapGiveWay() throws SQLException {
    backfill("bqx", "eurusd", AUGUST);
    String before = MadeBars.digest(home, "bqx_eurusd_2024_08");
    try (SqlSession reader = new SqlSession(database.connect())) {
      reader.connection().setAutoCommit(false);
      reader.execute("SELECT count(*) FROM bqx.bqx_eurusd");
      session.execute("SET lock_timeout = '200ms'");
      SQLException failure = failure(() -> engine.compute(session, "bqx", "eurusd", AUGUST, true));
      assertThat(failure.getSQLState()).isEqualTo("55P03");
      reader.connection().rollback();
    }
    assertThat(MadeBars.digest(home, "bqx_eurusd_2024_08")).isEqualTo(before);
    assertThat(home.column("SELECT relname FROM pg_class WHERE relname LIKE '%building%'"))
        .isEmpty();
  }

  @Test
  void twoSessionsReplaceMonthsOfOnePairWithoutADeadlock() throws Exception {
    backfill("bqx", "eurusd", JULY);
    backfill("bqx", "eurusd", AUGUST);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> sessions = new ArrayList<>();
      for (LocalDate month : List.of(JULY, AUGUST)) {
        sessions.add(
            threads.submit(
                () -> {
                  try (SqlSession worker = new SqlSession(database.connect())) {
                    for (int round = 0; round < 10; round++) {
                      engine.compute(worker, "bqx", "eurusd", month, true);
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
  void whatIsDoneIsLeftAloneUnlessForced() throws SQLException {
    backfill("bqx", "eurusd", JULY);
    String oid = home.text("SELECT 'bqx.bqx_eurusd_2024_07'::regclass::oid::text");
    assertThat(backfill("bqx", "eurusd", JULY)).isZero();
    assertThat(home.text("SELECT 'bqx.bqx_eurusd_2024_07'::regclass::oid::text")).isEqualTo(oid);
    assertThat(engine.compute(session, "bqx", "eurusd", JULY, true)).isEqualTo(33_120);
    assertThat(session.number("SELECT attempts FROM bqx.partition_state")).isEqualTo(2);
  }

  @Test
  void theBitsDependOnTheBarsAlone() throws SQLException {
    for (String family : List.of("bqx", "reg")) {
      backfill(family, "eurusd", JULY);
      backfill(family, "eurusd", AUGUST);
      String afterItsNeighbour = MadeBars.digest(home, family + "_eurusd_2024_08");
      home.execute("DROP TABLE bqx." + family + "_eurusd_2024_07");
      home.execute("DELETE FROM bqx.partition_state");
      try (SqlSession other = new SqlSession(database.connect())) {
        other.execute("SET TimeZone = 'Pacific/Chatham'");
        other.execute("SET enable_sort = off");
        assertThat(engine.compute(other, family, "eurusd", AUGUST, false)).isEqualTo(8_640);
      }
      assertThat(MadeBars.digest(home, family + "_eurusd_2024_08")).isEqualTo(afterItsNeighbour);
    }
  }

  /** Recorded by the server's engine: the other has the same bits. */
  @Test
  void theBitsAreThoseOfEveryEngine() throws SQLException {
    backfill("bqx", "eurusd", AUGUST);
    backfill("reg", "eurusd", AUGUST);
    assertThat(MadeBars.digest(home, "bqx_eurusd_2024_08"))
        .isEqualTo("4848f15b062080c2470b54342b163fe3");
    assertThat(MadeBars.digest(home, "reg_eurusd_2024_08"))
        .isEqualTo("da40b7262c4c515231f5439258cae82c");
  }

  @Test
  void aPartitionHeldByAnotherSessionSaysByWhom() throws SQLException {
    try (SqlSession other = new SqlSession(database.connect())) {
      other.connection().setAutoCommit(false);
      other.execute("SET application_name = 'the other one'");
      engine.begin(other, "bqx", "eurusd", JULY);
      assertThat(progress("bqx", "2024-07")).isEqualTo("running");
      SQLException held = failure(() -> backfill("bqx", "eurusd", JULY));
      assertThat(held.getSQLState()).isEqualTo("55P03");
      assertThat(held.getMessage())
          .contains(
              "bqx_eurusd_2024_07 is being computed by backend "
                  + other.number("SELECT pg_backend_pid()"))
          .contains("the other one");
      other.connection().rollback();
    }
    assertThat(progress("bqx", "2024-07")).isEqualTo("missing");
    assertThat(backfill("bqx", "eurusd", JULY)).isEqualTo(33_120);
  }

  @Test
  void whatCannotBeComputedIsRefusedByASqlstateOfItsOwn() throws SQLException {
    backfill("bqx", "eurusd", AUGUST);
    String before = MadeBars.digest(home, "bqx_eurusd_2024_08");
    assertRefused("QX001", "unknown pair \"eurxxx\"", "bqx", "eurxxx", AUGUST);
    assertRefused("QX001", "unknown pair \"<NULL>\"", "bqx", null, AUGUST);
    assertRefused("QX002", "unknown family \"bqy\"", "bqy", "eurusd", AUGUST);
    assertRefused("QX002", "family fwd is not enabled", "fwd", "eurusd", AUGUST);
    assertRefused(
        "QX003", "pair eurusd has no bars in 2023-01", "bqx", "eurusd", LocalDate.of(2023, 1, 1));
    for (String close : List.of("NULL", "0", "'NaN'", "'Infinity'", "-1")) {
      home.execute("UPDATE bqx.m1 SET close = " + close + " WHERE time = '2024-08-06 07:08Z'");
      assertRefused("QX005", "pair eurusd: 1 bar for bqx_eurusd_2024_08", "bqx", "eurusd", AUGUST);
      assertRefused("QX005", "the first at 2024-08-06 07:08:00 UTC", "bqx", "eurusd", AUGUST);
    }
    assertThat(MadeBars.digest(home, "bqx_eurusd_2024_08")).isEqualTo(before);

    home.execute("DELETE FROM bqx.baseline_rates");
    assertRefused("QX004", "pair eurusd has no baseline", "bqx", "eurusd", JULY);
  }

  @Test
  void whatJavaRefusesOfABarIsToldByItsTimeAndTheColumn() throws SQLException {
    String bar = " WHERE time = '2024-08-06 07:08Z'";
    session.execute("SELECT bqx.enable_family('rate')");
    try {
      home.execute("UPDATE bqx.m1 SET high = 1, low = 0.9" + bar);
      SQLException refused = failure(() -> backfill("rate", "eurusd", AUGUST));
      assertThat(refused.getMessage())
          .containsPattern(
              "index of high is [0-9.]+ at 2024-08-06 07:08:00 UTC: must not be below (rate_index|index of open), which");
      assertThat(refused.getSQLState()).isEqualTo("QX005");
    } finally {
      session.execute("SELECT bqx.enable_family('rate', false)");
    }
    session.execute("SELECT bqx.enable_family('volume')");
    try {
      home.execute("UPDATE bqx.m1 SET volume = 'Infinity'" + bar);
      assertRefused(
          "22023",
          "volume is Infinity at 2024-08-06 07:08:00 UTC: must be finite, or NaN where absent",
          "volume",
          "eurusd",
          AUGUST);
    } finally {
      session.execute("SELECT bqx.enable_family('volume', false)");
    }
    home.execute("UPDATE bqx.m1 SET rate_index = 1e101" + bar);
    assertRefused(
        "22023",
        "rate_index at 2024-08-06 07:08:00 UTC is 1.0E101: must be",
        "bqx",
        "eurusd",
        AUGUST);
  }

  @Test
  void whatSomebodyAddsToTheTablesHoldsInNewMonths() throws SQLException {
    home.execute("SET allow_in_place_tablespaces = on");
    home.execute("CREATE TABLESPACE shelf LOCATION ''");
    try {
      home.execute("GRANT CREATE ON TABLESPACE shelf TO bqx_owner");
      home.execute(
          "ALTER TABLE bqx.reg ADD note text NOT NULL DEFAULT 'mine',"
              + " ADD twice float8 GENERATED ALWAYS AS (rate_index * 2) STORED,"
              + " ADD CONSTRAINT tall CHECK (rate_index < 1e6)");
      home.execute("CREATE INDEX noted ON bqx.reg (note)");
      home.execute("ALTER TABLE bqx.reg_eurusd ADD CONSTRAINT late CHECK (ts_utc > '2000-01-01Z')");
      home.execute("ALTER TABLE bqx.reg_eurusd SET TABLESPACE shelf");
      assertThat(backfill("reg", "eurusd", JULY)).isEqualTo(33_120);
      assertThat(
              home.number(
                  "SELECT count(*) FROM bqx.reg WHERE note = 'mine' AND twice = rate_index * 2"))
          .isEqualTo(33_120);
      assertThat(
              home.column(
                  "SELECT conname FROM pg_constraint WHERE contype = 'c'"
                      + " AND conrelid = 'bqx.reg_eurusd_2024_07'::regclass ORDER BY 1"))
          .containsExactly("late", "tall");
      assertThat(
              home.text(
                  "SELECT t.spcname FROM pg_class c JOIN pg_tablespace t ON t.oid = c.reltablespace"
                      + " WHERE c.oid = 'bqx.reg_eurusd_2024_07'::regclass"))
          .isEqualTo("shelf");

      home.execute("ALTER TABLE bqx.reg ADD CONSTRAINT none CHECK (rate_index < 0) NOT VALID");
      assertRefused("23514", "violates check constraint \"none\"", "reg", "eurusd", AUGUST);
      home.execute("ALTER TABLE bqx.m1 ADD CONSTRAINT positive CHECK (close > 0)");
      session.execute("SELECT bqx.create_months('eurusd', '2025-01-01', '2025-01-01')");
      SQLException refused =
          failure(
              () ->
                  home.execute(
                      "INSERT INTO bqx.m1 (pair, time, close) VALUES ('eurusd', '2025-01-01Z', -1)"));
      assertThat(refused.getMessage()).contains("violates check constraint \"positive\"");
    } finally {
      home.execute("DROP TABLE IF EXISTS bqx.m1_eurusd_2025_01, bqx.reg_eurusd_2024_07");
      home.execute("ALTER TABLE bqx.m1 DROP CONSTRAINT IF EXISTS positive");
      home.execute("ALTER TABLE bqx.reg_eurusd SET TABLESPACE pg_default");
      home.execute("ALTER TABLE bqx.reg_eurusd DROP CONSTRAINT IF EXISTS late");
      home.execute(
          "ALTER TABLE bqx.reg DROP CONSTRAINT IF EXISTS tall, DROP CONSTRAINT IF EXISTS none,"
              + " DROP IF EXISTS note, DROP IF EXISTS twice");
      home.execute("DROP TABLESPACE shelf");
    }
  }

  /**
   * The server process that computes what the session asks for: its own, or its one on the node.
   */
  private long computingProcess() throws SQLException {
    long asking = session.number("SELECT pg_backend_pid()");
    return home.number(
        "SELECT pid FROM pg_stat_activity WHERE pid = ? OR application_name LIKE ?",
        asking,
        "bqx front % " + asking);
  }

  private long backfill(String family, String pair, LocalDate month) throws SQLException {
    return engine.compute(session, family, pair, month, false);
  }

  /** State of a partition of eurusd, with its reason in parentheses. */
  private String progress(String family, String month) throws SQLException {
    return session.text(
        "SELECT state || coalesce(' (' || reason || ')', '') FROM bqx.progress"
            + " WHERE family = ? AND pair = 'eurusd' AND month = (? || '-01')::date",
        family,
        month);
  }

  private void assertRefused(
      String sqlState, String message, String family, String pair, LocalDate month) {
    SQLException failure = failure(() -> backfill(family, pair, month));
    assertThat(failure.getMessage()).contains(message);
    assertThat(failure.getSQLState()).isEqualTo(sqlState);
  }

  private static SQLException failure(ThrowingCallable call) {
    SQLException failure = catchThrowableOfType(SQLException.class, call);
    assertThat((Throwable) failure).isNotNull();
    return failure;
  }
}
