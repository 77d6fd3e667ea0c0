package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.bqx.testkit.RealBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The families of stage 2.2 in a database: they are off, and computed and verified once enabled.
 */
class IndicatorsIT {
  private static final List<String> FAMILIES = List.of("mom", "trend", "band", "flow", "rvol");

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private static SqlSession session;

  @BeforeAll
  static void enable() throws SQLException {
    Migrated.flyway(database, Map.of("flyway.placeholders.baseline_date", "2021-02-01")).migrate();
    session = new SqlSession(database.connect());
    assertThat(
            session.column(
                "SELECT family FROM bqx.family WHERE tables_stage = '2.2' AND NOT enabled"
                    + " AND to_regclass('bqx.' || family) IS NULL ORDER BY family_no"))
        .isEqualTo(FAMILIES);
    for (String family : FAMILIES) {
      session.execute("SELECT bqx.enable_family(?)", family);
    }
    for (String family : FAMILIES) {
      session.execute("SELECT bqx.define_family(?)", family);
    }
    bars("2021-02-23 00:00Z", "2021-03-02 00:00Z");
    session.execute("SELECT bqx.set_baseline('eurusd')");
    backfill("eurusd");
  }

  @AfterAll
  static void disconnect() throws SQLException {
    session.close();
  }

  /**
   * Bars of EURUSD with ranges, volume, a flat and a silent stretch each hour, and absent volume.
   */
  private static void bars(String from, String to) throws SQLException {
    Migrated.insertBars(session, "eurusd", from, to);
    session.execute(
        """
        UPDATE bqx.m1 SET
            open = CASE WHEN minute < 20 THEN 1.1 ELSE close END,
            close = CASE WHEN minute < 20 THEN 1.1 ELSE close END,
            high = CASE WHEN minute < 20 THEN 1.1 ELSE close + 0.00001 * (1 + minute % 5) END,
            low = CASE WHEN minute < 20 THEN 1.1 ELSE close - 0.00001 * (minute % 7) END,
            volume = CASE WHEN minute < 15 THEN 0 WHEN hour = 5 AND minute = 30 THEN NULL ELSE minute * 7 % 31 END
        FROM (
            SELECT time AS bar_time, extract(minute FROM time)::int AS minute, extract(hour FROM time)::int AS hour
            FROM bqx.m1 WHERE pair = 'eurusd'
        ) parts
        WHERE pair = 'eurusd' AND time = bar_time AND time >= ?::timestamptz AND time < ?::timestamptz
        """,
        from, to);
  }

  private static void backfill(String pair) throws SQLException {
    for (String family : FAMILIES) {
      session.execute(
          "CALL bqx.backfill_range(?, ARRAY[?], '2021-01-01', '2021-03-01')", family, pair);
    }
  }

  private static List<String> differences(String pair) throws SQLException {
    return session.column(
        "SELECT p.family || ' ' || p.month || v::text FROM bqx.progress p,"
            + " bqx.verify(p.family, p.pair, p.month, sample => 1000, every_row => true) v"
            + " WHERE p.family = ANY (?::text[]) AND p.pair = ? AND v.kind <> 'fact'"
            + " AND p.state = 'done'",
        "{" + String.join(",", FAMILIES) + "}",
        pair);
  }

  private static void assertVerified(String pair) throws SQLException {
    assertThat(
            session.column(
                "SELECT DISTINCT state FROM bqx.progress WHERE pair = ? AND family = ANY (?::text[])",
                pair,
                "{" + String.join(",", FAMILIES) + "}"))
        .containsExactly("done");
    assertThat(differences(pair)).isEmpty();
  }

  @Test
  void everyRowIsVerifiedAndAppendedRowsHaveTheBitsOfAWholeComputation() throws SQLException {
    assertVerified("eurusd");
    bars("2021-03-02 00:00Z", "2021-03-02 02:30Z");
    for (String family : FAMILIES) {
      assertThat(session.text("SELECT bqx.planned_write(?, 'eurusd', '2021-03-01')", family))
          .isEqualTo("new rows");
      assertThat(session.number("SELECT bqx.backfill(?, 'eurusd', '2021-03-01')", family))
          .isEqualTo(150);
      String partition = family + "_eurusd_2021_03";
      String before = Migrated.digest(session, partition);
      session.execute("SELECT bqx.backfill(?, 'eurusd', '2021-03-01', force => true)", family);
      assertThat(Migrated.digest(session, partition)).as(partition).isEqualTo(before);
    }
    assertVerified("eurusd");
  }

  @Test
  void aChangedValueOfEveryColumnIsFound() throws SQLException {
    for (String family : FAMILIES) {
      Migrated.assertChangedValuesAreFound(session, family, "eurusd", "2021-03-01 00:59Z");
    }
  }

  @Test
  void everyColumnSaysWhatItIs() throws SQLException {
    assertThat(
            session.column(
                "SELECT attrelid::regclass || '.' || attname FROM pg_attribute"
                    + " WHERE attrelid IN (SELECT to_regclass('bqx.' || f) FROM unnest(?::text[]) f)"
                    + " AND attnum > 3 AND NOT attisdropped AND col_description(attrelid, attnum) IS NULL",
                "{" + String.join(",", FAMILIES) + "}"))
        .isEmpty();
    assertThat(
            session.text(
                "SELECT col_description('bqx.mom'::regclass, attnum) FROM pg_attribute"
                    + " WHERE attrelid = 'bqx.mom'::regclass AND attname = 'w14_mom_stoch_k'"))
        .isEqualTo(
            "where x lies between the lowest low and the highest high of 14 bars: %K (per cent);"
                + " NULL in the first 13 rows of the history;"
                + " NULL when the highest high of 14 bars is the lowest low");
  }

  @Test
  @RealBars.Required
  void realBarsAreVerified() throws SQLException, IOException {
    Migrated.copyRealBars(session, "usdjpy");
    backfill("usdjpy");
    assertVerified("usdjpy");
    for (String family : FAMILIES) {
      assertThat(
              session.number("SELECT count(*) FROM bqx.%s WHERE pair = 'usdjpy'".formatted(family)))
          .isEqualTo(50_000);
    }
  }
}
