package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.bqx.kernel.Families;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;

/** The families that are off at first: computed, appended to, verified, by the server. */
class FeaturesIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  /** Those whose inputs are the bars of one pair. */
  static List<String> families() {
    return Families.names().stream()
        .filter(name -> !List.of("bqx", "reg", "xpair", "ccy").contains(name))
        .toList();
  }

  private SqlSession session;

  @BeforeAll
  static void enable() throws SQLException {
    Migrated.migrate(database);
    try (SqlSession session = new SqlSession(database.connect())) {
      assertThat(session.column("SELECT family FROM bqx.feature WHERE enabled ORDER BY 1"))
          .containsExactly("bqx", "reg");
      for (String family : families()) {
        session.execute("SELECT bqx.enable_family(?)", family);
      }
      bars(session, "2024-07-29 00:00Z", "2024-08-01 03:00Z");
      session.execute("SELECT bqx.set_baseline('eurusd')");
    }
  }

  /**
   * Bars with ranges, ten flat minutes at each full hour, two hours without trades, quotes from 31
   * July on, and one volume that is absent.
   */
  private static void bars(SqlSession session, String from, String to) throws SQLException {
    Migrated.insertBars(session, "eurusd", from, to);
    session.execute(
        """
        UPDATE bqx.m1 SET
            open = open + 0.00001 * (extract(minute FROM time)::int % 3),
            high = close + 0.00002 * (1 + extract(minute FROM time)::int % 5),
            low = close - 0.00003,
            volume = CASE WHEN extract(hour FROM time AT TIME ZONE 'UTC') IN (4, 5) THEN 0
                WHEN time = '2024-07-30 12:00Z' THEN NULL
                ELSE extract(epoch FROM time)::bigint / 60 * 7919 % 211 END,
            bid_close = CASE WHEN time >= '2024-07-31' THEN close END,
            ask_close = CASE WHEN time >= '2024-07-31'
                THEN close + 0.00001 * (1 + extract(minute FROM time)::int % 7) END
        WHERE pair = 'eurusd' AND time >= ?::timestamptz AND time < ?::timestamptz
        """,
        from, to);
    session.execute(
        "UPDATE bqx.m1 SET open = close, high = close, low = close"
            + " WHERE pair = 'eurusd' AND extract(minute FROM time) < 10");
  }

  @BeforeEach
  void connect() throws SQLException {
    session = new SqlSession(database.connect());
  }

  @AfterEach
  void disconnect() throws SQLException {
    session.close();
  }

  @ParameterizedTest
  @MethodSource("families")
  void isVerifiedAndAppendsWhatForceComputes(String family) throws SQLException {
    session.connection().setAutoCommit(false);
    backfill(family, "2024-07-01");
    backfill(family, "2024-08-01");
    assertVerified(family, "eurusd");
    bars(session, "2024-08-01 03:00Z", "2024-08-01 04:00Z");
    backfill(family, "2024-07-01");
    backfill(family, "2024-08-01");
    assertThat(
            session.text(
                "SELECT last_write FROM bqx.partition_state"
                    + " WHERE family = ? AND pair = 'eurusd' AND month = '2024-08-01'",
                family))
        .isIn("new rows", "tail rows");
    for (String month : List.of("2024-07-01", "2024-08-01")) {
      String partition = family + "_eurusd_" + month.substring(0, 7).replace('-', '_');
      String appended = Migrated.digest(session, partition);
      session.execute("SELECT bqx.backfill(?, 'eurusd', ?::date, force => true)", family, month);
      assertThat(Migrated.digest(session, partition)).as(partition).isEqualTo(appended);
    }
    assertVerified(family, "eurusd");
    assertUndefinedIsDeclared(family);
    session.connection().rollback();
  }

  @ParameterizedTest
  @MethodSource("families")
  void aWrongValueOfAnyColumnIsFound(String family) throws SQLException {
    session.connection().setAutoCommit(false);
    backfill(family, "2024-07-01");
    String partition = family + "_eurusd_2024_07";
    for (String column :
        session.column(
            "SELECT column_name FROM bqx.feature_column WHERE family = ? ORDER BY element",
            family)) {
      session.execute("SAVEPOINT before");
      session.execute(
          """
          UPDATE bqx.%1$s SET %2$s = CASE WHEN %2$s = 0 THEN 1 ELSE %2$s * (1 + 1e-6) END
          WHERE ts_utc = (SELECT max(ts_utc) FROM bqx.%1$s WHERE %2$s IS NOT NULL)
          """
              .formatted(partition, column));
      assertThat(
              session.column(
                  "SELECT DISTINCT column_name FROM bqx.verify(?, 'eurusd', '2024-07-01', every_row => true)"
                      + " WHERE kind = 'difference' AND column_name IS NOT NULL",
                  family))
          .as(column)
          .contains(column);
      session.execute("ROLLBACK TO SAVEPOINT before");
    }
    session.connection().rollback();
  }

  @Test
  void aHighBelowTheCloseIsAnErrorOfTheBars() throws SQLException {
    session.connection().setAutoCommit(false);
    session.execute(
        "UPDATE bqx.m1 SET high = low WHERE pair = 'eurusd' AND time = '2024-07-31 12:30Z'");
    assertThatThrownBy(() -> backfill("rate", "2024-07-01"))
        .hasMessageContaining("index of high is ")
        .hasMessageContaining("must not be below index of open");
    session.connection().rollback();
  }

  @Test
  void withoutQuotesThereIsNothingToComputeOfThem() throws Exception {
    Migrated.insertBars(session, "eurusd", "2024-09-02 00:00Z", "2024-09-02 02:00Z");
    assertThat(spreads()).isEqualTo("no quotes");
    session.execute("CALL bqx.backfill_range('spread', NULL, '2024-09-01', '2024-09-01')");
    assertThatThrownBy(() -> backfill("spread", "2024-09-01"))
        .hasMessageContaining(
            "no bar of pair eurusd in 2024-09 has the bid and ask that spread is made of");
    assertThat(session.value("SELECT to_regclass('bqx.spread_eurusd_2024_09')")).isNull();

    String last = " WHERE pair = 'eurusd' AND time = '2024-09-02 01:59Z'";
    session.execute("UPDATE bqx.m1 SET bid_close = close" + last);
    assertThat(spreads()).isEqualTo("no quotes");
    session.execute("UPDATE bqx.m1 SET ask_close = close * 1.0001" + last);
    assertThat(spreads()).isEqualTo("missing");
    session.execute("CALL bqx.backfill_range('spread', NULL, '2024-09-01', '2024-09-01')");
    assertThat(spreads()).isEqualTo("done");
    assertThat(
            session.rows(
                "SELECT count(*), count(spread_quoted), round(max(spread_quoted)::numeric, 5)::text"
                    + " FROM bqx.spread_eurusd_2024_09"))
        .containsExactly(List.of(120L, 1L, "0.99995"));

    session.execute("UPDATE bqx.m1 SET ask_close = NULL" + last);
    assertThat(spreads()).isEqualTo("no quotes its quotes are gone, its rows are not");
    session.execute("UPDATE bqx.m1 SET ask_close = close * 1.0002" + last);
    assertThat(spreads()).isEqualTo("stale bars changed");
    backfill("spread", "2024-09-01");
    assertVerified("spread", "eurusd");

    // As a release left it that computed rows of NULLs, and did not count.
    session.execute("UPDATE bqx.m1 SET ask_close = NULL" + last);
    session.execute("UPDATE bqx.m1_month SET quotes = 0");
    session.execute("BEGIN");
    session.execute(stage("V1.5.2.2__quotes_counted.sql"));
    session.execute("COMMIT");
    assertThat(spreads()).isEqualTo("no quotes");
    assertThat(session.value("SELECT to_regclass('bqx.spread_eurusd_2024_09')")).isNull();
    session.execute("UPDATE bqx.m1 SET ask_close = close * 1.0002" + last);
    assertThat(spreads()).isEqualTo("missing");
    backfill("spread", "2024-09-01");

    // Counts that are wrong are counted anew, and go with what was counted.
    session.execute("UPDATE bqx.m1_month SET quotes = 0");
    session.execute("SELECT bqx.recount_bars('eurusd')");
    assertThat(
            session.text("SELECT string_agg(quotes::text, ' ' ORDER BY month) FROM bqx.m1_month"))
        .isEqualTo("1440 180 1");
    session.execute("TRUNCATE bqx.m1_eurusd_2024_09");
    assertThat(session.number("SELECT quotes FROM bqx.m1_month WHERE month = '2024-09-01'"))
        .isZero();
    session.execute(
        "DROP TABLE bqx.spread_eurusd_2024_09; DELETE FROM bqx.partition_state;"
            + " DELETE FROM bqx.m1_month WHERE month = '2024-09-01'");
  }

  private static String stage(String file) throws IOException {
    String path = "/org/bqx/migrations/stages/" + file;
    try (InputStream text = Migrations.class.getResourceAsStream(path)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Returns state and reason of September's spreads; all other families are missing. */
  private String spreads() throws SQLException {
    assertThat(
            session.column(
                "SELECT DISTINCT state FROM bqx.progress WHERE month = '2024-09-01' AND family <> 'spread'"))
        .containsExactly("missing");
    return session.text(
        "SELECT concat_ws(' ', state, reason) FROM bqx.progress"
            + " WHERE month = '2024-09-01' AND family = 'spread'");
  }

  /** Those of real bars, which have no quotes. */
  static List<String> familiesWithoutQuotes() {
    return families().stream().filter(family -> !family.equals("spread")).toList();
  }

  /** Bars of the folder that BQX_REAL_BARS names: a month and what follows it. */
  @ParameterizedTest
  @MethodSource("familiesWithoutQuotes")
  @EnabledIfEnvironmentVariable(named = "BQX_REAL_BARS", matches = ".+")
  void realBarsAreVerified(String family) throws SQLException, IOException {
    Path file = Path.of(System.getenv("BQX_REAL_BARS"), "usdjpy_2021.csv.gz");
    session.connection().setAutoCommit(false);
    session.execute("SELECT bqx.create_months('usdjpy', '2021-01-01', '2021-12-01')");
    session.execute(
        "CREATE TEMP TABLE bar (time timestamptz, open float8, high float8, low float8, close float8, volume float8)");
    try (InputStream csv = new GZIPInputStream(Files.newInputStream(file))) {
      session
          .connection()
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY bar FROM STDIN (FORMAT csv, HEADER)", csv);
    }
    session.execute(
        "INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume)"
            + " SELECT 'usdjpy', time, open, high, low, close, volume FROM bar WHERE time < '2021-04-01'");
    session.execute("SELECT bqx.set_baseline('usdjpy', '2021-02-01')");
    session.execute("SELECT bqx.backfill(?, 'usdjpy', '2021-03-01')", family);
    assertVerified(family, "usdjpy");
    session.connection().rollback();
  }

  private void backfill(String family, String month) throws SQLException {
    session.execute("SELECT bqx.backfill(?, 'eurusd', ?::date)", family, month);
  }

  /** Without the state: a partition is running until the transaction that computes it ends. */
  private void assertVerified(String family, String pair) throws SQLException {
    assertThat(
            session.column(
                "SELECT p.month || v::text FROM bqx.progress p, bqx.verify(p.family, p.pair, p.month, every_row => true) v"
                    + " WHERE p.family = ? AND p.pair = ? AND p.rows > 0"
                    + " AND v.kind <> 'fact' AND v.check_name <> 'state'",
                family,
                pair))
        .isEmpty();
  }

  /** After its need, a column that the catalogue does not call undefined is never NULL. */
  private void assertUndefinedIsDeclared(String family) throws SQLException {
    for (List<Object> column :
        session.rows(
            "SELECT column_name, needs FROM bqx.feature_column WHERE family = ? AND undefined_when IS NULL",
            family)) {
      assertThat(
              session.number(
                  "SELECT count(*) FROM bqx.%s WHERE pair = 'eurusd' AND %s IS NULL"
                      .formatted(family, column.get(0))))
          .as("%s", column.get(0))
          .isEqualTo(((Number) column.get(1)).longValue());
    }
  }
}
