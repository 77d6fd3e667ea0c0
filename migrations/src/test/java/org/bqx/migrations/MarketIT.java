package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.bqx.testkit.RealBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A family of the market, ccy: partitions that are computed from the bars of all pairs. */
class MarketIT {
  private static final List<String> REAL_PAIRS =
      List.of("usdjpy", "gbpusd", "audusd", "usdcad", "usdchf");

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private SqlSession session;

  @BeforeAll
  static void migrate() throws SQLException {
    Migrated.flyway(database, Map.of("flyway.placeholders.baseline_date", "2021-02-01")).migrate();
    try (SqlSession session = new SqlSession(database.connect())) {
      session.execute("SELECT bqx.enable_family('ccy')");
    }
  }

  @BeforeEach
  void connect() throws SQLException {
    session = new SqlSession(database.connect());
    for (String partition :
        session.column(
            "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'bqx.ccy_market'::regclass")) {
      session.execute("DROP TABLE " + partition);
    }
    session.execute("TRUNCATE bqx.m1, bqx.m1_month, bqx.partition_state, bqx.baseline_rates");
  }

  @AfterEach
  void disconnect() throws SQLException {
    session.close();
  }

  private List<String> pairs() throws SQLException {
    return session.column("SELECT pair FROM bqx.pair ORDER BY pair_no");
  }

  /** Bars of all pairs with noise of their own; the yen has none from 00:30 to 00:50. */
  private void bars(String from, String to) throws SQLException {
    for (String pair : pairs()) {
      bars(pair, from, to);
    }
    session.execute(
        "DELETE FROM bqx.m1 WHERE pair LIKE '%jpy' AND time >= '2021-03-01 00:30Z'"
            + " AND time < '2021-03-01 00:50Z'");
  }

  private void bars(String pair, String from, String to) throws SQLException {
    Migrated.insertBars(session, pair, from, to);
    session.execute(
        """
        UPDATE bqx.m1 SET close = close + 0.00001 * ((extract(epoch FROM time) / 60)::bigint * p.pair_no % 97)
        FROM bqx.pair p
        WHERE m1.pair = ? AND p.pair = m1.pair AND time >= ?::timestamptz AND time < ?::timestamptz
        """,
        pair, from, to);
  }

  private void setBaselines() throws SQLException {
    session.execute(
        "SELECT bqx.set_baseline(pair) FROM (SELECT DISTINCT pair FROM bqx.m1_month) p");
  }

  private void backfill() throws SQLException {
    session.execute("CALL bqx.backfill_range('ccy', NULL, '2021-01-01', '2021-12-01')");
  }

  private List<String> states() throws SQLException {
    return session.column(
        "SELECT concat_ws(' ', pair, month, state, reason) FROM bqx.progress WHERE family = 'ccy' ORDER BY month");
  }

  private void assertVerified() throws SQLException {
    assertThat(states()).isNotEmpty().allMatch(state -> state.endsWith("done"));
    assertThat(
            session.column(
                "SELECT p.month || v::text FROM bqx.progress p,"
                    + " bqx.verify(p.family, p.pair, p.month, sample => 1000, every_row => true) v"
                    + " WHERE p.family = 'ccy' AND v.kind <> 'fact'"))
        .isEmpty();
    assertThat(session.column("SELECT v::text FROM bqx.verify_range('{ccy}', '{market}') v"))
        .isEmpty();
  }

  @Test
  void everyRowIsVerifiedAndTheNullsAreThoseOfTheCatalogue() throws SQLException {
    bars("2021-02-28 23:00Z", "2021-03-01 02:00Z");
    setBaselines();
    backfill();
    assertVerified();
    assertThat(
            session.column(
                """
                SELECT concat_ws(' ', to_char(ts_utc AT TIME ZONE 'UTC', 'HH24:MI'), ccy_pairs, ccy_usd_index IS NULL)
                FROM bqx.ccy WHERE ts_utc >= '2021-03-01' AND to_char(ts_utc AT TIME ZONE 'UTC', 'HH24:MI')
                    IN ('00:00', '00:34', '00:35', '00:49', '00:50') ORDER BY ts_utc
                """))
        // The yen's last values count for five minutes.
        .containsExactly("00:00 28 f", "00:34 28 f", "00:35 21 t", "00:49 21 t", "00:50 28 f");
    assertThat(
            session.number(
                "SELECT count(*) FROM bqx.ccy WHERE num_nulls(ccy_aud_index, ccy_rms) = 1"
                    + " OR (ccy_rms IS NULL) <> (ccy_pairs < 28)"))
        .isZero();
    // The closed form, in SQL: an eighth of the sum over the pairs of a currency.
    assertThat(
            session.number(
                """
                SELECT count(*) FROM bqx.ccy c
                CROSS JOIN LATERAL (
                    SELECT 100 * exp(sum(CASE p.base WHEN 'usd' THEN 1 ELSE -1 END * ln(m.rate_index / 100)) / 8) AS usd
                    FROM bqx.m1 m JOIN bqx.pair p ON p.pair = m.pair
                    WHERE m.time = c.ts_utc AND 'usd' IN (p.base, p.quote)
                ) by_hand
                WHERE c.ccy_pairs = 28 AND abs(c.ccy_usd_index - by_hand.usd) <= 1e-11
                """))
        .isEqualTo(100);
    // By pair: what the currencies do not explain, and its root mean square.
    assertThat(
            session.number(
                """
                SELECT count(*) FROM (
                    SELECT ts_utc, sqrt(avg(ccy_residual ^ 2)) AS rms FROM bqx.ccy_pair
                    WHERE ccy_differential = ccy_base_index - ccy_quote_index
                    GROUP BY ts_utc HAVING count(*) = 28
                ) r JOIN bqx.ccy c USING (ts_utc) WHERE abs(c.ccy_rms - r.rms) <= 1e-9
                """))
        .isEqualTo(100);
    assertThat(
            session.text(
                "SELECT col_description('bqx.ccy_pair'::regclass, attnum) FROM pg_attribute"
                    + " WHERE attrelid = 'bqx.ccy_pair'::regclass AND attname = 'ccy_residual'"))
        .isEqualTo("ln(x/100) less the difference of s of base and quote (basis points)");
    Migrated.assertChangedValuesAreFound(session, "ccy", "market", "2021-03-01 00:20Z");
  }

