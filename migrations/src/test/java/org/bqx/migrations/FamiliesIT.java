package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.bqx.testkit.ToyFamilies;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Families that no routine knows by name: what the routines do with several inputs, columns that
 * can be undefined, bars after the month, and bars of other pairs.
 */
class FamiliesIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private SqlSession session;

  @BeforeAll
  static void installToys(@TempDir Path folder) throws IOException, SQLException {
    Migrated.migrate(database);
    try (InputStream jar = Migrations.class.getResourceAsStream("bqx-functions.jar")) {
      ToyFamilies.install(database.connect(), jar.readAllBytes(), folder);
    }
  }

  @BeforeEach
  void importBars() throws SQLException {
    session = new SqlSession(database.connect());
    session.execute(
        "TRUNCATE bqx.m1, bqx.toy, bqx.ahead, bqx.kin, bqx.m1_month, bqx.partition_state, bqx.baseline_rates");
    bars("eurusd", "2024-07-31 20:00Z", "2024-08-01 01:00Z");
    session.execute("SELECT bqx.set_baseline('eurusd')");
  }

  @AfterEach
  void disconnect() throws SQLException {
    session.close();
  }

  /** Bars with a range, and a flat stretch of ten minutes at each full hour. */
  private void bars(String pair, String from, String to) throws SQLException {
    Migrated.insertBars(session, pair, from, to);
    session.execute(
        """
        UPDATE bqx.m1 SET
            close = CASE WHEN extract(minute FROM time) < 10 THEN 1.1 ELSE close END,
            high = greatest(close, 1.1) + 0.00002 * (1 + extract(minute FROM time)::int % 5),
            low = least(close, 1.1) - 0.00003
        WHERE pair = ? AND time >= ?::timestamptz AND time < ?::timestamptz
        """,
        pair, from, to);
  }

  @Test
  void aColumnThatIsUndefinedIsNullAndAllOthersAreThere() throws SQLException {
    backfill("toy");
    assertThat(
            session.rows(
                """
                SELECT count(*), count(toy_reach), count(w3_toy_high_mean), count(w10_toy_high_return),
                    count(w10_toy_position), count(*) FILTER (WHERE w3_toy_position = 'NaN')
                FROM bqx.toy
                """))
        // The tenth bar of a flat stretch has nine flat ones before it: five hours, five rows.
        .containsExactly(List.of(300L, 300L, 298L, 290L, 286L, 0L));
    assertThat(
            session.column(
                "SELECT DISTINCT extract(minute FROM ts_utc)::int::text FROM bqx.toy"
                    + " WHERE w10_toy_position IS NULL AND ts_utc >= '2024-07-31 20:10Z'"))
        .containsExactly("9");
    // By hand, from raw prices.
    assertThat(
            session.number(
                """
                SELECT count(*) FROM bqx.toy t
                JOIN bqx.baseline_rates b ON b.pair = t.pair
                CROSS JOIN LATERAL (
                    SELECT avg(high / b.baseline_rate * 100) AS high_mean FROM (
                        SELECT high FROM bqx.m1_eurusd m WHERE m.time <= t.ts_utc ORDER BY m.time DESC LIMIT 4) last
                ) m
                WHERE abs(t.w4_toy_high_mean - m.high_mean) <= 1e-11
                """))
        .isEqualTo(297);
    assertVerified("toy");
  }

  @Test
  void rowsOfAPartitionGoStraightIntoTuples() throws SQLException {
    assumeTrue(database.javaRuntime().isSqljrt(), "the plan is of sqljrt alone");
    // Which loads the library.
    session.execute("SELECT bqx.functions_version('toy')");
    assertThat(
            session.column(
                """
                EXPLAIN INSERT INTO bqx.toy (pair, ts_utc, rate_index, toy_reach, w3_toy_position)
                SELECT 'eurusd', ts_utc, features[1], features[2], NULLIF(features[4], 'NaN')
                FROM (SELECT unnest('{2024-08-01}'::timestamptz[]) AS ts_utc,
                    bqx.feature_rows('toy', '{100,101}', 1, '{3}', 0, 0) AS features) AS rows
                """))
        .anyMatch(line -> line.contains("JavaRows"));
  }

  @Test
  void appendedBarsAddRowsAndAChangedHighMakesThemStale() throws SQLException {
    backfill("toy");
    bars("eurusd", "2024-08-01 01:00Z", "2024-08-01 01:30Z");
    assertThat(plannedWrite("toy", "2024-08-01")).isEqualTo("new rows");
    assertThat(session.number("SELECT bqx.backfill('toy', 'eurusd', '2024-08-01')")).isEqualTo(30);
    assertSameAsByForce("toy");

    // The close, and so rate_index, stays.
    session.execute(
        "UPDATE bqx.m1 SET high = high + 0.001 WHERE pair = 'eurusd' AND time = '2024-07-31 23:55Z'");
    assertThat(states("toy"))
        .containsExactly("2024-07-01 stale bars changed", "2024-08-01 stale bars changed");
    assertThat(plannedWrite("toy", "2024-08-01")).isEqualTo("all rows");
    backfill("toy");
    assertVerified("toy");
    // Ten bars before the month are read, and no more.
    session.execute(
        "UPDATE bqx.m1 SET high = high + 0.001 WHERE pair = 'eurusd' AND time = '2024-07-31 22:00Z'");
    assertThat(plannedWrite("toy", "2024-08-01")).isEqualTo("no rows");
    // An open is no input.
    session.execute(
        "UPDATE bqx.m1 SET open = 1 WHERE pair = 'eurusd' AND time = '2024-08-01 00:30Z'");
    assertThat(plannedWrite("toy", "2024-08-01")).isEqualTo("no rows");
  }

  @Test
  void aPriceThatIsMissingIsAnErrorThatNamesTheBar() throws SQLException {
    session.execute(
        "UPDATE bqx.m1 SET high = NULL WHERE pair = 'eurusd'"
            + " AND time BETWEEN '2024-08-01 00:30Z' AND '2024-08-01 00:31Z'");
    assertThatThrownBy(() -> session.execute("SELECT bqx.backfill('toy', 'eurusd', '2024-08-01')"))
        .hasMessageContaining(
            "pair eurusd: 2 bars for toy_eurusd_2024_08 have a rate_index or another price that is NULL"
                + " or not a finite positive number, the first at 2024-08-01 00:30:00 UTC");
    assertThat(session.number("SELECT bqx.backfill('bqx', 'eurusd', '2024-08-01')")).isEqualTo(60);
  }

  @Test
  void verificationFindsWhatIsWrongInAnyColumn() throws SQLException {
    backfill("toy");
    for (String change :
        List.of(
            "toy_reach = -1",
            "toy_reach = NULL",
            "w3_toy_position = 1.5",
            "w3_toy_position = 'NaN'",
            "w4_toy_high_mean = 'Infinity'",
            "w10_toy_high_return = w10_toy_high_return + 1e-6")) {
      session.connection().setAutoCommit(false);
      session.execute(
          "UPDATE bqx.toy SET "
              + change
              + " WHERE pair = 'eurusd' AND ts_utc = '2024-08-01 00:30Z'");
      assertThat(
              session.column(
                  "SELECT DISTINCT column_name FROM bqx.verify('toy', 'eurusd', '2024-08-01', sample => 1000)"
                      + " WHERE kind = 'difference'"))
          .as(change)
          .containsExactly(change.substring(0, change.indexOf(' ')));
      session.connection().rollback();
      session.connection().setAutoCommit(true);
    }
    assertVerified("toy");
  }

  @Test
  void aViewOverItsColumnsComesWithAFamily() throws SQLException {
    backfill("toy");
    assertThat(
            session.number(
                "SELECT count(*) FROM bqx.toy JOIN bqx.toy_rel USING (pair, ts_utc)"
                    + " WHERE w10_toy_high_mean_rel = w10_toy_high_mean / bqx.toy.rate_index - 1"))
        .isEqualTo(291);
  }

  @Test
  void aMonthIsOpenUntilTheBarsAfterItAreThere() throws SQLException {
    session.execute("DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time >= '2024-08-01'");
    backfill("ahead");
    assertThat(open()).containsExactly("2024-07-01 done 30 infinity");
    assertThat(
            session.rows(
                "SELECT count(*), count(w2_ahead_mean), count(w30_ahead_mean) FROM bqx.ahead"))
        .containsExactly(List.of(240L, 238L, 210L));

    // Twenty bars of the next month close some rows of this one.
    bars("eurusd", "2024-08-01 00:00Z", "2024-08-01 00:20Z");
    assertThat(plannedWrite("ahead", "2024-07-01")).isEqualTo("tail rows");
    assertThat(session.number("SELECT bqx.backfill('ahead', 'eurusd', '2024-07-01')"))
        .isEqualTo(30);
    assertThat(session.number("SELECT bqx.backfill('ahead', 'eurusd', '2024-08-01')"))
        .isEqualTo(20);
    assertThat(open())
        .containsExactly("2024-07-01 done 10 infinity", "2024-08-01 done 20 infinity");
    assertThat(session.number("SELECT count(w30_ahead_mean) FROM bqx.ahead_eurusd_2024_07"))
        .isEqualTo(230);
    assertSameAsByForce("ahead");

    bars("eurusd", "2024-08-01 00:20Z", "2024-08-01 02:00Z");
    backfill("ahead");
    assertThat(open())
        .containsExactly("2024-07-01 done 0 2024-08-01", "2024-08-01 done 30 infinity");
    assertThat(
            session.number(
                "SELECT count(*) FROM bqx.ahead_eurusd_2024_07 WHERE w30_ahead_mean IS NULL"))
        .isZero();
    assertVerified("ahead");

    // A closed month does not care for what comes later, but for the bars that it read.
    bars("eurusd", "2024-08-01 02:00Z", "2024-08-01 02:10Z");
    assertThat(plannedWrite("ahead", "2024-07-01")).isEqualTo("no rows");
    session.execute(
        "UPDATE bqx.m1 SET close = 1.2 WHERE pair = 'eurusd' AND time = '2024-08-01 00:29Z'");
    assertThat(plannedWrite("ahead", "2024-07-01")).isEqualTo("all rows");
    backfill("ahead");
    assertVerified("ahead");
    session.execute(
        "UPDATE bqx.m1 SET close = 1.2 WHERE pair = 'eurusd' AND time = '2024-08-01 00:30Z'");
    assertThat(plannedWrite("ahead", "2024-07-01")).isEqualTo("no rows");
  }

  @Test
  void anOpenMonthGrowsByItsOwnBarsToo() throws SQLException {
    backfill("ahead");
    bars("eurusd", "2024-08-01 01:00Z", "2024-08-01 01:01Z");
    assertThat(plannedWrite("ahead", "2024-08-01")).isEqualTo("tail rows");
    assertThat(session.number("SELECT bqx.backfill('ahead', 'eurusd', '2024-08-01')"))
        .isEqualTo(31);
    assertSameAsByForce("ahead");
    assertVerified("ahead");
  }

  @Test
  void relatedPairsAreTakenAsOfThePairsBars() throws SQLException {
    // usdjpy falls when eurusd rises; eurjpy rises with it. Of usdjpy there is a bar every fourth
    // minute.
    bars("usdjpy", "2024-07-31 23:00Z", "2024-08-01 01:00Z");
    bars("eurjpy", "2024-07-31 23:00Z", "2024-08-01 00:30Z");
    session.execute("SELECT bqx.set_baseline('usdjpy'), bqx.set_baseline('eurjpy')");
    session.execute(
        "DELETE FROM bqx.m1 WHERE pair = 'usdjpy' AND extract(minute FROM time)::int % 4 <> 0");
    backfill("kin");
    assertThat(
            session.column(
                """
                SELECT concat_ws(' ', to_char(ts_utc AT TIME ZONE 'UTC', 'HH24:MI'), kin_count, kin_rising, kin_age)
                FROM bqx.kin WHERE pair = 'eurusd' AND ts_utc IN ('2024-07-31 22:59Z', '2024-07-31 23:00Z',
                    '2024-07-31 23:59Z', '2024-08-01 00:33Z', '2024-08-01 00:35Z') ORDER BY ts_utc
                """))
        .containsExactly("22:59 0 0", "23:00 2 1 0", "23:59 2 1 3", "00:33 2 1 4", "00:35 1 0 3");
    assertThat(
            session.value(
                "SELECT kin_mean_close FROM bqx.kin WHERE pair = 'eurusd' AND ts_utc = '2024-07-31 22:59Z'"))
        .isNull();
    assertVerified("kin");
  }

  @Test
  void aBarOfARelatedPairMakesThePartitionStale() throws SQLException {
    bars("usdjpy", "2024-07-31 20:00Z", "2024-08-01 01:00Z");
    session.execute("SELECT bqx.set_baseline('usdjpy')");
    backfill("kin");
    session.execute(
        "UPDATE bqx.m1 SET close = close + 0.01 WHERE pair = 'usdjpy' AND time = '2024-08-01 00:30Z'");
    assertThat(states("kin")).containsExactly("2024-07-01 done", "2024-08-01 stale bars changed");
    backfill("kin");
    assertVerified("kin");
    // A pair that is no relative, and one that gets its first bars.
    bars("audnzd", "2024-08-01 00:00Z", "2024-08-01 01:00Z");
    assertThat(states("kin")).containsExactly("2024-07-01 done", "2024-08-01 done");
    bars("eurgbp", "2024-08-01 00:00Z", "2024-08-01 01:00Z");
    assertThat(states("kin")).containsExactly("2024-07-01 done", "2024-08-01 stale bars changed");
    session.execute("SELECT bqx.set_baseline('eurgbp')");
    backfill("kin");
    assertVerified("kin");
    // Bars of both arrive: rows are added.
    bars("usdjpy", "2024-08-01 01:00Z", "2024-08-01 01:05Z");
    bars("eurgbp", "2024-08-01 01:00Z", "2024-08-01 01:05Z");
    bars("eurusd", "2024-08-01 01:00Z", "2024-08-01 01:05Z");
    assertThat(plannedWrite("kin", "2024-08-01")).isEqualTo("new rows");
    backfill("kin");
    assertSameAsByForce("kin");
    assertVerified("kin");
  }

  @Test
  void aFamilyThatIsNotEnabledIsLeftAlone() throws SQLException {
    session.execute("SELECT bqx.enable_family('kin', false)");
    try {
      session.execute("CALL bqx.backfill_range(NULL, '{eurusd}', '2024-08-01', '2024-08-01')");
      assertThat(session.column("SELECT DISTINCT family FROM bqx.progress ORDER BY 1"))
          .containsExactly("ahead", "bqx", "reg", "toy");
      assertThat(session.number("SELECT count(*) FROM bqx.kin")).isZero();
      assertThatThrownBy(() -> backfill("kin")).hasMessageContaining("family kin is not enabled");
    } finally {
      session.execute("SELECT bqx.enable_family('kin')");
    }
  }

  private void backfill(String family) throws SQLException {
    session.execute("CALL bqx.backfill_range(?, '{eurusd}', '2024-07-01', '2024-08-01')", family);
  }

  private String plannedWrite(String family, String month) throws SQLException {
    return session.text("SELECT bqx.planned_write(?, 'eurusd', ?::date)", family, month);
  }

  private List<String> states(String family) throws SQLException {
    return session.column(
        "SELECT concat_ws(' ', month, state, reason) FROM bqx.progress WHERE family = ? AND pair = 'eurusd'"
            + " ORDER BY month",
        family);
  }

  private List<String> open() throws SQLException {
    return session.column(
        "SELECT concat_ws(' ', month, state, rows_open, source_to) FROM bqx.partition_state"
            + " WHERE family = 'ahead' ORDER BY month");
  }

  private void assertVerified(String family) throws SQLException {
    assertThat(
            session.column(
                "SELECT p.month || v::text FROM bqx.progress p, bqx.verify(p.family, p.pair, p.month, every_row => true) v"
                    + " WHERE p.family = ? AND p.pair = 'eurusd' AND v.kind <> 'fact'",
                family))
        .isEmpty();
    assertThat(states(family)).allMatch(state -> state.endsWith("done"));
  }

  private void assertSameAsByForce(String family) throws SQLException {
    for (String month : List.of("2024-07-01", "2024-08-01")) {
      String partition = family + "_eurusd_" + month.substring(0, 7).replace('-', '_');
      String before = Migrated.digest(session, partition);
      session.execute("SELECT bqx.backfill(?, 'eurusd', ?::date, force => true)", family, month);
      assertThat(Migrated.digest(session, partition)).as(partition).isEqualTo(before);
    }
  }
}
