package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.YearMonth;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mutations of a correct backfill, one at a time: {@code verify --full} must end with 3 and name
 * each by pair, time and column, and {@code verify} with a sample of two rows must see all but
 * those that it is not bound to. Where the database is a front, rows and bars are changed on its
 * node.
 */
abstract class VerifyContract {
  /**
   * A mutation of partitions of one pair.
   *
   * @param name what the issue calls it
   * @param sql the statements, with {@code PAIR}, {@code MONTH} (2024_07), {@code TIME}, a bar that
   *     has all windows and is not in a sample of two rows, and {@code GAP}, a time without one
   * @param byFullAlone whether nothing but {@code --full} is bound to see it
   * @param named what the output of {@code --full} must have in one line
   */
  private record Mutation(String name, String sql, boolean byFullAlone, String... named) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Mutation> mutations() {
    return Stream.of(
        new Mutation(
            "a value of bqx changed by 1e-6 relative",
            "UPDATE bqx.bqx_PAIR SET w90_bqx_stdev_index = w90_bqx_stdev_index * 1.000001"
                + " WHERE ts_utc = 'TIME'",
            false,
            "bqx PAIR TIME w90_bqx_stdev_index"),
        new Mutation(
            "a coefficient of reg changed by 1e-6 relative",
            "UPDATE bqx.reg_PAIR SET w240_reg_a = w240_reg_a * 1.000001 WHERE ts_utc = 'TIME'",
            false,
            "reg PAIR TIME w240_reg_a"),
        new Mutation(
            "an r2 changed by 1e-6 relative",
            "UPDATE bqx.reg_PAIR SET w240_reg_r2 = w240_reg_r2 * 0.999999 WHERE ts_utc = 'TIME'",
            true,
            "reg PAIR TIME w240_reg_r2"),
        new Mutation(
            "a last bit changed",
            "UPDATE bqx.bqx_PAIR SET w60_bqx_avg_index = w60_bqx_avg_index + 1.5e-14"
                + " WHERE ts_utc = 'TIME'",
            true,
            "bqx PAIR TIME w60_bqx_avg_index"),
        new Mutation(
            "a row deleted",
            "DELETE FROM bqx.reg_PAIR WHERE ts_utc = 'TIME'",
            false,
            "reg PAIR TIME",
            "no row"),
        new Mutation(
            "a row of another month inserted",
            "INSERT INTO bqx.reg_PAIR SELECT * FROM jsonb_populate_record(NULL::bqx.reg, ("
                + "SELECT to_jsonb(r) || '{\"ts_utc\": \"GAP\"}' FROM bqx.reg_PAIR r"
                + " WHERE ts_utc = 'TIME'))",
            false,
            "reg PAIR GAP",
            "there is no bar"),
        new Mutation(
            "two columns swapped for one row",
            "UPDATE bqx.bqx_PAIR SET w60_bqx_avg_index = w90_bqx_avg_index,"
                + " w90_bqx_avg_index = w60_bqx_avg_index WHERE ts_utc = 'TIME'",
            false,
            "bqx PAIR TIME w90_bqx_avg_index"),
        new Mutation(
            "two columns without a relation swapped for one row",
            "UPDATE bqx.reg_PAIR SET w60_reg_r2 = w90_reg_r2, w90_reg_r2 = w60_reg_r2"
                + " WHERE ts_utc = 'TIME'",
            true,
            "reg PAIR TIME w60_reg_r2"),
        new Mutation(
            "all values shifted by one bar",
            "UPDATE bqx.reg_PAIR r SET (COLUMNS) = (SELECT COLUMNS FROM bqx.reg_PAIR p"
                + " WHERE p.ts_utc < r.ts_utc ORDER BY p.ts_utc DESC LIMIT 1)"
                + " WHERE r.ts_utc >= 'TIME'",
            false,
            "reg PAIR TIME w60_reg_endpoint"),
        new Mutation(
            "rate_index of one row changed",
            "UPDATE bqx.bqx_PAIR SET rate_index = rate_index * 1.000001 WHERE ts_utc = 'TIME'",
            false,
            "bqx PAIR TIME rate_index"),
        new Mutation(
            "a NULL put in",
            "UPDATE bqx.reg_PAIR SET w150_reg_rmse = NULL WHERE ts_utc = 'TIME'",
            false,
            "reg PAIR TIME w150_reg_rmse: found NULL"),
        new Mutation(
            "a NaN put in",
            "UPDATE bqx.reg_PAIR SET w150_reg_r2 = 'NaN' WHERE ts_utc = 'TIME'",
            false,
            "reg PAIR TIME w150_reg_r2: found NaN"),
        new Mutation(
            "an infinity put in",
            "UPDATE bqx.bqx_PAIR SET w150_bqx_max_index = 'Infinity' WHERE ts_utc = 'TIME'",
            false,
            "bqx PAIR TIME w150_bqx_max_index: found Infinity"),
        new Mutation(
            "a value put where there is no window",
            "UPDATE bqx.reg_PAIR SET w60_reg_r2 = 1"
                + " WHERE ts_utc = (SELECT min(ts_utc) FROM bqx.reg_PAIR)",
            false,
            "w60_reg_r2: found 1"),
        new Mutation(
            "a NaN put where there is no window",
            "UPDATE bqx.reg_PAIR SET w60_reg_r2 = 'NaN'"
                + " WHERE ts_utc = (SELECT min(ts_utc) FROM bqx.reg_PAIR)",
            false,
            "w60_reg_r2: found NaN"),
        new Mutation(
            "a coefficient changed where another window is not there",
            "UPDATE bqx.reg_PAIR SET w60_reg_a_term = w60_reg_a_term * 1.000001"
                + " WHERE ts_utc = (SELECT ts_utc FROM bqx.reg_PAIR ORDER BY ts_utc OFFSET 100 LIMIT 1)",
            false,
            "w60_reg_a_term"),
        new Mutation(
            "a bar changed after the backfill",
            "UPDATE bqx.m1 SET close = close * 1.000001 WHERE pair = 'PAIR' AND time = 'TIME'",
            false,
            "stale: bars changed"),
        new Mutation(
            "a bar changed behind the triggers' back",
            "SET session_replication_role = replica;"
                + " UPDATE bqx.m1 SET close = close * 1.000001, rate_index = rate_index * 1.000001"
                + " WHERE pair = 'PAIR' AND time = 'TIME'",
            false,
            "reg PAIR TIME rate_index",
            "source digest"),
        new Mutation(
            "functions of another version recorded",
            "UPDATE bqx.partition_state SET functions_version = '0' WHERE pair = 'PAIR'"
                + " AND family = 'reg'",
            false,
            "stale: functions changed"),
        new Mutation(
            "a row count recorded that is not the partition's",
            "UPDATE bqx.partition_state SET rows = rows + 1 WHERE pair = 'PAIR'",
            false,
            "recorded rows"));
  }