  /** Its minute has a row, and the pair counts with its last good bar. */
  @Test
  void aBarWithoutAGoodPriceIsAMinuteAndNoValue() throws SQLException {
    bars("2021-03-01 00:00Z", "2021-03-01 00:30Z");
    setBaselines();
    session.execute(
        "INSERT INTO bqx.m1 (pair, time, close, rate_index) VALUES"
            + " ('eurusd', '2021-03-01 00:30Z', 1, -1), ('gbpusd', '2021-03-01 00:36Z', 1, 'NaN')");
    backfill();
    assertVerified();
    assertThat(
            session.column(
                "SELECT to_char(ts_utc AT TIME ZONE 'UTC', 'HH24:MI ') || ccy_pairs FROM bqx.ccy"
                    + " WHERE ts_utc >= '2021-03-01 00:29Z' ORDER BY ts_utc"))
        .containsExactly("00:29 28", "00:30 28", "00:36 0");
  }

  @Test
  void aBarOfAnyPairMakesThePartitionStaleAndAppendedBarsAddRows() throws SQLException {
    bars("2021-02-28 23:00Z", "2021-03-01 01:00Z");
    setBaselines();
    backfill();
    assertThat(states()).containsExactly("market 2021-03-01 done");
    session.execute(
        "UPDATE bqx.m1 SET close = close + 0.001 WHERE pair = 'nzdchf' AND time = '2021-03-01 00:20Z'");
    assertThat(states()).containsExactly("market 2021-03-01 stale bars changed");
    assertThat(session.text("SELECT bqx.planned_write('ccy', 'market', '2021-03-01')"))
        .isEqualTo("all rows");
    backfill();
    assertVerified();

    bars("2021-03-01 01:00Z", "2021-03-01 01:30Z");
    assertThat(session.text("SELECT bqx.planned_write('ccy', 'market', '2021-03-01')"))
        .isEqualTo("new rows");
    assertThat(session.number("SELECT bqx.backfill('ccy', 'market', '2021-03-01')")).isEqualTo(30);
    String appended = Migrated.digest(session, "ccy_market_2021_03");
    session.execute("SELECT bqx.backfill('ccy', 'market', '2021-03-01', force => true)");
    assertThat(Migrated.digest(session, "ccy_market_2021_03")).isEqualTo(appended);
    assertVerified();

    // Another baseline changes every index of the pair.
    session.execute("SELECT bqx.set_baseline('eurusd', '2021-03-01')");
    session.execute(
        "UPDATE bqx.m1 SET close = close * 2 WHERE pair = 'eurusd' AND time = '2021-03-01 00:00Z'");
    session.execute("SELECT bqx.set_baseline('eurusd', '2021-03-01')");
    assertThat(states()).containsExactly("market 2021-03-01 stale bars changed");
  }

