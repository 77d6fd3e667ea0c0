package org.bqx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.cli.ManagedServer;
import org.bqx.functions.FeatureFunctions;
import org.bqx.kernel.AsOf;
import org.bqx.kernel.MergedTimes;
import org.bqx.kernel.RollingCorrelation;
import org.bqx.testkit.MadeBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a runner can and cannot do between begin and finish, on a server that has no Java. */
class ClientEngineIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.inOwnCluster(Map.of());

  private static final ManagedServer SERVER = new ManagedServer(DATABASE);
  private static final LocalDate JULY = LocalDate.of(2024, 7, 1);
  private static final String BEGIN =
      "SELECT table_name FROM bqx.begin_rows('bqx', 'eurusd', '2024-07-01', true, 'revision 1')";
  private static final String BUILDING = "bqx.bqx_eurusd_2024_07_building";

  private static Result migrated;
  private static SqlSession superuser;
  private SqlSession runner;

  @BeforeAll
  static void migrate() throws SQLException {
    migrated = SERVER.migrate();
    superuser = new SqlSession(DATABASE.connect());
    MadeBars.insert(superuser, "eurusd", "2024-07-01 00:00Z", "2024-07-02 00:00Z");
    superuser.execute("SELECT bqx.set_baseline('eurusd')");
    assertThat(new ByClient().compute(superuser, "bqx", "eurusd", JULY, false)).isEqualTo(1_440);
  }

  @BeforeEach
  void connect() throws SQLException {
    runner = new SqlSession(DATABASE.connectAs("runner"));
    runner.connection().setAutoCommit(false);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    runner.close();
    superuser.await(0, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'");
    assertThat(superuser.column("SELECT relname FROM pg_class WHERE relname LIKE '%building%'"))
        .isEmpty();
    assertThat(superuser.number("SELECT count(*) FROM bqx.begun_work")).isZero();
    assertThat(superuser.number("SELECT count(*) FROM bqx.bqx")).isEqualTo(1_440);
  }

  @Test
  void aMigrationSaysWhereItIsComputedAndHowToGetJava() throws SQLException {
    assertThat(migrated.err())
        .contains(
            "this server has no Java: this database is computed by the client, ./bqx backfill",
            "apt-get install postgresql-",
            "make -C sqljrt install");
    assertThat(
            superuser.column(
                "SELECT lanname FROM pg_language WHERE lanname <> 'plpgsql' AND lanispl"))
        .isEmpty();
    assertThat(SERVER.administrator().run("migrate").err()).contains("the schema is up to date");
    assertThat(superuser.text("SELECT bqx.engine()")).isEqualTo("client");
  }

  @Test
  void psqlSaysWhatComputesInstead() {
    for (String call :
        List.of(
            "SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01')",
            "CALL bqx.backfill_range(NULL, NULL, '2024-07-01', '2024-07-01')",
            "CALL bqx.backfill_range(NULL, NULL, '2024-07-01', '2024-07-01', force => true)")) {
      var refused = DATABASE.psqlAs("bqx_runner", "-v", "VERBOSITY=verbose", "-c", call);
      assertThat(refused.errors()).contains("0A000", "computed by ./bqx backfill", "HINT:");
    }
    assertThat(SERVER.runner().run("backfill", "--engine", "server").err())
        .contains("[0A000]", "computed by ./bqx backfill");
  }

  @Test
  void whatIsBegunIsFinishedOrNeverCommitted() throws SQLException {
    assertThat(runner.text(BEGIN)).isEqualTo("bqx_eurusd_2024_07_building");
    runner.execute("INSERT INTO " + BUILDING + " SELECT * FROM bqx.bqx_eurusd_2024_07");
    assertRefused(
        "2D000", "bqx_eurusd_2024_07 was begun and not finished", runner.connection()::commit);
    runner.text(BEGIN);
    assertRefused("2D000", "not finished", () -> runner.execute("SET CONSTRAINTS ALL IMMEDIATE"));
    runner.connection().rollback();
    runner.connection().setAutoCommit(true);
    assertRefused("2D000", "not finished", () -> runner.text(BEGIN));
  }

  @Test
  void rowsThatWereNotAskedForAreRefused() throws SQLException {
    for (String rows :
        List.of(
            "",
            " SELECT * FROM bqx.bqx_eurusd_2024_07 WHERE ts_utc <> '2024-07-01 12:00Z'",
            " SELECT * FROM bqx.bqx_eurusd_2024_07 WHERE ts_utc <> '2024-07-01 00:00Z'",
            " SELECT pair, ts_utc + interval '1 minute', rate_index FROM bqx.bqx_eurusd_2024_07")) {
      runner.text(BEGIN);
      if (!rows.isEmpty()) {
        runner.execute(
            "INSERT INTO "
                + BUILDING
                + (rows.contains("*") ? "" : " (pair, ts_utc, rate_index)")
                + rows);
      }
      assertRefused(
          "22000",
          "rows came for bqx_eurusd_2024_07",
          () -> runner.text("SELECT bqx.finish_rows()::text"));
      runner.connection().rollback();
    }
    runner.text(BEGIN);
    runner.execute("INSERT INTO " + BUILDING + " SELECT * FROM bqx.bqx_eurusd_2024_07");
    runner.execute(
        "INSERT INTO "
            + BUILDING
            + " (pair, ts_utc, rate_index) VALUES ('eurusd', '2024-07-01 12:00Z', 1)");
    assertThatThrownBy(() -> runner.text("SELECT bqx.finish_rows()::text"))
        .isInstanceOf(SQLException.class);
    runner.connection().rollback();
    runner.text(BEGIN);
    runner.execute(
        "INSERT INTO "
            + BUILDING
            + " (pair, ts_utc, rate_index)"
            + " SELECT 'gbpusd', ts_utc, rate_index FROM bqx.bqx_eurusd_2024_07");
    assertRefused(
        "23514", "partition constraint", () -> runner.text("SELECT bqx.finish_rows()::text"));
    runner.connection().rollback();
  }

  @Test
  void aRunnerHasTheRightToBringRowsAndNoOther() throws SQLException {
    for (String forbidden :
        List.of(
            "UPDATE " + BUILDING + " SET rate_index = 1",
            "DELETE FROM " + BUILDING,
            "CREATE INDEX ON " + BUILDING + " (pair)",
            "CREATE TRIGGER t AFTER INSERT ON "
                + BUILDING
                + " EXECUTE FUNCTION bqx.work_finished()",
            "INSERT INTO bqx.bqx_eurusd_2024_07 (pair, ts_utc, rate_index) VALUES ('eurusd', now(), 1)",
            "DELETE FROM bqx.begun_work",
            "UPDATE bqx.begun_work SET last_time = now()",
            "SELECT bqx.finish_partition(work, source, 1440) FROM bqx.begun_work",
            "SET session_replication_role = replica")) {
      runner.text(BEGIN);
      assertRefused("42501", "", () -> runner.execute(forbidden));
      runner.connection().rollback();
    }
    runner.text(BEGIN);
    runner.execute("INSERT INTO " + BUILDING + " SELECT * FROM bqx.bqx_eurusd_2024_07");
    assertThat(runner.number("SELECT bqx.finish_rows()")).isEqualTo(1_440);
    assertRefused(
        "42501", "", () -> runner.execute("UPDATE bqx.bqx_eurusd_2024_07 SET rate_index = 1"));
    runner.connection().rollback();
    assertRefused(
        "25P01", "no partition was begun", () -> runner.execute("SELECT bqx.finish_rows()"));
    runner.connection().rollback();
  }

  @Test
  void aClientOfAnotherRevisionIsRefused() {
    assertRefused(
        "22023",
        "this client computes bqx by revision 9, the database is migrated to revision 1",
        () -> runner.text(BEGIN.replace("revision 1", "revision 9")));
  }

  /** Of such a server pg_dump -n bqx takes the history, and none of the functions in Java. */
  @Test
  void aSchemaFromAServerWithJavaGetsTheHelpersInSql() throws SQLException {
    superuser.execute("INSERT INTO bqx.functions_jar (version, sha256) VALUES ('1.0.0', 'abc')");
    superuser.execute(
        "DROP FUNCTION bqx.as_of, bqx.merge_times, bqx.inputs_digest, bqx.rolling_correlation");
    Result again = SERVER.administrator().run("migrate");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(
            superuser.column(
                "SELECT proname FROM pg_proc WHERE pronamespace = 'bqx'::regnamespace"
                    + " AND proname IN ('as_of', 'merge_times', 'inputs_digest', 'rolling_correlation')"
                    + " ORDER BY proname"))
        .containsExactly("as_of", "inputs_digest", "merge_times", "rolling_correlation");
    assertThat(superuser.number("SELECT count(*) FROM bqx.functions_jar")).isZero();
  }

  @Test
  void theHelperInSqlGivesWhatTheOneInJavaGives() throws SQLException {
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      double[] times = ascending(random, 1 + random.nextInt(40));
      double[] otherTimes = ascending(random, 1 + random.nextInt(40));
      double[] values =
          random.doubles((long) otherTimes.length * (1 + random.nextInt(3))).toArray();
      double maxAge = round % 5 == 0 ? Double.POSITIVE_INFINITY : random.nextInt(6);
      double[] series = series(random, otherTimes);
      double[] prices = new double[series.length * (1 + random.nextInt(3))];
      Arrays.setAll(prices, i -> random.nextInt(9) == 0 ? Double.NaN : random.nextInt(-1, 9));
      int[] directions = new int[(int) Arrays.stream(series).filter(Double::isNaN).count()];
      Arrays.setAll(directions, i -> random.nextBoolean() ? 1 : -1);
      boolean ages = random.nextBoolean();
      assertThat(
              superuser.value(
                  "SELECT bqx.as_of(?, ?, ?, ?, ?, ?)",
                  times,
                  series,
                  prices,
                  directions,
                  maxAge,
                  ages))
          .isEqualTo(
              Arrays.stream(
                      AsOf.align(times, series.clone(), prices.clone(), directions, maxAge, ages))
                  .boxed()
                  .toArray());
      double first = random.nextInt(20);
      assertThat(superuser.value("SELECT bqx.merge_times(?, ?)", series, first))
          .isEqualTo(Arrays.stream(MergedTimes.of(series.clone(), first)).boxed().toArray());
      byte[] head = {(byte) round};
      int firstBars = random.nextInt(otherTimes.length + 1);
      assertThat(
              superuser.value(
                  "SELECT bqx.inputs_digest(?, ?, ?, ?)",
                  head,
                  values,
                  otherTimes.length,
                  firstBars))
          .isEqualTo(FeatureFunctions.inputsDigest(head, values, otherTimes.length, firstBars));
    }
    List<String> states = new ArrayList<>();
    for (String call :
        List.of(
            "as_of(NULL, '{NaN,1}', '{0,1}', '{1}', 1, true)",
            "as_of('{1}', '{NaN,1}', '{NULL,1}', '{1}', 1, true)",
            "as_of('{1}', '{NaN,1}', '{0,1}', '{1}', NULL, true)",
            "as_of('{1}', '{NaN,1}', '{0,1}', NULL, 1, true)",
            "as_of('{1}', '{NaN,1}', '{0,1}', '{1}', 1, NULL)",
            "merge_times('{NaN,NULL}', 0)",
            "merge_times('{NaN}', NULL)",
            "inputs_digest('', '{NULL}', 1, 1)",
            "inputs_digest('', '{1}', 1, NULL)",
            "as_of('{}', '{NaN,1}', '{0,1}', '{1}', 1, true)",
            "as_of('{2,1}', '{NaN,1}', '{0,1}', '{1}', 1, true)",
            "as_of('{1}', '{1}', '{1}', '{1}', 1, true)",
            "as_of('{1}', '{NaN,Infinity}', '{0,1}', '{1}', 1, true)",
            "as_of('{1}', '{NaN,1}', '{0}', '{1}', 1, true)",
            "as_of('{1}', '{NaN,1}', '{0,1}', '{1,1}', 1, true)",
            "as_of('{1}', '{NaN,1}', '{0,1}', '{2}', 1, true)",
            "as_of('{1}', '{NaN,1}', '{0,1}', '{1}', -1, true)",
            "as_of('{1}', '{NaN,1}', '{0,1}', '{1}', 'NaN', true)",
            "merge_times('{}', 0)",
            "merge_times('{1}', 0)",
            "merge_times('{NaN,Infinity}', 0)",
            "inputs_digest('', '{}', 1, 1)",
            "inputs_digest('', '{1,2,3}', 2, 1)",
            "inputs_digest('', '{1,2}', 1, 2)")) {
      assertThatThrownBy(() -> superuser.execute("SELECT bqx." + call))
          .isInstanceOfSatisfying(SQLException.class, e -> states.add(e.getSQLState()));
    }
    List<String> expected = new ArrayList<>(Collections.nCopies(9, "22004"));
    expected.addAll(Collections.nCopies(15, "22023"));
    assertThat(states).isEqualTo(expected);
  }

  @Test
  void rollingCorrelationsAreThoseOfTheKernelWithoutJava() throws SQLException {
    Random random = new Random(3);
    double[] a = random.doubles(500).map(value -> Math.round(value * 8) / 8.0).toArray();
    double[] b = random.doubles(500).map(value -> 100 + value / 1e3).toArray();
    a[100] = Double.NaN;
    Arrays.fill(b, 300, 400, 0.1);
    Object[] found = (Object[]) superuser.value("SELECT bqx.rolling_correlation(?, ?, 60)", a, b);
    double[] expected = RollingCorrelation.columns(a, b, 60);
    for (int i = 0; i < expected.length; i++) {
      assertThat((Double) found[i]).as("%d", i).isCloseTo(expected[i], within(1e-9));
    }
    // The pair's only day: its first rows have no window, its last no target.
    assertThat(
            superuser.number(
                "SELECT count(corr) FROM bqx.rolling_corr('eurusd', 'w60_bqx_range', 'w60_h60', 60)"))
        .isEqualTo(1_440 - 60 - 59 - 60);
    for (String arguments : List.of("NULL, '{1}', 60", "'{1,2}', '{1}', 60", "'{1}', '{1}', 59")) {
      assertThatThrownBy(
              () -> superuser.execute("SELECT bqx.rolling_correlation(" + arguments + ")"))
          .extracting("SQLState")
          .isIn("22004", "22023");
    }
  }

  /** Some of the times, in an order that is theirs or not, each after the NaN of a series. */
  private static double[] series(Random random, double[] times) {
    List<Double> series = new ArrayList<>(List.of(Double.NaN));
    for (double time : times) {
      if (random.nextInt(10) == 0) {
        series.add(Double.NaN);
      }
      series.add(random.nextInt(20) == 0 ? time + 5 : time);
    }
    return series.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double[] ascending(Random random, int count) {
    double[] times = new double[count];
    for (int i = 1; i < count; i++) {
      times[i] = times[i - 1] + random.nextInt(3);
    }
    return times;
  }

  private static void assertRefused(
      String state, String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(state));
  }
}