  private static final String CLUSTER =
      """
      SELECT format('CLUSTER %s USING %I', x.indrelid::regclass, i.relname)
      FROM pg_index x
      JOIN pg_class i ON i.oid = x.indexrelid
      JOIN bqx.partition_state s
          ON x.indrelid = to_regclass('bqx.' || bqx.partition_name(s.family, s.pair, s.month))
      WHERE x.indisprimary AND s.pair = ?
      """;

  private final TestDatabase database;
  private final TestDatabase node;
  private final String pair;
  private final String time;
  private final String gap;
  private final CommandLineRunner bqx;

  /** Of the database that people are given. */
  private SqlSession sql;

  /** Of the one that has the bars: the same, or a front's node. */
  private SqlSession home;

  VerifyContract(TestDatabase database, String pair, String time, String gap) {
    this(database, database, new CommandLineRunner(database), pair, time, gap);
  }

  VerifyContract(
      TestDatabase database, CommandLineRunner bqx, String pair, String time, String gap) {
    this(database, database, bqx, pair, time, gap);
  }

  VerifyContract(
      TestDatabase database,
      TestDatabase node,
      CommandLineRunner bqx,
      String pair,
      String time,
      String gap) {
    this.database = database;
    this.node = node;
    this.pair = pair;
    this.time = time;
    this.gap = gap;
    this.bqx = bqx;
  }

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(database.connect());
    home = node == database ? sql : new SqlSession(node.connect());
    // Else a verification warns that nobody has looked for gaps since bars changed.
    sql.execute("SELECT bqx.measure_bars()");
    assertThat(bqx.run("backfill", "--pairs", pair, "--workers", "1").code()).isZero();
  }

  @AfterEach
  void disconnect() throws SQLException {
    home.close();
    sql.close();
  }

  @Test
  void whatIsRightIsFoundRight() throws SQLException {
    for (String depth : List.of("--sample=200", "--sample=0", "--full")) {
      Result result = bqx.run("verify", "--pairs", pair, depth);
      assertThat(result.out()).doesNotContain("difference").doesNotContain("warning");
      assertThat(result.err()).contains("0 differences, 0 warnings");
      assertThat(result.code()).isZero();
    }
    assertThat(findings()).isEqualTo(findingsBySqlAlone()).isEqualTo(findingsTogether());
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void aMutationIsFoundAndNamed(Mutation mutation) throws SQLException {
    home.execute("CREATE TABLE public.bars AS SELECT * FROM bqx.m1 WHERE pair = '" + pair + "'");
    try {
      for (String statement : mutation.sql().split(";")) {
        home.execute(text(statement));
      }
      assertThat(findings()).isEqualTo(findingsBySqlAlone());
      // Rows that an UPDATE has moved SQL looks at; in their order again, Java does.
      for (String cluster : home.column(CLUSTER, pair)) {
        home.execute(cluster);
      }
      Result full = bqx.run("verify", "--pairs", pair, "--full", "--workers", "1");
      Result plain = bqx.run("verify", "--pairs", pair, "--sample", "2", "--workers", "1");
      assertThat(full.code()).isEqualTo(3);
      for (String named : mutation.named()) {
        assertThat(full.out()).contains(text(named));
      }
      assertThat(plain.code()).isEqualTo(mutation.byFullAlone() ? 0 : 3);
      assertThat(findings()).isEqualTo(findingsBySqlAlone()).isEqualTo(findingsTogether());
    } finally {
      home.execute("SET session_replication_role = replica");
      home.execute("DELETE FROM bqx.m1 WHERE pair = ?", pair);
      home.execute("INSERT INTO bqx.m1 SELECT * FROM public.bars");
      home.execute("DROP TABLE public.bars");
      home.execute("SET session_replication_role = origin");
      assertThat(bqx.run("backfill", "--pairs", pair, "--force", "--workers", "1").code()).isZero();
    }
  }

  @Test
  void aBaselineThatIsNotTheFirstBarIsNamedBesideIt() throws SQLException {
    String move =
        "UPDATE bqx.baseline_rates SET baseline_time = baseline_time + INTERVAL '%s' WHERE pair = ?";
    String first = baselineTime();
    home.execute(move.formatted("1 minute"), pair);
    try {
      Result result = bqx.run("verify", "--pairs", pair, "--sample", "0");
      assertThat(result.code()).isEqualTo(3);
      assertThat(result.out())
          .containsPattern(
              "found \\S+ at %s UTC, expected 100 at %s UTC, the first bar from"
                  .formatted(baselineTime(), first));
    } finally {
      home.execute(move.formatted("-1 minute"), pair);
    }
  }

  /** What stays has its index by the same baseline, which no bar shows any more. */
  @Test
  void aBaselineWhoseMonthIsGoneIsNamedUnlessItWasDropped() throws SQLException {
    String first = baselineTime();
    YearMonth month = YearMonth.parse(first.substring(0, 7));
    YearMonth last =
        YearMonth.parse(
            sql.text(
                "SELECT to_char(max(month), 'YYYY-MM') FROM bqx.m1_month WHERE pair = ?", pair));
    String next = month.plusMonths(1).atDay(1) + " 00:00Z";
    String bar = last.plusMonths(1).atDay(2) + " 12:00Z";
    String indexes =
        "SELECT string_agg(concat_ws(' ', ts_utc, rate_index), ',' ORDER BY ts_utc) FROM bqx.reg"
            + " WHERE pair = ? AND ts_utc >= ?::timestamptz AND ts_utc < ?::timestamptz";
    String before = sql.text(indexes, pair, next, bar);
    String[] verify = {"verify", "--pairs", pair, "--full", "--from", month.toString()};
    home.execute("CREATE TABLE public.bars AS SELECT * FROM bqx.m1 WHERE pair = '" + pair + "'");
    try {
      home.execute(
          "SELECT bqx.create_months(?, ?::date, ?::date)", pair, next, bar.substring(0, 10));
      home.execute(
          "INSERT INTO bqx.m1 (pair, time, close) VALUES (?, ?::timestamptz, 1.2)", pair, bar);
      home.execute("DELETE FROM bqx.m1 WHERE pair = ? AND time < ?::timestamptz", pair, next);
      assertThat(bqx.run("backfill", "--pairs", pair, "--force").code()).isZero();
      assertThat(sql.text(indexes, pair, next, bar)).isEqualTo(before);
      assertThat(
              home.value(
                  "SELECT rate_index = 1.2::float8 / baseline_rate * 100 FROM bqx.m1"
                      + " JOIN bqx.baseline_rates USING (pair) WHERE pair = ? AND time = ?::timestamptz",
                  pair,
                  bar))
          .isEqualTo(true);

      Result result = bqx.run(verify);
      assertThat(result.out())
          .containsPattern(
              "difference: %s %s UTC: found no bar, expected the bar whose index is 100, the first from %s-01 on"
                  .formatted(pair, first.substring(0, 16), month));
      assertThat(result.err()).contains("1 difference,");
      assertThat(result.code()).isEqualTo(3);
      assertThat(bqx.run("verify", "--pairs", pair, "--from", next.substring(0, 7)).code())
          .isZero();

      sql.execute("SELECT bqx.drop_months(?::date)", next);
      Result dropped = bqx.run(verify);
      assertThat(dropped.code()).as(dropped.out()).isZero();
    } finally {
      for (SqlSession one : List.of(sql, home)) {
        one.execute("UPDATE bqx.pair SET kept_from = '-infinity'");
      }
      home.execute("DELETE FROM bqx.m1 WHERE pair = ?", pair);
      home.execute(
          "SELECT bqx.create_months(?, ?::date, ?::date)", pair, month + "-01", last + "-01");
      home.execute("INSERT INTO bqx.m1 SELECT * FROM public.bars");
      home.execute("DROP TABLE public.bars");
      assertThat(bqx.run("backfill", "--pairs", pair, "--force", "--workers", "1").code()).isZero();
    }
  }

  /** The session of each worker, and the one that looks at the range as a whole. */
  @Test
  void killedBackendsAreNotTheEnd() throws Exception {
    assertGoesOnWithout(sql, "bqx verify");
    if (node != database) {
      assertGoesOnWithout(home, "bqx front");
    }
  }

  private void assertGoesOnWithout(SqlSession killer, String application) throws Exception {
    String table = "bqx.reg_%s_%s".formatted(pair, time.substring(0, 7).replace('-', '_'));
    try (SqlSession holder = new SqlSession(node.connect())) {
      holder.connection().setAutoCommit(false);
      holder.execute("LOCK TABLE " + table);
      CompletableFuture<Result> verify =
          CompletableFuture.supplyAsync(() -> bqx.run("verify", "--pairs", pair, "--workers", "1"));
      home.await(
          1,
          "SELECT count(DISTINCT relation) FROM pg_locks WHERE NOT granted AND relation = '%s'::regclass"
              .formatted(table));
      long killed =
          killer.number(
              "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                  + " WHERE application_name LIKE '%s%%' AND datname = current_database()"
                      .formatted(application));
      holder.connection().rollback();
      Result result = verify.get(60, TimeUnit.SECONDS);
      assertThat(killed).isPositive();
      assertThat(result.code()).as(result.out() + result.err()).isZero();
      assertThat(result.out()).doesNotContain("not checked");
      assertThat(result.err()).contains("0 differences, 0 warnings");
    }
  }

  private String baselineTime() throws SQLException {
    return home.text(
        "SELECT (baseline_time AT TIME ZONE 'UTC')::text FROM bqx.baseline_rates WHERE pair = ?",
        pair);
  }

  private List<String> findings() throws SQLException {
    return findings(sql);
  }

  private List<String> findings(SqlSession session) throws SQLException {
    return session.column(
        "SELECT s.family || v FROM bqx.partition_state s,"
            + " bqx.verify(s.family, s.pair, s.month, 2) v WHERE s.pair = ? ORDER BY 1",
        pair);
  }

  /** The same of all families of a month at once, each with its bars read for itself or not. */
  private List<String> findingsTogether() throws SQLException {
    return sql.column(
        "SELECT v.family || (v.kind, v.check_name, v.ts_utc, v.column_name, v.found, v.expected)::text"
            + " FROM (SELECT pair, month, array_agg(family) AS families FROM bqx.partition_state"
            + " WHERE pair = ? GROUP BY pair, month) s,"
            + " bqx.verify_families(s.families, s.pair, s.month, 2) v ORDER BY 1",
        pair);
  }

  /** What there is to say when Java knows the rules of no family. */
  private List<String> findingsBySqlAlone() throws SQLException {
    home.execute("BEGIN");
    home.execute(
        "CREATE OR REPLACE FUNCTION bqx.rows_hold(family text, rows float8[], inputs float8[],"
            + " windows int4[], skip int4) RETURNS boolean LANGUAGE sql AS 'SELECT NULL::boolean'");
    List<String> findings = findings(home);
    home.execute("ROLLBACK");
    return findings;
  }

  private String text(String template) throws SQLException {
    String columns =
        String.join(
            ", ", sql.column("SELECT column_name FROM bqx.feature_column WHERE family = 'reg'"));
    return template
        .replace("PAIR", pair)
        .replace("TIME", time)
        .replace("GAP", gap)
        .replace("COLUMNS", columns);
  }
}