  @Test
  void pairsAndMonthsComeAndGo() throws SQLException {
    for (String pair : List.of("eurusd", "gbpusd")) {
      bars(pair, "2021-01-29 10:00Z", "2021-01-29 11:00Z");
      bars(pair, "2021-02-26 10:00Z", "2021-02-26 11:00Z");
    }
    session.execute("SELECT bqx.set_baseline('eurusd', '2021-01-01')");
    session.execute("SELECT bqx.set_baseline('gbpusd', '2021-01-01')");
    backfill();
    assertVerified();
    assertThat(
            session.rows(
                "SELECT count(*), count(ccy_eur_index), count(ccy_aud_index) FROM bqx.ccy"))
        .containsExactly(List.of(120L, 120L, 0L));

    // Not of the eight currencies: a pair of its own, and nothing of the market's.
    session.execute("SELECT bqx.add_pair('xauusd')");
    bars("xauusd", "2021-03-01 10:00Z", "2021-03-01 10:30Z");
    assertThat(states()).containsExactly("market 2021-01-01 done", "market 2021-02-01 done");
    assertThat(session.value("SELECT to_regclass('bqx.ccy_xauusd')")).isNull();

    session.execute("SELECT bqx.remove_pair('gbpusd')");
    assertThat(states()).allMatch(state -> state.endsWith("stale bars changed"));
    backfill();
    assertVerified();
    assertThat(session.number("SELECT count(ccy_gbp_index) FROM bqx.ccy")).isZero();
    session.execute("SELECT bqx.add_pair('gbpusd')");
    bars("gbpusd", "2021-02-26 10:00Z", "2021-02-26 11:00Z");
    session.execute("SELECT bqx.set_baseline('gbpusd', '2021-01-01')");
    assertThat(states())
        .containsExactly(
            "market 2021-01-01 stale pairs changed", "market 2021-02-01 stale pairs changed");
    backfill();
    assertVerified();

    // It goes, and comes back with as many changes, but other bars.
    session.execute("SELECT bqx.remove_pair('gbpusd')");
    session.execute("SELECT bqx.add_pair('gbpusd')");
    bars("gbpusd", "2021-02-26 10:00Z", "2021-02-26 10:30Z");
    session.execute("SELECT bqx.set_baseline('gbpusd', '2021-01-01')");
    assertThat(states())
        .containsExactly("market 2021-01-01 done", "market 2021-02-01 stale bars changed");
    backfill();
    assertVerified();

    assertThat(
            session.column(
                "SELECT concat_ws(' ', pair, bars, partitions, rows) FROM bqx.drop_months('2021-02-01')"))
        .contains("market 0 1 60");
    assertThat(states()).containsExactly("market 2021-02-01 done");
    assertVerified();
    session.execute("SELECT bqx.remove_pair('xauusd')");
  }

  @Test
  void theMarketIsNoFeatureOfAPair() throws SQLException {
    assertThat(
            session.column(
                "SELECT source_name FROM bqx.matrix_source WHERE column_name LIKE 'ccy%'"
                    + " UNION ALL SELECT feature FROM bqx.features_like('{*}') WHERE family = 'ccy'"))
        .isEmpty();
    assertThat(
            session.number(
                "SELECT count(*) FROM bqx.matrix_source WHERE source_name = 'bqx.w60_bqx_return'"))
        .isEqualTo(1);
  }

  @Test
  void namesOfOtherScopesAreRefused() throws SQLException {
    bars("eurusd", "2021-02-26 10:00Z", "2021-02-26 11:00Z");
    assertThatThrownBy(() -> session.execute("SELECT bqx.backfill('ccy', 'eurusd', '2021-02-01')"))
        .hasMessageContaining("family ccy has no pair \"eurusd\": it is of the market");
    assertThatThrownBy(() -> session.execute("SELECT bqx.backfill('bqx', 'market', '2021-02-01')"))
        .hasMessageContaining("unknown pair \"market\"");
    assertThatThrownBy(() -> session.execute("SELECT bqx.add_pair('market')"))
        .hasMessageContaining("pair \"market\": the name stands for all pairs together");
    assertThatThrownBy(() -> session.execute("SELECT bqx.remove_pair('market')"))
        .hasMessageContaining("unknown pair \"market\"");
    session.execute("SELECT bqx.set_baseline('eurusd')");
    session.execute("CALL bqx.backfill_range('ccy', '{MARKET}', '2021-02-01', '2021-02-01')");
    assertVerified();
  }

  @Test
  @RealBars.Required
  void realBarsAreVerifiedAndHaveTheExpectedValues() throws SQLException, IOException {
    for (String pair : REAL_PAIRS) {
      Migrated.copyRealBars(session, pair);
    }
    backfill();
    assertVerified();
    int compared = 0;
    for (String pair : List.of("usdjpy", "gbpusd")) {
      Path file = RealBars.directory().resolve("../spec/expected/" + pair + "_2021_03.csv");
      if (Files.exists(file)) {
        compared += compare(pair, Files.readAllLines(file));
      }
    }
    assumeTrue(compared > 0, "no values of the market are known");
  }

  private int compare(String pair, List<String> lines) throws SQLException {
    String[] times = lines.get(0).split(",");
    int compared = 0;
    for (String line : lines) {
      String[] fields = line.split(",", -1);
      for (int i = 1; fields[0].startsWith("ccy_") && i < fields.length; i++) {
        Object found =
            session.value(
                "SELECT %s FROM bqx.ccy_pair WHERE pair = ? AND ts_utc = ?::timestamptz"
                    .formatted(fields[0]),
                pair,
                times[i]);
        if (fields[i].isEmpty()) {
          assertThat(found).as("%s %s %s", pair, times[i], fields[0]).isNull();
        } else {
          double expected = Double.parseDouble(fields[i]);
          assertThat((Double) found)
              .as("%s %s %s", pair, times[i], fields[0])
              .isCloseTo(expected, offset(Math.max(1e-11, 1e-9 * Math.abs(expected))));
        }
        compared++;
      }
    }
    return compared;
  }
}
