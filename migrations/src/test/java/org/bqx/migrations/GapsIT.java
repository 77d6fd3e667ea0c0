package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Minutes without a bar while the market was open are found, and bars behind the triggers, too. */
class GapsIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private SqlSession session;

  @BeforeAll
  static void migrate() {
    Migrated.migrate(database);
  }

  @BeforeEach
  void connect() throws SQLException {
    session = new SqlSession(database.connect());
    session.execute(
        "TRUNCATE bqx.m1, bqx.bqx, bqx.reg, bqx.m1_month, bqx.partition_state, bqx.baseline_rates,"
            + " bqx.bar_coverage, bqx.bar_gap, bqx.acknowledged_gap");
  }

  @AfterEach
  void disconnect() throws SQLException {
    session.close();
  }

  /** Every minute that the market is open, in New York's summer and winter. */
  private void openMarket(String pair, String from, String to) throws SQLException {
    session.execute(
        "SELECT bqx.create_months(?, bqx.month_of(?::timestamptz), bqx.month_of(?::timestamptz))",
        pair,
        from,
        to);
    session.execute(
        """
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume)
        SELECT ?, t, 1, 1, 1, 1 + extract(minute FROM t) / 1e5, 1
        FROM generate_series(?::timestamptz, ?::timestamptz - interval '1 minute', interval '1 minute') t,
            LATERAL (SELECT t AT TIME ZONE 'America/New_York' AS local) n
        WHERE NOT (extract(dow FROM local) = 6
            OR extract(dow FROM local) = 5 AND extract(hour FROM local) >= 17
            OR extract(dow FROM local) = 0 AND extract(hour FROM local) < 17)
        """,
        pair,
        from,
        to);
  }

  private List<String> gaps() throws SQLException {
    return session.column(
        "SELECT concat_ws(' ', pair, bqx.utc_text(from_time), bqx.utc_text(to_time), minutes, state)"
            + " FROM bqx.gap ORDER BY pair, from_time");
  }

  @Test
  void aMarketThatWasOpenAllTheTimeHasNoGap() throws SQLException {
    // Over both changes of New York's clock: 2024-03-10 and 2024-11-03.
    openMarket("eurusd", "2024-03-01 00:00Z", "2024-03-20 00:00Z");
    openMarket("usdjpy", "2024-10-28 00:00Z", "2024-11-12 00:00Z");
    assertThat(session.number("SELECT bqx.measure_bars()")).isEqualTo(3);
    assertThat(gaps()).isEmpty();
    assertThat(session.column("SELECT DISTINCT missing::text FROM bqx.bar_coverage"))
        .containsExactly("0");
    assertThat(session.number("SELECT bqx.measure_bars()")).isZero();
  }

  @Test
  void aHoleInsideAMonthIsFoundWithItsOpenMinutes() throws SQLException {
    openMarket("eurusd", "2024-07-01 00:00Z", "2024-08-03 00:00Z");
    // Thursday noon to Monday noon: 33 hours until Friday 21:00 UTC, 15 from Sunday 21:00 on.
    session.execute(
        "DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time >= '2024-07-11 12:00Z' AND time < '2024-07-15 12:00Z'");
    session.execute("DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time = '2024-07-17 12:00Z'");
    // Over the month's edge.
    session.execute(
        "DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time >= '2024-07-31 23:00Z' AND time < '2024-08-01 01:00Z'");
    session.execute("SELECT bqx.measure_bars()");
    assertThat(gaps())
        .containsExactly(
            "eurusd 2024-07-11 12:00:00 UTC 2024-07-15 12:00:00 UTC 2880 open",
            "eurusd 2024-07-31 23:00:00 UTC 2024-08-01 01:00:00 UTC 120 open");
    assertThat(
            session.column(
                "SELECT concat_ws(' ', month, missing) FROM bqx.bar_coverage ORDER BY month"))
        .containsExactly("2024-07-01 2881", "2024-08-01 120");
    assertThat(
            session.column(
                "SELECT concat_ws(' ', check_name, pair, month, bqx.utc_text(ts_utc), found) FROM bqx.verify_range()"
                    + " WHERE check_name LIKE 'gap%' ORDER BY ts_utc"))
        .containsExactly(
            "gap in bars eurusd 2024-07-01 2024-07-11 12:00:00 UTC"
                + " no bar for 2880 minutes of an open market, until 2024-07-15 12:00:00 UTC",
            "gap in bars eurusd 2024-08-01 2024-07-31 23:00:00 UTC"
                + " no bar for 120 minutes of an open market, until 2024-08-01 01:00:00 UTC");
    // Sixty rows of each window of 60 look across each gap.
    assertThat(
            session.column(
                "SELECT concat_ws(' ', window_length, bqx.utc_text(first_row), rows) FROM bqx.rows_across_gaps('reg')"
                    + " WHERE minutes = 2880 AND window_length IN (60, 630)"))
        .containsExactly("60 2024-07-15 12:00:00 UTC 60", "630 2024-07-15 12:00:00 UTC 630");
  }

  @Test
  void aGapIsClosedByItsBarsOrByAWord() throws SQLException {
    openMarket("eurusd", "2024-07-01 00:00Z", "2024-07-06 00:00Z");
    session.execute(
        "DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time >= '2024-07-02 12:00Z' AND time < '2024-07-02 13:00Z'");
    session.execute(
        "DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time >= '2024-07-03 12:00Z' AND time < '2024-07-03 13:00Z'");
    session.execute("SELECT bqx.measure_bars()");
    try (SqlSession runner = new SqlSession(database.connectAs("bqx_runner"))) {
      assertThat(
              runner.number(
                  "SELECT bqx.acknowledge_gaps('{eurusd}', '2024-07-02', '2024-07-03', 'the feed was down')"))
          .isEqualTo(1);
    }
    assertThat(gaps())
        .containsExactly(
            "eurusd 2024-07-02 12:00:00 UTC 2024-07-02 13:00:00 UTC 60 acknowledged",
            "eurusd 2024-07-03 12:00:00 UTC 2024-07-03 13:00:00 UTC 60 open");
    // Another gap at the same place is another gap.
    session.execute("DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time = '2024-07-02 13:00Z'");
    assertThat(
            session.column(
                "SELECT found FROM bqx.verify_range() WHERE check_name = 'gaps not looked for'"))
        .containsExactly("1 month");
    session.execute("SELECT bqx.measure_bars('{eurusd}')");
    openMarket("eurusd", "2024-07-03 12:00Z", "2024-07-03 13:00Z");
    session.execute("SELECT bqx.measure_bars('{eurusd}')");
    assertThat(gaps())
        .containsExactly("eurusd 2024-07-02 12:00:00 UTC 2024-07-02 13:01:00 UTC 61 open");
  }

  @Test
  void whatMostPairsLackIsAHoliday() throws SQLException {
    for (String pair : List.of("audusd", "eurusd", "gbpusd", "usdjpy")) {
      openMarket(pair, "2024-12-23 00:00Z", "2024-12-28 00:00Z");
    }
    session.execute(
        "DELETE FROM bqx.m1 WHERE pair <> 'usdjpy' AND time >= '2024-12-24 22:00Z' AND time < '2024-12-25 22:00Z'");
    session.execute(
        "DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time >= '2024-12-27 10:00Z' AND time < '2024-12-27 11:00Z'");
    session.execute("SELECT bqx.measure_bars()");
    assertThat(gaps())
        .containsExactly(
            "audusd 2024-12-24 22:00:00 UTC 2024-12-25 22:00:00 UTC 1440 holiday",
            "eurusd 2024-12-24 22:00:00 UTC 2024-12-25 22:00:00 UTC 1440 holiday",
            "eurusd 2024-12-27 10:00:00 UTC 2024-12-27 11:00:00 UTC 60 open",
            "gbpusd 2024-12-24 22:00:00 UTC 2024-12-25 22:00:00 UTC 1440 holiday");
  }

  @Test
  void barsBehindTheTriggersAreNoticedAndCounted() throws SQLException {
    openMarket("eurusd", "2024-07-01 00:00Z", "2024-07-03 00:00Z");
    openMarket("usdjpy", "2024-07-01 00:00Z", "2024-07-03 00:00Z");
    session.execute("SELECT bqx.set_baseline('eurusd'), bqx.set_baseline('usdjpy')");
    session.execute("CALL bqx.backfill_range(NULL, NULL, '2024-07-01', '2024-07-01')");
    assertThat(session.rows("SELECT * FROM bqx.miscounted_months(exact => true)")).isEmpty();

    session.execute("SET session_replication_role = replica");
    session.execute("DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time = '2024-07-02 12:00Z'");
    session.execute("SELECT bqx.create_months('eurusd', '2024-08-01', '2024-08-01')");
    session.execute(
        "INSERT INTO bqx.m1 (pair, time, close, rate_index) VALUES ('eurusd', '2024-08-01 00:00Z', 1, 100)");
    session.execute("RESET session_replication_role");
    assertThat(
            session.column(
                "SELECT concat_ws(' ', pair, month, noted, found) FROM bqx.miscounted_months()"))
        .containsExactly("eurusd 2024-08-01 0 some");
    assertThat(
            session.column(
                "SELECT concat_ws(' ', pair, month, noted, found) FROM bqx.miscounted_months(exact => true)"))
        .containsExactly("eurusd 2024-07-01 2880 2879", "eurusd 2024-08-01 0 1");

    try (SqlSession runner = new SqlSession(database.connectAs("bqx_runner"))) {
      assertThat(
              runner.column(
                  "SELECT concat_ws(' ', counted_pair, counted_month, bars_before, bars_now) FROM bqx.recount_bars('EURUSD')"))
          .containsExactly("eurusd 2024-07-01 2880 2879", "eurusd 2024-08-01 0 1");
    }
    assertThat(session.rows("SELECT * FROM bqx.miscounted_months(exact => true)")).isEmpty();
    assertThat(states())
        .containsExactly(
            "bqx eurusd 2024-07-01 stale bars changed",
            "bqx eurusd 2024-08-01 missing",
            "bqx usdjpy 2024-07-01 done");
    // A pair that was counted right is looked at, and left as it is.
    session.execute("SELECT * FROM bqx.recount_bars()");
    assertThat(session.text("SELECT bqx.planned_write('bqx', 'usdjpy', '2024-07-01')"))
        .isEqualTo("no rows");
  }

  @Test
  void aMonthThatWasDroppedAndComesBackIsCountedOnce() throws SQLException {
    openMarket("eurusd", "2024-07-01 00:00Z", "2024-07-03 00:00Z");
    session.execute("SELECT bqx.set_baseline('eurusd')");
    session.execute("SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01')");
    session.execute("DROP TABLE bqx.m1_eurusd_2024_07");
    assertThat(
            session.column(
                "SELECT concat_ws(' ', pair, month, noted, found) FROM bqx.miscounted_months()"))
        .containsExactly("eurusd 2024-07-01 2880 0");
    openMarket("eurusd", "2024-07-01 00:00Z", "2024-07-02 00:00Z");
    assertThat(session.number("SELECT bars FROM bqx.m1_month")).isEqualTo(1_440);
    assertThat(states()).containsExactly("bqx eurusd 2024-07-01 stale bars changed");
  }

  @Test
  void aPartitionWhoseTableIsGoneIsNotDone() throws SQLException {
    openMarket("eurusd", "2024-07-01 00:00Z", "2024-07-02 00:00Z");
    session.execute("SELECT bqx.set_baseline('eurusd')");
    session.execute("SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01')");
    String bits = Migrated.digest(session, "bqx_eurusd_2024_07");
    session.execute("ALTER TABLE bqx.bqx_eurusd DETACH PARTITION bqx.bqx_eurusd_2024_07");
    assertThat(states()).containsExactly("bqx eurusd 2024-07-01 stale table is gone");
    // What somebody put aside is not dropped.
    assertThatThrownBy(() -> session.execute("SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01')"))
        .hasMessageContaining("table bqx.bqx_eurusd_2024_07 is in the way: it is no partition");
    session.execute("DROP TABLE bqx.bqx_eurusd_2024_07");
    assertThat(states()).containsExactly("bqx eurusd 2024-07-01 stale table is gone");
    assertThat(session.number("SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01')"))
        .isEqualTo(1_440);
    assertThat(Migrated.digest(session, "bqx_eurusd_2024_07")).isEqualTo(bits);
    assertThat(states()).containsExactly("bqx eurusd 2024-07-01 done");
  }

  private List<String> states() throws SQLException {
    return session.column(
        "SELECT concat_ws(' ', family, pair, month, state, reason) FROM bqx.progress WHERE family = 'bqx'"
            + " ORDER BY pair, month");
  }
}
