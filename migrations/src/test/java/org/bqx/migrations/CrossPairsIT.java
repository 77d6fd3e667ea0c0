package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.bqx.testkit.RealBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The family xpair in a database: other pairs' bars are read beside a pair's own. */
class CrossPairsIT {
  private static final List<String> PAIRS =
      List.of("eurusd", "eurgbp", "eurjpy", "eurchf", "gbpusd", "usdjpy", "usdchf");

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private SqlSession session;

  @BeforeEach
  void migrate() throws SQLException {
    session = new SqlSession(database.connect());
    session.execute("DROP SCHEMA IF EXISTS bqx CASCADE");
    Migrated.flyway(database, Map.of("flyway.placeholders.baseline_date", "2021-02-01")).migrate();
    session.execute("SELECT bqx.enable_family('xpair')");
  }

  @AfterEach
  void disconnect() throws SQLException {
    session.close();
  }

  /** Bars of seven pairs, each with noise of its own. */
  private void bars(String from, String to) throws SQLException {
    for (String pair : PAIRS) {
      Migrated.insertBars(session, pair, from, to);
      session.execute(
          """
          UPDATE bqx.m1 SET close = close + 0.00001 * ((extract(epoch FROM time) / 60)::bigint * ? % 97)
          WHERE pair = ? AND time >= ?::timestamptz AND time < ?::timestamptz
          """,
          31 + 2 * PAIRS.indexOf(pair), pair, from, to);
    }
  }

  private void backfill(String pair) throws SQLException {
    session.execute("CALL bqx.backfill_range('xpair', ARRAY[?], '2021-01-01', '2021-03-01')", pair);
  }

  private void assertVerified(String pair) throws SQLException {
    assertThat(
            session.column(
                "SELECT DISTINCT state FROM bqx.progress WHERE pair = ? AND family = 'xpair'",
                pair))
        .containsExactly("done");
    assertThat(
            session.column(
                "SELECT p.month || v::text FROM bqx.progress p,"
                    + " bqx.verify(p.family, p.pair, p.month, every_row => true) v"
                    + " WHERE p.family = 'xpair' AND p.pair = ? AND v.kind <> 'fact'",
                pair))
        .isEmpty();
  }

  @Test
  void everyRowIsVerifiedAndAChangedValueOfEveryColumnIsFound() throws SQLException {
    bars("2021-02-25 00:00Z", "2021-03-01 06:00Z");
    for (String pair : PAIRS) {
      session.execute("SELECT bqx.set_baseline(?)", pair);
    }
    backfill("eurusd");
    assertVerified("eurusd");

    bars("2021-03-01 06:00Z", "2021-03-01 07:00Z");
    backfill("eurusd");
    assertVerified("eurusd");
    String before = Migrated.digest(session, "xpair_eurusd_2021_03");
    session.execute("SELECT bqx.backfill('xpair', 'eurusd', '2021-03-01', force => true)");
    assertThat(Migrated.digest(session, "xpair_eurusd_2021_03")).isEqualTo(before);

    Migrated.assertChangedValuesAreFound(session, "xpair", "eurusd", "2021-03-01 00:59Z");
  }

  @Test
  @RealBars.Required
  void realBarsAreVerified() throws SQLException, IOException {
    for (String pair : List.of("usdjpy", "gbpusd", "audusd", "usdcad", "usdchf")) {
      Migrated.copyRealBars(session, pair);
    }
    backfill("usdjpy");
    assertVerified("usdjpy");
    assertThat(session.number("SELECT count(*) FROM bqx.xpair")).isEqualTo(50_000);
  }
}
