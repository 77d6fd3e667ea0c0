package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.util.PSQLException;

/** What people call from psql: baselines, one partition, a range, and what they read back. */
class BackfillIT extends RangeContract {
  private static final LocalDate JULY = LocalDate.of(2024, 7, 1);
  private static final LocalDate AUGUST = LocalDate.of(2024, 8, 1);

  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private SqlSession session;

  BackfillIT() {
    super(DATABASE, DATABASE);
  }

  @BeforeAll
  static void migrate() {
    Migrated.migrate(DATABASE);
  }

  /** After the contract has made its bars. */
  @BeforeEach
  void connect() throws SQLException {
    session = new SqlSession(DATABASE.connect());
  }

  @AfterEach
  void close() throws SQLException {
    session.close();
  }

  @Test
  void psqlSaysThatADonePartitionIsLeftAlone() throws SQLException {
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
  void theBitsDependOnNoSettingOfPsql() throws SQLException {
    for (String family : List.of("bqx", "reg")) {
      backfill(family, "eurusd", JULY);
      backfill(family, "eurusd", AUGUST);
      String afterItsNeighbour = Migrated.digest(session, family + "_eurusd_2024_08");
      session.execute("DROP TABLE bqx." + family + "_eurusd_2024_07");
      session.execute("DELETE FROM bqx.partition_state");
      // By psql, since the driver insists on a DateStyle of its own. India's IST is read as
      // Israel's time, China's CST as America's.
      for (String settings :
          List.of(
              "SET TimeZone = 'Pacific/Chatham'; SET DateStyle = 'German'",
              "SET TimeZone = 'Asia/Kolkata'; SET DateStyle = 'SQL, DMY'",
              "SET TimeZone = 'Asia/Shanghai'; SET DateStyle = 'Postgres'")) {
        String backfill =
            settings
                + "; SET extra_float_digits = -10; SET enable_sort = off;"
                + " SELECT bqx.backfill('%s', 'eurusd', '2024-08-01', force => true)";
        assertThat(DATABASE.psql("-c", String.format(backfill, family)).output()).contains("8640");
        assertThat(Migrated.digest(session, family + "_eurusd_2024_08"))
            .isEqualTo(afterItsNeighbour);
      }
    }
  }

  @Test
  void monthsBeginAtMidnightOfUtcWhateverTheSettingsOfPsql() throws SQLException {
    session.execute("SELECT bqx.create_months('usdcad', '2024-07-01', '2024-07-01')");
    DATABASE.psql(
        "-c",
        "SET TimeZone = 'Asia/Kolkata'; SET DateStyle = 'SQL, DMY';"
            + " SELECT bqx.create_months('gbpusd', '2024-07-01', '2024-07-01')");
    String bounds = "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = ?::regclass";
    assertThat(session.text(bounds, "bqx.m1_gbpusd_2024_07"))
        .isEqualTo(session.text(bounds, "bqx.m1_usdcad_2024_07"));
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
        .contains("1 partition computed (8640 rows), 1 done before, 0 held by others, 0 failed");
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
            "1 of 2 partitions failed, the first because: pair eurusd: 1 bar for reg_eurusd_2024_07");
    assertThat(progress("reg", "2024-08")).isEqualTo("done");
    assertThat(progress("reg", "2024-07")).startsWith("failed (pair eurusd: 1 bar ");
    assertThat(session.text("SELECT sqlstate FROM bqx.partition_state WHERE state = 'failed'"))
        .isEqualTo("QX005");

    session.execute("UPDATE bqx.m1 SET close = 1.1 WHERE time = '2024-07-02 00:00Z'");
    session.execute("CALL bqx.backfill_range('reg', NULL, '2024-07-01', '2024-08-01')");
    assertThat(progress("reg", "2024-07")).isEqualTo("done");
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

  /** PostgreSQL hides from bqx_owner, as whom functions run, since when others' sessions do. */
  @Test
  void aHolderOfAnotherRoleIsNamedWithoutWhatIsHidden() throws SQLException {
    session.execute("CREATE ROLE bqx_test_asker IN ROLE bqx_runner");
    try (SqlSession other = new SqlSession(DATABASE.connect());
        SqlSession asker = new SqlSession(DATABASE.connectAs("bqx_test_asker"))) {
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

      // A session with PL/Java must be woken, too.
      long pid = other.number("SELECT pg_backend_pid()");
      String cancel = "Wait for it, or end it: SELECT pg_cancel_backend(" + pid + ")";
      boolean isSqljrt = DATABASE.javaRuntime().isSqljrt();
      assertThat(hint(held))
          .isEqualTo(cancel + (isSqljrt ? "." : ", pg_log_backend_memory_contexts(" + pid + ")."));
      if (isSqljrt) {
        session.execute("UPDATE pg_extension SET extname = 'pljava' WHERE extname = 'sqljrt'");
        held = failure(() -> asker.execute("SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01')"));
        session.execute("UPDATE pg_extension SET extname = 'sqljrt' WHERE extname = 'pljava'");
        assertThat(hint(held)).isEqualTo(cancel + ", pg_log_backend_memory_contexts(" + pid + ").");
      }

      session.execute("GRANT pg_read_all_stats TO bqx_owner");
      held = failure(() -> asker.execute("SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01')"));
      assertThat(held.getMessage()).contains("application \"the other one\", since 20");
    } finally {
      session.execute("REVOKE pg_read_all_stats FROM bqx_owner");
      session.execute("DROP ROLE bqx_test_asker");
    }
  }

  @Test
  void aRunnerComputesAWholeRangeWithoutOwningATable() throws SQLException {
    try (SqlSession runner = new SqlSession(DATABASE.connectAs("bqx_runner"))) {
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
    try (SqlSession reader = new SqlSession(DATABASE.connectAs("bqx_reader"))) {
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
          "pair eurusd: 1 bar for bqx_eurusd_2024_08 has a rate_index",
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

  /** As bars are that came past the triggers. */
  @Test
  void aBarThatLacksItsIndexAloneIsMendedAsTheHintSays() throws SQLException {
    session.execute("SET session_replication_role = replica");
    session.execute("UPDATE bqx.m1 SET rate_index = NULL WHERE time = '2024-08-06 07:08Z'");
    session.execute("RESET session_replication_role");
    String hint =
        hint(
            failure(
                () -> session.execute("SELECT bqx.backfill('bqx', 'eurusd', '2024-08-01', true)")));
    String mending = "SELECT bqx.set_baseline('eurusd', '2024-07-01')";
    assertThat(hint).contains("Correct their close in bqx.m1_eurusd", mending);
    session.execute(mending);
    assertThat(session.number("SELECT bqx.backfill('bqx', 'eurusd', '2024-08-01', true)"))
        .isPositive();
  }

  @Test
  void aRangeLeavesOutWhatAnotherSessionHolds() throws SQLException {
    try (SqlSession other = new SqlSession(DATABASE.connect())) {
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

  private static String hint(SQLException refused) {
    return ((PSQLException) refused).getServerErrorMessage().getHint();
  }
}
