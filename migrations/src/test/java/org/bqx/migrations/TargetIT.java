package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bqx.target}, over a weekend and a month's end, beside its formula in plain Java. */
class TargetIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private static final int WINDOW = 60;

  private SqlSession session;

  @BeforeAll
  static void compute() throws SQLException {
    Migrated.migrate(database);
    try (SqlSession session = new SqlSession(database.connect())) {
      Migrated.insertBars(session, "eurusd", "2024-07-26 20:00Z", "2024-07-30 02:00Z");
      Migrated.insertBars(session, "eurusd", "2024-07-31 22:00Z", "2024-08-01 06:00Z");
      session.execute("SELECT bqx.set_baseline('eurusd')");
      session.execute("SELECT bqx.enable_family('rate')");
      session.execute("CALL bqx.backfill_range(NULL, NULL, '2024-07-01', '2024-08-01')");
    }
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
  @ValueSource(ints = {60, 1, 17, 90})
  void isTheReturnOfTheBarThatManyBarsAfter(int horizon) throws SQLException {
    List<List<Object>> bars =
        session.rows("SELECT time::text, rate_index FROM bqx.m1_eurusd ORDER BY time");
    List<List<Object>> rows =
        session.rows(
            """
            SELECT t.ts_utc::text, t.target, t.target_time::text, t.sign, t.scaled, v.w60_rate_volatility
            FROM bqx.target('EURUSD', h => ?) t JOIN bqx.rate v ON v.pair = 'eurusd' AND v.ts_utc = t.ts_utc
            ORDER BY t.ts_utc
            """,
            horizon);
    assertThat(rows).hasSameSizeAs(bars);
    int defined = 0;
    for (int t = 0; t < rows.size(); t++) {
      List<Object> row = rows.get(t);
      assertThat(row.get(0)).isEqualTo(bars.get(t).get(0));
      if (t + horizon >= bars.size() || t + horizon < WINDOW) {
        assertThat(row.subList(1, 5)).as("row %d", t).containsOnlyNulls();
        continue;
      }
      double x = (Double) bars.get(t + horizon).get(1);
      double sum = 0;
      for (int i = 1; i <= WINDOW; i++) {
        sum += ((Double) bars.get(t + horizon - i).get(1) - x) / x;
      }
      assertThat((Double) row.get(1)).as("row %d", t).isCloseTo(sum, within(1e-11));
      assertThat(row.get(2)).as("row %d", t).isEqualTo(bars.get(t + horizon).get(0));
      assertThat(row.get(3)).isEqualTo((int) Math.signum((Double) row.get(1)));
      if (row.get(5) == null) {
        assertThat(row.get(4)).as("row %d", t).isNull();
      } else {
        assertThat((Double) row.get(4))
            .as("row %d", t)
            .isEqualTo((Double) row.get(1) / (60 * (Double) row.get(5)));
      }
      defined++;
    }
    assertThat(defined)
        .isEqualTo(bars.size() - horizon - Math.max(WINDOW - horizon, 0))
        .isPositive();
  }

  @Test
  void theBarAfterIsCountedOverAWeekend() throws SQLException {
    assertThat(
            session
                .rows(
                    "SELECT target_time FROM bqx.target('eurusd', '2024-07-26 23:30Z', '2024-07-26 23:31Z')")
                .get(0)
                .get(0))
        .isEqualTo(java.sql.Timestamp.from(Instant.parse("2024-07-29T00:30:00Z")));
  }

  /** The rows that a range cuts out are those of the whole. */
  @Test
  void aRangeReadsTheBarsAfterIt() throws SQLException {
    assertThat(
            session.rows(
                "SELECT t::text FROM bqx.target('eurusd', '2024-07-31 23:00Z', '2024-08-01 00:00Z') t"))
        .hasSize(60)
        .isEqualTo(
            session.rows(
                "SELECT t::text FROM bqx.target('eurusd') t"
                    + " WHERE ts_utc >= '2024-07-31 23:00Z' AND ts_utc < '2024-08-01 00:00Z'"))
        .noneMatch(row -> row.get(0).toString().contains(",,"));
  }

  /** Counted by rows, the bar after would be one of the month after. */
  @Test
  void rowsThatWereNotComputedAreSaidAndNotSkipped() throws SQLException {
    session.connection().setAutoCommit(false);
    session.execute(
        "DELETE FROM bqx.bqx_eurusd_2024_07 WHERE ts_utc BETWEEN '2024-07-29 12:00Z' AND '2024-07-29 12:09Z'");
    session.execute(
        "UPDATE bqx.partition_state SET rows = rows - 10 WHERE family = 'bqx' AND month = '2024-07-01'");
    assertThat(
            session.notices(
                "SELECT * FROM bqx.target('eurusd', '2024-07-29 11:00Z', '2024-07-29 12:00Z')"))
        .containsExactly("rows of bqx of eurusd are missing in 2024-07");
    assertThat(
            session.number(
                "SELECT count(*) FROM bqx.target('eurusd', '2024-07-29 11:00Z', '2024-07-29 12:00Z') t"
                    + " WHERE t.target IS NULL"))
        .isEqualTo(10);
    assertThat(
            session.number(
                "SELECT count(*) FROM bqx.target('eurusd', '2024-07-29 11:10Z', '2024-07-29 12:00Z') t"
                    + " JOIN bqx.bqx b ON b.pair = 'eurusd' AND b.ts_utc = t.ts_utc + INTERVAL '1 hour'"
                    + " WHERE t.target = b.w60_bqx_return AND t.target_time = b.ts_utc"))
        .isEqualTo(50);
    session.execute("DELETE FROM bqx.partition_state WHERE family = 'rate'");
    assertThat(
            session.notices(
                "SELECT scaled FROM bqx.target('eurusd', '2024-07-29 11:00Z', '2024-07-29 12:00Z')"))
        .containsExactly(
            "rows of bqx of eurusd are missing in 2024-07",
            "rows of rate of eurusd are missing in 2024-07");
    session.connection().rollback();
  }

  @Test
  void aTargetThatIsKnownInPartIsSaid() throws SQLException {
    assertThat(
            session.notices(
                "SELECT * FROM bqx.target('eurusd', '2024-07-29', '2024-07-29 01:00Z', h => 15)"))
        .containsExactly(
            "the target 15 bars after its row is of 60 bars: 45 of them are known at the row");
    assertThat(
            session.notices(
                "SELECT * FROM bqx.target('eurusd', '2024-07-29', '2024-07-29 01:00Z')"))
        .isEmpty();
  }

  @Test
  void aWindowThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> session.execute("SELECT bqx.target('eurusd', w => 45)"))
        .hasMessageContaining(
            "a target of 45 bars: family bqx has no such window, but 60, 90, 150, 240, 390, 630");
    assertThatThrownBy(() -> session.execute("SELECT bqx.target('eurusd', h => 0)"))
        .hasMessageContaining("a target 0 bars after its row: must be 1 or more");
    assertThatThrownBy(() -> session.execute("SELECT bqx.target('eurxxx')"))
        .hasMessageContaining("unknown pair \"eurxxx\"");
  }
}
