package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pairs come and go, and old months go: what is left stays done, and what went is on record. */
class PairsIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private SqlSession session;

  @BeforeEach
  void migrate() throws SQLException {
    session = new SqlSession(database.connect());
    session.execute("DROP SCHEMA IF EXISTS bqx CASCADE");
    Migrated.migrate(database);
  }

  @AfterEach
  void disconnect() throws SQLException {
    session.close();
  }

  @Test
  void anAddedPairIsComputedLikeTheOthers() throws SQLException {
    try (SqlSession runner = new SqlSession(database.connectAs("bqx_runner"))) {
      assertThat(runner.text("SELECT bqx.add_pair('XAUUSD')")).isEqualTo("xauusd");
      assertThat(runner.text("SELECT bqx.add_pair('us500usd', 'us500', 'usd')"))
          .isEqualTo("us500usd");
      for (String pair : List.of("xauusd", "us500usd")) {
        Migrated.insertBars(runner, pair, "2024-07-31 00:00Z", "2024-08-02 00:00Z");
        runner.execute("SELECT bqx.set_baseline(?)", pair);
      }
      runner.execute("CALL bqx.backfill_range(NULL, NULL, '2024-07-01', '2024-08-01')");
    }
    assertThat(
            session.column(
                "SELECT concat_ws(' ', family, pair, month, state, rows) FROM bqx.progress ORDER BY 1"))
        .containsExactly(
            "bqx us500usd 2024-07-01 done 1440",
            "bqx us500usd 2024-08-01 done 1440",
            "bqx xauusd 2024-07-01 done 1440",
            "bqx xauusd 2024-08-01 done 1440",
            "reg us500usd 2024-07-01 done 1440",
            "reg us500usd 2024-08-01 done 1440",
            "reg xauusd 2024-07-01 done 1440",
            "reg xauusd 2024-08-01 done 1440");
    assertVerified();
    assertThat(
            session.column(
                "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'bqx' AND tablename LIKE '%xauusd%'"))
        .containsExactly("bqx_owner");
  }

  @Test
  void aNameThatIsNoPairIsRefused() throws SQLException {
    for (String arguments :
        List.of(
            "'eur'",
            "'eurusdt'",
            "'eur-us'",
            "'eurusd', 'eu', 'usd'",
            "'aaa', 'a', 'aa'",
            "'eureur'",
            "NULL",
            "'toolongus', 'toolong', 'us'")) {
      assertThatThrownBy(() -> session.execute("SELECT bqx.add_pair(" + arguments + ")"))
          .as(arguments)
          .hasMessageContaining("must be base and quote, each of 2 to 5 letters or digits");
    }
    session.execute("SELECT bqx.add_pair('us500usd', 'us500', 'usd')");
    assertThat(session.notices("SELECT bqx.add_pair('us500usd', 'us500', 'usd')"))
        .containsExactly("pair us500usd is there already");
    assertThatThrownBy(() -> session.execute("SELECT bqx.add_pair('us500usd', 'us50', '0usd')"))
        .hasMessageContaining("is there, with base us500 and quote usd");
  }

  @Test
  void aPairIsRemovedWithAllThatIsIts() throws SQLException {
    computeThreeMonths("eurusd");
    computeThreeMonths("usdjpy");
    String others =
        session.text("SELECT md5(string_agg(b::text, ';' ORDER BY ts_utc)) FROM bqx.bqx_usdjpy b");
    assertThat(
            session.column(
                "SELECT concat_ws(' ', pair, pair_no, bars, partitions, rows, bytes > 1000000, role_name = session_user)"
                    + " FROM bqx.remove_pair('EURUSD')"))
        .containsExactly("eurusd 15 4320 6 8640 t t");
    assertThat(session.number("SELECT count(*) FROM bqx.removal")).isEqualTo(1);
    for (String table :
        List.of("m1", "m1_month", "bqx", "reg", "partition_state", "baseline_rates", "pair")) {
      assertThat(session.number("SELECT count(*) FROM bqx." + table + " WHERE pair = 'eurusd'"))
          .as(table)
          .isZero();
    }
    assertThat(
            session.number(
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'bqx'::regnamespace AND relname LIKE '%eurusd%'"))
        .isZero();
    assertThat(
            session.text(
                "SELECT md5(string_agg(b::text, ';' ORDER BY ts_utc)) FROM bqx.bqx_usdjpy b"))
        .isEqualTo(others);
    assertVerified();

    // It can come back, under a number that nobody has had.
    session.execute("SELECT bqx.add_pair('eurusd')");
    assertThat(session.number("SELECT pair_no FROM bqx.pair WHERE pair = 'eurusd'")).isEqualTo(29);
    session.execute("SELECT bqx.remove_pair('eurusd')");
    session.execute("SELECT bqx.add_pair('eurusd')");
    assertThat(session.number("SELECT pair_no FROM bqx.pair WHERE pair = 'eurusd'")).isEqualTo(30);
    assertThatThrownBy(() -> session.execute("SELECT bqx.remove_pair('xauusd')"))
        .hasMessageContaining("unknown pair \"xauusd\"");
  }

  @Test
  void oldMonthsGoAndWhatIsLeftStaysDone() throws SQLException {
    computeThreeMonths("eurusd");
    String kept = digest("eurusd");
    // July has 1,440 bars: the lookback of August, 630 bars, lies in it alone.
    assertThat(
            session.column(
                "SELECT concat_ws(' ', pair, before_month, bars, partitions, rows, bytes > 0)"
                    + " FROM bqx.drop_months('2024-08-15')"))
        .containsExactly("eurusd 2024-08-01 1440 4 5760 t");
    assertThat(session.column("SELECT month::text FROM bqx.m1_month ORDER BY month"))
        .containsExactly("2024-07-01", "2024-08-01");
    assertThat(session.number("SELECT count(*) FROM bqx.m1")).isEqualTo(2_880);
    assertThat(
            session.column(
                "SELECT concat_ws(' ', family, month, state) FROM bqx.progress ORDER BY family, month"))
        .containsExactly("bqx 2024-08-01 done", "reg 2024-08-01 done");
    session.execute("CALL bqx.backfill_range(NULL, NULL, '2024-06-01', '2024-08-01')");
    assertThat(digest("eurusd")).isEqualTo(kept);
    session.execute("SELECT bqx.backfill('bqx', 'eurusd', '2024-08-01', force => true)");
    assertThat(digest("eurusd")).isEqualTo(kept);
    assertVerified();
    assertThat(session.number("SELECT count(*) FROM bqx.removal")).isEqualTo(1);
    assertThat(session.rows("SELECT * FROM bqx.drop_months('2024-08-01')")).isEmpty();

    // Bars that come back are computed again.
    Migrated.insertBars(session, "eurusd", "2024-06-28 00:00Z", "2024-06-29 00:00Z");
    assertThat(
            session.column(
                "SELECT DISTINCT concat_ws(' ', month, state) FROM bqx.progress WHERE family = 'bqx' ORDER BY 1"))
        .containsExactly("2024-06-01 missing", "2024-07-01 missing", "2024-08-01 done");
  }

  @Test
  void whoComputesDropsNothing() throws SQLException {
    computeThreeMonths("eurusd");
    try (SqlSession runner = new SqlSession(database.connectAs("bqx_runner"))) {
      for (String call : List.of("bqx.remove_pair('eurusd')", "bqx.drop_months('2024-08-01')")) {
        assertThatThrownBy(() -> runner.execute("SELECT " + call))
            .hasMessageContaining("permission denied");
      }
    }
    assertVerified();
  }

  @Test
  void whatIsBeingComputedIsNotDropped() throws SQLException {
    computeThreeMonths("eurusd");
    try (SqlSession other = new SqlSession(database.connect())) {
      other.connection().setAutoCommit(false);
      other.execute("SELECT bqx.backfill('bqx', 'eurusd', '2024-06-01', force => true)");
      for (String call : List.of("bqx.remove_pair('eurusd')", "bqx.drop_months('2024-08-01')")) {
        assertThatThrownBy(() -> session.execute("SELECT " + call))
            .hasMessageContaining("bqx_eurusd_2024_06 is being computed by backend");
      }
      other.connection().rollback();
    }
    assertVerified();
  }

  /** The bars of a day in each of three months. */
  private void computeThreeMonths(String pair) throws SQLException {
    Migrated.insertBars(session, pair, "2024-06-28 00:00Z", "2024-06-29 00:00Z");
    Migrated.insertBars(session, pair, "2024-07-31 00:00Z", "2024-08-02 00:00Z");
    session.execute("SELECT bqx.set_baseline(?, '2024-06-01')", pair);
    session.execute(
        "CALL bqx.backfill_range(NULL, ?, '2024-06-01', '2024-08-01')",
        (Object) new String[] {pair});
  }

  private String digest(String pair) throws SQLException {
    return Migrated.digest(session, "bqx_" + pair + "_2024_08")
        + Migrated.digest(session, "reg_" + pair + "_2024_08");
  }

  private void assertVerified() throws SQLException {
    assertThat(
            session.column(
                "SELECT p.pair || p.month || v::text FROM bqx.progress p,"
                    + " bqx.verify(p.family, p.pair, p.month, every_row => true) v WHERE v.kind <> 'fact'"))
        .isEmpty();
  }
}
