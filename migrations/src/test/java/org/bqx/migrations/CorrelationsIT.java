package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.commons.math3.stat.descriptive.moment.Mean;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Correlations with targets and between pairs, beside Commons Math on the rows of the tables. */
@TestMethodOrder(OrderAnnotation.class)
class CorrelationsIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private static final String AUGUST = "'w60_h60', 'eurusd', '2024-08-01'";
  private static final int PLACEBO = 28_800;

  private SqlSession session;

  /** So much before August that each of its bars has a placebo. */
  @BeforeAll
  static void computeFeatures() throws SQLException {
    Migrated.migrate(database);
    try (SqlSession session = new SqlSession(database.connect())) {
      Migrated.insertBars(session, "eurusd", "2024-06-28T00:00Z", "2024-08-06T00:00Z");
      Migrated.insertBars(session, "gbpusd", "2024-08-01T00:00Z", "2024-08-03T00:00Z");
      // A pair that is closed at night, and whose bars are its own.
      session.execute(
          """
          UPDATE bqx.m1 SET close = close + 0.001 * sin(extract(epoch FROM time) / 60 * extract(minute FROM time))
          WHERE pair = 'gbpusd'
          """);
      session.execute(
          "DELETE FROM bqx.m1 WHERE pair = 'gbpusd' AND time < '2024-08-01 08:00Z'"
              + " OR time BETWEEN '2024-07-09 10:00Z' AND '2024-07-09 12:00Z'");
      session.execute("SELECT bqx.set_baseline(pair) FROM unnest(ARRAY['eurusd', 'gbpusd']) pair");
      session.execute("CALL bqx.backfill_range('bqx', '{eurusd}', '2024-06-01', '2024-08-01')");
      session.execute("CALL bqx.backfill_range('reg', '{eurusd}', '2024-08-01', '2024-08-01')");
      session.execute(
          "SELECT bqx.define_correlation('w60_h60', '{bqx.w60_*,REG.w90_reg_*r2}', '{240,60}')");
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

  @Test
  @Order(1)
  void aMonthIsWhatCommonsMathMakesOfItsRows() throws SQLException {
    long rows = session.number("SELECT bqx.correlate(" + AUGUST + ")");
    List<List<Object>> found =
        session.rows(
            "SELECT feature, w, n, corr_mean, corr_sd, corr_min, corr_p10, corr_median, corr_p90, corr_max,"
                + " placebo_median_abs, median_abs, pearson, spearman, pairs, pearson_thin, mutual_information"
                + " FROM bqx.target_corr WHERE (target, pair, month) = ("
                + AUGUST
                + ") ORDER BY feature, w");
    assertThat(found).hasSize((int) rows).hasSizeGreaterThan(9 * 2 + 1);
    assertThat(found.stream().map(row -> row.get(1)).distinct()).containsExactly(60, 240);
    // The bars of July and August, and the target of each.
    double[] target =
        series(
            "SELECT w60_bqx_return FROM bqx.bqx_eurusd WHERE ts_utc >= '2024-06-01' ORDER BY ts_utc");
    int first = target.length - 3 * 1_440;
    target = ahead(target, 60);
    double[] placebo = ahead(target, -PLACEBO);
    for (List<Object> row : found) {
      String feature = (String) row.get(0);
      if (!feature.matches(".*(bqx_return|bqx_range|reg_.*r2)")) {
        continue;
      }
      double[] values = new double[target.length];
      Arrays.fill(values, Double.NaN);
      String table = feature.contains("_bqx_") ? "bqx" : "reg";
      double[] own =
          series(
              "SELECT f.%s FROM bqx.m1_eurusd b LEFT JOIN bqx.%s_eurusd f ON f.ts_utc = b.time ORDER BY b.time"
                  .formatted(feature, table));
      System.arraycopy(own, 0, values, values.length - own.length, own.length);
      check(row, values, target, placebo, first);
    }
  }

  /** Columns 1 and 2 hold the window and n; from 3 on is what is said. */
  private static void check(
      List<Object> row, double[] values, double[] target, double[] placebo, int first) {
    int window = (Integer) row.get(1);
    double[] rolling = rolling(values, target, window, first);
    double[] amounts = Arrays.stream(rolling).map(Math::abs).toArray();
    double[] chance =
        Arrays.stream(rolling(values, placebo, window, first)).map(Math::abs).toArray();
    double[][] month = complete(values, target, first, 1);
    double[][] thin = complete(values, target, first, 60);
    assertThat(row.get(2)).isEqualTo(rolling.length);
    assertThat(row.get(14)).isEqualTo(month[0].length);
    double[] expected = {
      new Mean().evaluate(rolling),
      new StandardDeviation().evaluate(rolling),
      Arrays.stream(rolling).min().orElseThrow(),
      percentile(rolling, 10),
      percentile(rolling, 50),
      percentile(rolling, 90),
      percentile(rolling, 100),
      percentile(chance, 50),
      percentile(amounts, 50),
      new PearsonsCorrelation().correlation(month[0], month[1]),
      new SpearmansCorrelation().correlation(month[0], month[1])
    };
    for (int i = 0; i < expected.length; i++) {
      assertThat((Double) row.get(3 + i))
          .as("%s, element %d", row, i)
          .isCloseTo(expected[i], within(1e-9));
    }
    assertThat(thin[0].length).isGreaterThanOrEqualTo(60);
    assertThat((Double) row.get(15))
        .isCloseTo(new PearsonsCorrelation().correlation(thin[0], thin[1]), within(1e-9));
    assertThat((Double) row.get(16)).isNotNegative();
  }

  @Test
  @Order(2)
  void whatIsDoneIsLeftAloneAndStaleWhenWhatItReadsChanges() throws SQLException {
    assertThat(session.number("SELECT bqx.correlate(" + AUGUST + ")")).isZero();
    assertThat(august()).isEqualTo("done");
    String before = digest();

    // Of July, where the placebo begins, but nothing that is read.
    session.execute(
        "UPDATE bqx.m1 SET volume = volume + 1 WHERE pair = 'eurusd' AND time = '2024-07-01 00:00Z'");
    assertThat(august()).isEqualTo("stale: bars changed");
    session.execute("CALL bqx.backfill_range('bqx', '{eurusd}', '2024-06-01', '2024-08-01')");
    session.execute("CALL bqx.backfill_range('reg', '{eurusd}', '2024-08-01', '2024-08-01')");
    assertThat(session.number("SELECT bqx.correlate(" + AUGUST + ")")).isZero();
    assertThat(august()).isEqualTo("done");
    assertThat(session.text("SELECT last_write FROM bqx.target_corr_state")).isEqualTo("no rows");

    // A bar of August: first its features, then these.
    session.execute(
        "UPDATE bqx.m1 SET close = close * 1.01 WHERE pair = 'eurusd' AND time = '2024-08-02 12:00Z'");
    assertThatThrownBy(() -> session.execute("SELECT bqx.correlate(" + AUGUST + ")"))
        .hasMessageContaining(
            "correlation w60_h60 eurusd 2024-08 needs bqx_eurusd_2024_08, which is stale")
        .hasMessageContaining(
            "./bqx backfill --family bqx --pairs eurusd --from 2024-08 --to 2024-08")
        .extracting("SQLState")
        .isEqualTo("QX007");
    session.execute(
        "SELECT bqx.record_correlation_failure(" + AUGUST + ", 'QX007', 'no features')");
    assertThat(august()).isEqualTo("failed: no features");
    session.execute("CALL bqx.backfill_range('bqx', '{eurusd}', '2024-06-01', '2024-08-01')");
    session.execute("CALL bqx.backfill_range('reg', '{eurusd}', '2024-08-01', '2024-08-01')");
    assertThat(session.number("SELECT bqx.correlate(" + AUGUST + ")")).isPositive();
    assertThat(august()).isEqualTo("done");
    assertThat(digest()).isNotEqualTo(before);

    // Features alone that come after their bars were there.
    session.execute("CALL bqx.backfill_range('reg', '{eurusd}', '2024-07-01', '2024-07-01')");
    assertThat(august()).isEqualTo("stale: features changed");
    assertThat(session.number("SELECT bqx.correlate(" + AUGUST + ")")).isPositive();
    assertThat(august()).isEqualTo("done");

    session.execute("SELECT bqx.define_correlation('w60_h60', NULL, '{60}')");
    assertThat(august()).isEqualTo("stale: windows changed");
    session.execute("SELECT bqx.define_correlation('W60_H60', '{bqx.w60_bqx_return}')");
    assertThat(august()).isEqualTo("stale: list of features changed, windows changed");
    assertThat(session.number("SELECT bqx.correlate(" + AUGUST + ")")).isEqualTo(1);
    assertThat(session.number("SELECT count(*) FROM bqx.target_corr")).isEqualTo(1);
  }

  @Test
  @Order(3)
  void oneAtATimeAndNothingOfOneThatWasBegunAlone() throws SQLException {
    try (SqlSession other = new SqlSession(database.connect())) {
      other.connection().setAutoCommit(false);
      other.execute("SELECT bqx.correlate(" + AUGUST + ", true)");
      assertThat(august()).isEqualTo("running");
      assertThatThrownBy(() -> session.execute("SELECT bqx.correlate(" + AUGUST + ", true)"))
          .hasMessageContaining("correlation w60_h60 eurusd 2024-08 is being computed by backend")
          .extracting("SQLState")
          .isEqualTo("55P03");
      other.connection().rollback();
      assertThat(august()).isEqualTo("done");

      other.execute("SELECT bqx.begin_correlation(" + AUGUST + ", true, 'revision 1')");
      assertThatThrownBy(
              () -> session.execute("SELECT bqx.finish_correlation(" + AUGUST + ", '{1}')"))
          .extracting("SQLState")
          .isEqualTo("25P01");
      assertThatThrownBy(
              () -> other.execute("SELECT bqx.finish_correlation(" + AUGUST + ", '{1,2}')"))
          .hasMessageContaining("2 values came")
          .hasMessageContaining("expected are 1 rows of 15");
      other.connection().rollback();
      other.execute("SELECT bqx.begin_correlation(" + AUGUST + ", true, 'revision 1')");
      other.connection().commit();
    }
    assertThat(august()).isEqualTo("missing");
    assertThat(session.number("SELECT bqx.correlate(" + AUGUST + ")")).isEqualTo(1);
    assertThat(session.text("SELECT bqx.functions_version('target_corr')"))
        .isEqualTo(session.text("SELECT bqx.correlation_version()"));
  }

  @Test
  @Order(4)
  void fewBarsSayNothing() throws SQLException {
    session.execute("SELECT bqx.define_correlation('w60_h5', '{bqx.w60_bqx_range}')");
    session.execute("CALL bqx.backfill_range('bqx', '{eurusd}', '2024-06-01', '2024-06-01')");
    // 28 June is the pair's first day: no window of 390 before its 450th bar, none of the placebo.
    session.execute("SELECT bqx.correlate('w60_h5', 'eurusd', '2024-06-01')");
    assertThat(
            session.column(
                "SELECT concat_ws(' ', w, n, corr_mean IS NOT NULL, placebo_median_abs IS NULL, pairs)"
                    + " FROM bqx.target_corr WHERE target = 'w60_h5' ORDER BY w"))
        .containsExactly("60 1321 t t 1380", "240 1141 t t 1380", "390 991 t t 1380");
    session.execute("SELECT bqx.define_correlation('w60_h5', '{*}')");
    for (String refused :
        List.of(
            "'w60_h5', '{*}', '{59}'",
            "'w60_h5', '{fwd.*}'",
            "'w61_h5'",
            "'w60'",
            "'w60_h5', '{}'")) {
      assertThatThrownBy(() -> session.execute("SELECT bqx.define_correlation(" + refused + ")"))
          .as(refused)
          .extracting("SQLState")
          .isEqualTo("22023");
    }
  }

  @Test
  @Order(5)
  void aRollingCorrelationIsKnownWhenItsLastTargetIs() throws SQLException {
    List<List<Object>> rows =
        session.rows(
            "SELECT ts_utc::text, corr, known_at - ts_utc = INTERVAL '1 hour'"
                + " FROM bqx.rolling_corr('eurusd', 'w60_bqx_range', 'w60_h60', 60, '2024-08-05 00:00Z', NULL)");
    double[] target =
        ahead(series("SELECT w60_bqx_return FROM bqx.bqx_eurusd ORDER BY ts_utc"), 60);
    double[] values = series("SELECT w60_bqx_range FROM bqx.bqx_eurusd ORDER BY ts_utc");
    assertThat(rows).hasSize(1_440);
    int first = values.length - 1_440;
    for (int i = 0; i < 1_440; i++) {
      double[] one = rolling(values, target, 60, first + i, first + i + 1);
      assertThat(one.length == 0).isEqualTo(rows.get(i).get(1) == null).isEqualTo(i >= 1_380);
      if (one.length == 1) {
        assertThat((Double) rows.get(i).get(1)).isCloseTo(one[0], within(1e-9));
        assertThat(rows.get(i).get(2)).isEqualTo(true);
      }
    }
    // Of June bqx was computed, reg was not.
    String june =
        "SELECT count(*) FROM bqx.rolling_corr('eurusd', '%s', 'w60_h60', 60, '2024-06-28', '2024-06-29')";
    assertThat(session.notices(june.formatted("w60_bqx_range"))).isEmpty();
    assertThat(session.notices(june.formatted("w90_reg_r2")))
        .containsExactly("rows of reg of eurusd are missing in 2024-06");
  }

  @Test
  @Order(6)
  void twoPairsAreComparedAtTheirCommonMinutes() throws SQLException {
    String call =
        "SELECT corr, corr_change, volatility_a, volatility_b, ts_utc::text"
            + " FROM bqx.rolling_pair_corr('eurusd', 'gbpusd', 60, %s)";
    List<List<Object>> rows = session.rows(call.formatted("NULL"));
    double[] a =
        series(
            "SELECT a.close FROM bqx.m1_eurusd a JOIN bqx.m1_gbpusd b USING (time) ORDER BY time");
    double[] b =
        series(
            "SELECT b.close FROM bqx.m1_eurusd a JOIN bqx.m1_gbpusd b USING (time) ORDER BY time");
    double[] returnsOfA = returns(a);
    double[] returnsOfB = returns(b);
    assertThat(rows).hasSize(a.length).hasSizeGreaterThan(1_000);
    for (int i = 0; i < a.length; i += 7) {
      double[] now = rolling(returnsOfA, returnsOfB, 60, i, i + 1);
      double[] before =
          i < 60 ? new double[0] : rolling(returnsOfA, returnsOfB, 60, i - 60, i - 59);
      assertThat(rows.get(i).get(0) == null).isEqualTo(now.length == 0).isEqualTo(i < 60);
      if (now.length == 1) {
        assertThat((Double) rows.get(i).get(0)).isCloseTo(now[0], within(1e-9));
        assertThat((Double) rows.get(i).get(2))
            .isCloseTo(new StandardDeviation().evaluate(returnsOfA, i - 59, 60), within(1e-15));
      }
      assertThat(rows.get(i).get(1) == null).isEqualTo(before.length == 0);
      if (before.length == 1) {
        assertThat((Double) rows.get(i).get(1)).isCloseTo(now[0] - before[0], within(1e-9));
      }
    }
    // From the middle on it is the same, bit by bit but for where a block begins.
    List<List<Object>> later = session.rows(call.formatted("'2024-08-02 12:00Z'"));
    assertThat(later).hasSize(720);
    for (int i = 0; i < later.size(); i++) {
      List<Object> whole = rows.get(rows.size() - 720 + i);
      assertThat((Double) later.get(i).get(0)).isCloseTo((Double) whole.get(0), within(1e-11));
      assertThat((Double) later.get(i).get(1)).isCloseTo((Double) whole.get(1), within(1e-11));
    }
  }

  @Test
  @Order(7)
  void aDayOfPairsIsOneMatrix() throws SQLException {
    session.execute(
        "INSERT INTO bqx.m1 (pair, time, close) SELECT 'usdjpy', time, 150 + 0.01 * sin(extract(epoch FROM time))"
            + " FROM bqx.m1_eurusd WHERE time >= '2024-08-01' AND time < '2024-08-02'"
            + " AND extract(minute FROM time) <> 30 AND bqx.create_months('usdjpy', '2024-08-01', '2024-08-01') >= 0");
    long written = session.number("SELECT bqx.fill_pair_corr('2024-08-01')");
    assertThat(written).isEqualTo(378 * 3);
    assertThat(session.number("SELECT bqx.fill_pair_corr('2024-08-01')")).isZero();
    // The minutes that the three have, with the minute before.
    String minutes =
        "SELECT (a.close - p.close) / p.close FROM bqx.m1_%s a JOIN bqx.m1_%s p ON p.time = a.time - INTERVAL '1 minute'"
            + " WHERE a.time >= '2024-08-01 08:01Z' AND a.time < '2024-08-02' AND extract(minute FROM a.time) NOT IN (30, 31)"
            + " ORDER BY a.time";
    Map<String, double[]> returns = new TreeMap<>();
    for (String pair : List.of("eurusd", "gbpusd", "usdjpy")) {
      returns.put(pair, series(minutes.formatted(pair, pair)));
    }
    for (String two : List.of("eurusd gbpusd", "eurusd usdjpy", "gbpusd usdjpy")) {
      double[] a = returns.get(two.substring(0, 6));
      double[] b = returns.get(two.substring(7));
      List<Object> row =
          session
              .rows(
                  "SELECT n, pearson FROM bqx.pair_corr_day WHERE day = '2024-08-01' AND pair_a || ' ' || pair_b = '%s'"
                      .formatted(two))
              .get(0);
      assertThat(row.get(0)).isEqualTo(a.length);
      assertThat((Double) row.get(1))
          .isCloseTo(new PearsonsCorrelation().correlation(a, b), within(1e-9));
    }
    assertThat(
            session.text(
                "SELECT concat_ws(' ', count(*), max(n)) FROM bqx.pair_corr_day"
                    + " WHERE day = '2024-08-01' AND 'audusd' IN (pair_a, pair_b) AND pearson IS NULL"))
        .isEqualTo("27 0");
    // One pair alone traded: no two went with each other.
    assertThat(
            session.number(
                "SELECT count(*) FROM bqx.pair_corr_day WHERE day = '2024-08-05' AND pearson IS NULL"))
        .isEqualTo(378);
    assertThat(
            session.text(
                "SELECT concat_ws(' ', cardinality(pairs), array_dims(pearson), minutes,"
                    + " pearson[array_position(pairs, 'eurusd')][array_position(pairs, 'eurusd')],"
                    + " pearson[array_position(pairs, 'gbpusd')][array_position(pairs, 'eurusd')] = (SELECT pearson"
                    + " FROM bqx.pair_corr_day WHERE day = '2024-08-01' AND (pair_a, pair_b) = ('eurusd', 'gbpusd')))"
                    + " FROM bqx.pair_corr_matrix WHERE day = '2024-08-01'"))
        .isEqualTo("28 [1:28][1:28] " + returns.get("eurusd").length + " 1 t");
    session.execute("UPDATE bqx.m1 SET close = close + 0.01 WHERE pair = 'usdjpy'");
    assertThat(session.number("SELECT bqx.fill_pair_corr('2024-08-01')")).isEqualTo(378 * 3);
    assertThat(session.number("SELECT bqx.fill_pair_corr('2024-08-01')")).isZero();

    // The pair goes, and comes back with as many changes of its bars.
    session.execute("BEGIN");
    session.execute("CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM bqx.m1_month");
    session.execute("SELECT bqx.remove_pair('usdjpy')");
    session.execute("SELECT bqx.add_pair('usdjpy')");
    session.execute("INSERT INTO bqx.m1_month SELECT * FROM kept WHERE pair = 'usdjpy'");
    assertThat(session.number("SELECT bqx.fill_pair_corr('2024-08-01')")).isPositive();
    session.execute("ROLLBACK");
  }

  @Test
  @Order(8)
  void aRankingIsByTheThinnedCorrelation() throws SQLException {
    session.execute("SELECT bqx.define_correlation('w60_h60', '{bqx.w60_*}', '{60,240}')");
    session.execute("SELECT bqx.correlate(" + AUGUST + ")");
    List<String> expected =
        session.column(
            "SELECT feature FROM bqx.target_corr WHERE w = 60 AND (target, pair, month) = ("
                + AUGUST
                + ") AND pearson_thin IS NOT NULL ORDER BY abs(pearson_thin) DESC, feature");
    assertThat(expected).hasSizeGreaterThan(5);
    assertThat(
            session.column(
                "SELECT feature FROM bqx.feature_ranking WHERE w = 60 AND (target, pair, month) = ("
                    + AUGUST
                    + ") AND pearson_thin IS NOT NULL ORDER BY rank, feature"))
        .isEqualTo(expected);
  }

  private String august() throws SQLException {
    return session.text(
        "SELECT concat_ws(': ', state, reason) FROM bqx.correlation_progress WHERE (family, pair, month) = ("
            + AUGUST
            + ")");
  }

  private String digest() throws SQLException {
    return session.text(
        "SELECT md5(string_agg(t::text, '' ORDER BY feature, w)) FROM bqx.target_corr t");
  }

  /** A column as numbers, NaN for NULL. */
  private double[] series(String sql) throws SQLException {
    return session.rows(sql).stream()
        .mapToDouble(row -> row.get(0) == null ? Double.NaN : (Double) row.get(0))
        .toArray();
  }

  private static double[] ahead(double[] values, int bars) {
    return IntStream.range(0, values.length)
        .mapToDouble(
            bar -> bar + bars >= 0 && bar + bars < values.length ? values[bar + bars] : Double.NaN)
        .toArray();
  }

  private static double[] returns(double[] prices) {
    double[] returns = new double[prices.length];
    returns[0] = Double.NaN;
    for (int i = 1; i < prices.length; i++) {
      returns[i] = (prices[i] - prices[i - 1]) / prices[i - 1];
    }
    return returns;
  }

  private static double[] rolling(double[] a, double[] b, int window, int first) {
    return rolling(a, b, window, first, a.length);
  }

  private static double[] rolling(double[] a, double[] b, int window, int first, int end) {
    List<Double> found = new ArrayList<>();
    for (int bar = Math.max(first, window - 1); bar < end; bar++) {
      double[] x = Arrays.copyOfRange(a, bar - window + 1, bar + 1);
      double[] y = Arrays.copyOfRange(b, bar - window + 1, bar + 1);
      if (Arrays.stream(x).noneMatch(Double::isNaN) && Arrays.stream(y).noneMatch(Double::isNaN)) {
        found.add(new PearsonsCorrelation().correlation(x, y));
      }
    }
    return found.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double[][] complete(double[] a, double[] b, int first, int step) {
    int[] bars =
        IntStream.iterate(first, bar -> bar < a.length, bar -> bar + step)
            .filter(bar -> !Double.isNaN(a[bar]) && !Double.isNaN(b[bar]))
            .toArray();
    return new double[][] {
      Arrays.stream(bars).mapToDouble(bar -> a[bar]).toArray(),
      Arrays.stream(bars).mapToDouble(bar -> b[bar]).toArray()
    };
  }

  private static double percentile(double[] values, double percent) {
    return new Percentile()
        .withEstimationType(Percentile.EstimationType.R_7)
        .evaluate(values, percent);
  }
}
