package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.MadeBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Matrices from their definition to their check, over a month's end and a weekend. */
class MatrixIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final String[] DEFINE = {
    "matrix",
    "define",
    "small",
    "--pairs=EURUSD",
    "--columns=bqx.w60_*,derived_*,rate.w60_*,rate_index,reg_yhat.w60_*",
    "--related=gbpusd",
    "--related-columns=bqx.w60_bqx_return",
    "--lags=60,1",
    "--lag-columns=bqx.w60_bqx_return",
    "--train-until=2024-07-31",
    "--validate-until=2024-08-01T12:00:00Z",
    "--embargo=30"
  };

  @TempDir private Path folder;

  private SqlSession sql;

  @BeforeAll
  static void compute() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession session = new SqlSession(DATABASE.connect())) {
      for (String pair : List.of("eurusd", "gbpusd")) {
        MadeBars.insert(session, pair, "2024-07-30 00:00Z", "2024-08-03 00:00Z");
        session.execute("SELECT bqx.set_baseline(?)", pair);
      }
      session.execute(
          "DELETE FROM bqx.m1 WHERE pair = 'gbpusd' AND time BETWEEN '2024-08-01 06:00Z' AND '2024-08-01 06:04Z'");
      session.execute("SELECT bqx.enable_family('rate')");
    }
    assertThat(BQX.run("backfill").code()).isZero();
    Result defined = BQX.run(DEFINE);
    assertThat(defined.err()).contains("matrix small has 43 columns");
    assertThat(defined.code()).isZero();
  }

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  private String query(String name) throws SQLException {
    return "(" + sql.text("SELECT bqx.matrix_query(?, 'eurusd')", name) + ")";
  }

  private static JsonNode json(String name, String... arguments) {
    Result result = BQX.run(arguments);
    return JsonMapper.shared().readTree(result.out()).get(name);
  }

  @Test
  void showAndListSayWhatItIs() {
    Result shown = BQX.run("matrix", "show", "small");
    assertThat(shown.code()).isZero();
    assertThat(shown.out())
        .contains("train until 2024-07-31T00:00:00Z, validation until 2024-08-01T12:00:00Z")
        .containsPattern("3 +w60_bqx_return +double precision +ratio +60 +-inf to inf +never")
        .containsPattern("w60_bqx_return_lag60 +double precision +ratio +120 ")
        .containsPattern(
            "gbpusd_w60_bqx_return +double precision .*gbpusd has no bar at that minute")
        .containsPattern("43 +split +text");
    JsonNode columns = json("matrix", "matrix", "show", "small", "--json").get("columns");
    assertThat(columns).hasSize(43);
    assertThat(columns.get(0).get("name").asString()).isEqualTo("pair");
    assertThat(BQX.run("matrix", "list").out()).containsPattern("small +43 +1 w60_target_h60");
    assertThat(BQX.run("matrix", "show", "absent").err())
        .contains("matrix \"absent\" does not exist", "./bqx matrix list");
  }

  /** Each of them beside what plain SQL finds by the number of the bar. */
  @Test
  void everyCellIsTheStoredOne() throws SQLException {
    assertThat(
            sql.value(
                """
                WITH bar AS (
                    SELECT time, row_number() OVER (ORDER BY time) AS no FROM bqx.m1_eurusd
                )
                SELECT count(*)
                FROM %s q
                JOIN bar ON bar.time = q.ts_utc
                JOIN bqx.bqx_eurusd own ON own.ts_utc = q.ts_utc
                JOIN bqx.reg_eurusd reg ON reg.ts_utc = q.ts_utc
                LEFT JOIN bqx.bqx_gbpusd other ON other.ts_utc = q.ts_utc
                LEFT JOIN bar b1 ON b1.no = bar.no - 1
                LEFT JOIN bqx.bqx_eurusd lag1 ON lag1.ts_utc = b1.time
                LEFT JOIN bar b60 ON b60.no = bar.no - 60
                LEFT JOIN bqx.bqx_eurusd lag60 ON lag60.ts_utc = b60.time
                LEFT JOIN bar after ON after.no = bar.no + 60
                LEFT JOIN bqx.bqx_eurusd target ON target.ts_utc = after.time
                WHERE q.pair = 'eurusd' AND q.rate_index = own.rate_index
                    AND q.w60_bqx_return IS NOT DISTINCT FROM own.w60_bqx_return
                    AND q.w60_bqx_return_lag1 IS NOT DISTINCT FROM lag1.w60_bqx_return
                    AND q.w60_bqx_return_lag60 IS NOT DISTINCT FROM lag60.w60_bqx_return
                    AND q.gbpusd_w60_bqx_return IS NOT DISTINCT FROM other.w60_bqx_return
                    AND q.derived_divergence_60_630 IS NOT DISTINCT FROM own.w60_bqx_mean_return - own.w630_bqx_mean_return
                    AND q.derived_momentum_alignment IS NOT DISTINCT FROM sign(own.w60_bqx_return)
                        + sign(own.w90_bqx_return) + sign(own.w150_bqx_return) + sign(own.w240_bqx_return)
                        + sign(own.w390_bqx_return) + sign(own.w630_bqx_return)
                    AND q.derived_trend_strength IS NOT DISTINCT FROM (reg.w60_reg_r2 + reg.w90_reg_r2 + reg.w150_reg_r2
                        + reg.w240_reg_r2 + reg.w390_reg_r2 + reg.w630_reg_r2) / 6
                    AND q.w60_target_h60 IS NOT DISTINCT FROM target.w60_bqx_return
                    AND q.w60_target_h60_time IS NOT DISTINCT FROM target.ts_utc
                """
                    .formatted(query("small"))))
        .isEqualTo(4L * 1440);
    assertThat(
            sql.number(
                "SELECT count(*) FROM %s q WHERE gbpusd_w60_bqx_return IS NULL AND ts_utc > '2024-08-01'"
                    .formatted(query("small"))))
        .isEqualTo(5);
  }

  /** A row of the train whose label reached into the validation would know its answer. */
  @Test
  void noLabelCrossesAndTheEmbargoIsCounted() throws SQLException {
    String rows = query("small");
    assertThat(
            sql.rows(
                """
                SELECT count(*) FILTER (WHERE split = 'train' AND w60_target_h60_time >= '2024-07-31'),
                    count(*) FILTER (WHERE split = 'validation' AND w60_target_h60_time >= '2024-08-01 12:00Z'),
                    count(*) FILTER (WHERE split IS NOT NULL AND w60_target_h60 IS NULL)
                FROM %s q
                """
                    .formatted(rows)))
        .containsExactly(List.of(0L, 0L, 0L));
    // A day, less the first rows, whose target is there, less 60 of the purge.
    assertThat(
            sql.rows(
                "SELECT split, count(*), min(ts_utc)::text, max(ts_utc)::text FROM %s q WHERE split IS NOT NULL GROUP BY 1 ORDER BY 3"
                    .formatted(rows)))
        .extracting(row -> row.get(0) + " " + row.get(1))
        .containsExactly(
            "train " + (1440 - 60),
            "validation " + (1440 + 720 - 60 - 30),
            "test " + (720 + 1440 - 60 - 30));
    assertThat(
            sql.number(
                "SELECT count(*) FROM %s q WHERE split IS NULL AND ts_utc >= '2024-07-31' AND ts_utc < '2024-07-31 00:30Z'"
                    .formatted(rows)))
        .isEqualTo(30);
  }

  @Test
  void otherMonthsAreNotRead() throws SQLException {
    String plan =
        String.join(
            "\n",
            sql.column(
                "EXPLAIN "
                    + sql.text(
                        "SELECT bqx.matrix_query('small', 'eurusd', '2024-08-02', '2024-08-03')")));
    assertThat(plan).contains("bqx_eurusd_2024_08", "bqx_gbpusd_2024_08", "rate_eurusd_2024_08");
    assertThat(plan).doesNotContain("2024_07");
    String july =
        String.join(
            "\n",
            sql.column(
                "EXPLAIN "
                    + sql.text(
                        "SELECT bqx.matrix_query('small', 'eurusd', '2024-08-01', '2024-08-03')")));
    // The lags of its first rows.
    assertThat(july).contains("bqx_eurusd_2024_07").doesNotContain("rate_eurusd_2024_07");
  }

  @Test
  void aRelatedPairsLastRowStandsInForAWhile() throws SQLException {
    assertThat(
            BQX.run(
                    "matrix",
                    "define",
                    "aged",
                    "--pairs=eurusd",
                    "--columns=bqx.w60_bqx_return",
                    "--related=gbpusd",
                    "--related-columns=bqx.w60_bqx_return",
                    "--related-max-age=3")
                .code())
        .isZero();
    assertThat(
            sql.column(
                """
                SELECT to_char(q.ts_utc, 'MI') || CASE WHEN q.gbpusd_w60_bqx_return = b.w60_bqx_return THEN ' last' ELSE '' END
                FROM %s q, bqx.bqx_gbpusd b
                WHERE b.ts_utc = '2024-08-01 05:59Z' AND q.ts_utc BETWEEN '2024-08-01 05:59Z' AND '2024-08-01 06:05Z'
                ORDER BY q.ts_utc
                """
                    .formatted(query("aged"))))
        .containsExactly("59 last", "00 last", "01 last", "02 last", "03", "04", "05");
    assertThat(BQX.run("matrix", "drop", "aged").code()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --columns=fwd.w60_fwd_return | family fwd, a target: it looks at bars after its row's
          --columns=w60_target_h60 | is a target: it is of bars after its row's, and no feature
          --columns=mom.* | of family mom, which is not enabled
          --columns=bqx.w61_* | column "bqx.w61_*" does not exist
          --columns=bqx.* --target=w45_h60 | family bqx has no such window, but 60, 90, 150, 240, 390, 630
          --columns=bqx.* --target=60 | target "60" is not of the form w60_h60
          --columns=bqx.* --train-until=2024-08-01 | train_until and validate_until go together
          --columns=bqx.* --from=August | from August is neither a day
          --columns=bqx.* --related=all | related pairs and related columns go together: there are 27 and 0
          --columns=bqx.* --lags=0 | must be bars before the row
          --columns=bqx.* --lags=2147483647 | must be bars before the row, from 1 to 1000000
          --columns=bqx.* --lags=99999999999 | 99999999999
          --columns=bqx.* --lag-columns=bqx.* | lag columns without lags: bqx.*
          --columns=bqx.* --related-max-age=5 | related_max_age without related pairs
          --columns=bqx.*,reg.* --related=all --related-columns=bqx.*,reg.w60_* | a query has at most 1664
          --columns=bqx.* --file=x.yaml | give either --file, or --pairs and --columns
          """)
  void whatCannotBeIsRefused(String options, String message) {
    Result refused =
        BQX.run(
            Stream.concat(
                    Stream.of("matrix", "define", "never", "--pairs=eurusd"),
                    Pattern.compile(" ").splitAsStream(options))
                .toArray(String[]::new));
    assertThat(refused.code()).as(refused.err()).isEqualTo(message.contains("1664") ? 1 : 2);
    assertThat(refused.err()).contains(message);
    assertThat(BQX.run("matrix", "list").out()).doesNotContain("never");
  }

  /** PostgreSQL would cut such names, and two of them could be one. */
  @Test
  void namesThatAreTooLongAreRefused() throws SQLException {
    String name = "a" + "b".repeat(48);
    assertThat(BQX.run("matrix", "define", name, "--pairs=eurusd", "--columns=bqx.*").err())
        .contains("matrix name \"%s\" is not a letter and up to 47 letters".formatted(name));
    sql.connection().setAutoCommit(false);
    sql.execute(
        "INSERT INTO bqx.feature_derived VALUES ('rate', 'rate_long', 1, repeat('c', 48), '1', 'ratio', 'a column')");
    String column = "gbpusd_w60_rate_" + "c".repeat(48);
    assertThatThrownBy(
            () ->
                sql.execute(
                    "SELECT bqx.define_matrix('long', '{eurusd}', '{bqx.*}', '{gbpusd}', '{rate_long.*}')"))
        .hasMessageContaining(
            "column \"%s\" of matrix \"long\" would have 64 bytes: a name has at most 63"
                .formatted(column));
    sql.connection().rollback();
    sql.connection().setAutoCommit(true);
  }

  @Test
  void anUnknownMatrixIsRefusedInTheSameWords() throws SQLException {
    assertThat(sql.text("SELECT bqx.check_matrix('Small')")).isEqualTo("small");
    for (String refused :
        List.of(
            "bqx.check_matrix('absent')",
            "bqx.matrix_column('absent')",
            "bqx.matrix_warnings('absent')",
            "bqx.matrix_query('absent', 'eurusd')",
            "bqx.drop_matrix('absent')")) {
      assertThatThrownBy(() -> sql.execute("SELECT " + refused))
          .hasMessageContaining("unknown matrix \"absent\"")
          .hasMessageContaining("SELECT name FROM bqx.matrix lists them.")
          .extracting(failure -> ((SQLException) failure).getSQLState())
          .isEqualTo("22023");
    }
  }

  /** What takes time is to list the columns, and more where tables are joined as they stand. */
  @Test
  void aQueryIsWrittenOfOneListOfColumns() throws SQLException {
    sql.connection().setAutoCommit(false);
    sql.execute("SET LOCAL track_functions = 'pl'");
    sql.execute("SET LOCAL join_collapse_limit = 1");
    assertThat(sql.text("SELECT bqx.matrix_query('small', 'eurusd')")).contains("ORDER BY");
    assertThat(
            sql.number(
                "SELECT calls FROM pg_stat_xact_user_functions WHERE funcname = 'matrix_column'"))
        .isEqualTo(1);
    assertThat(
            sql.text("SELECT proconfig::text FROM pg_proc WHERE oid = 'bqx.matrix_query'::regproc"))
        .contains("join_collapse_limit=8");
    sql.connection().rollback();
    sql.connection().setAutoCommit(true);
  }

  @Test
  void allPairsAreThoseThatHaveBars() throws SQLException {
    Result defined =
        BQX.run("matrix", "define", "whole", "--pairs=ALL", "--columns=bqx.w60_bqx_return");
    assertThat(defined.code()).as(defined.err()).isZero();
    assertThat(sql.text("SELECT pairs::text FROM bqx.matrix WHERE name = 'whole'"))
        .isEqualTo("{eurusd,gbpusd}");
    assertThat(BQX.run("matrix", "drop", "whole").code()).isZero();
  }

  /** What nobody would see in a table of numbers is said at once. */
  @Test
  void whatAMatrixIsBetterOffWithoutIsWarnedOf() throws SQLException {
    String[] define = {
      "matrix",
      "define",
      "warned",
      "--pairs=eurusd",
      "--columns=bqx.w60_bqx_return",
      "--related=gbpusd,usdjpy",
      "--related-columns=bqx.w60_*",
      "--train-until=2024-07-30",
      "--validate-until=2024-08-02T22:31:00Z"
    };
    Result first = BQX.run(define);
    assertThat(first.code()).as(first.err()).isZero();
    // The test has 89 bars, of which the embargo takes 60.
    assertThat(first.err())
        .contains(
            "related pairs without bars: usdjpy; their columns are NULL",
            "splits without rows now: train, test; train until 2024-07-30")
        .doesNotContain("their future");
    Result checked = BQX.run("matrix", "check", "warned", "--sample=0", "--json");
    assertThat(definitionWarnings(checked))
        .anyMatch(one -> one.startsWith("related pairs without bars: usdjpy; their columns are"))
        .anyMatch(one -> one.startsWith("splits without rows now: train, test; train until"))
        .noneMatch(one -> one.contains("their future"));
    assertThat(BQX.run("matrix", "drop", "warned").code()).isZero();

    sql.connection().setAutoCommit(false);
    sql.execute("SELECT bqx.set_baseline('gbpusd', '2024-07-31')");
    assertThat(warnings("'{bqx.w60_*}'"))
        .contains("scaled by a price of their future: gbpusd before 2024-07-31")
        .doesNotContain("splits without", "without bars");
    assertThat(warnings("'{bqx.w60_bqx_return}'")).doesNotContain("their future");
    sql.connection().rollback();
    sql.connection().setAutoCommit(true);
  }

  /** What was right when the matrix was defined need not stay so. */
  @Test
  void theCheckWarnsOfWhatADefinitionWouldBeWarnedOfNow() throws SQLException {
    define(
        "overtaken",
        "--columns=bqx.w60_bqx_return",
        "--related=gbpusd",
        "--related-columns=bqx.w60_*",
        "--target=w90_h60");
    String[] check = {"matrix", "check", "overtaken", "--sample=0", "--json"};
    assertThat(definitionWarnings(BQX.run(check)))
        .singleElement()
        .asString()
        .contains("30 of them are known at the row");
    String move =
        "UPDATE bqx.baseline_rates SET baseline_time = baseline_time + INTERVAL '%s' WHERE pair = 'gbpusd'";
    sql.execute(move.formatted("1 day"));
    try {
      assertThat(definitionWarnings(BQX.run(check)))
          .contains(
              "columns in index points are scaled by a price of their future: gbpusd before"
                  + " 2024-07-31 00:00:00 UTC");
      assertThat(BQX.run("matrix", "check", "overtaken", "--sample=0").out())
          .contains("warning: found columns in index points are scaled by a price of their future");
    } finally {
      sql.execute(move.formatted("-1 day"));
      assertThat(BQX.run("matrix", "drop", "overtaken").code()).isZero();
    }
  }

  private static List<String> definitionWarnings(Result checked) {
    List<String> found = new ArrayList<>();
    for (JsonNode one : JsonMapper.shared().readTree(checked.out()).get("check").get("warnings")) {
      if (one.get("check").asString().equals("definition")) {
        found.add(one.get("found").asString());
      }
    }
    return found;
  }

  private String warnings(String relatedColumns) throws SQLException {
    try (Statement statement = sql.connection().createStatement()) {
      statement.execute(
          "SELECT bqx.define_matrix('warned', '{eurusd}', '{bqx.w60_bqx_return}', '{gbpusd}', %s)"
              .formatted(relatedColumns));
      List<String> warnings = new ArrayList<>();
      for (SQLWarning one = statement.getWarnings(); one != null; one = one.getNextWarning()) {
        warnings.add(one.getMessage());
      }
      statement.execute("SELECT bqx.drop_matrix('warned')");
      return warnings.toString();
    }
  }

  @Test
  void aDerivedColumnThatIsMadeOfOthersIsNamed() throws Exception {
    Path manifest = folder.resolve("manifest.json");
    Files.writeString(manifest, BQX.run("matrix", "show", "small", "--manifest").out());
    assertThat(Files.readString(manifest)).contains("\"derived.derived_trend_strength\"");
    String was = sql.text("SELECT windows::text FROM bqx.feature WHERE family = 'reg'");
    sql.execute("UPDATE bqx.feature SET windows = '{60,90,150,240,630}' WHERE family = 'reg'");
    Result checked;
    try {
      checked = BQX.run("matrix", "check", "small", "--sample=0", "--against", manifest.toString());
    } finally {
      sql.execute("UPDATE bqx.feature SET windows = ?::int[] WHERE family = 'reg'", was);
    }
    assertThat(checked.code()).isEqualTo(3);
    assertThat(checked.out())
        .contains("(manifest: expression of derived.derived_trend_strength)", "w630_reg_r2) / 5");
  }

  @Test
  void aFileSaysTheSameAndWhatIsKnownOfTheTargetIsSaid() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("matrix.yaml"),
            """
            pairs: [eurusd, gbpusd]
            columns: ['bqx.*']
            related: [same]
            related_columns: [bqx.w60_bqx_return]
            lags: [60]
            target: w60_h15
            """);
    Result defined = BQX.run("matrix", "define", "filed", "--file", file.toString());
    assertThat(defined.code()).as(defined.err()).isZero();
    assertThat(defined.err()).contains("45 of them are known at the row, and predict themselves");
    // Eighteen pairs share a currency with eurusd or gbpusd, and these are among them.
    assertThat(defined.err())
        .contains("matrix filed has %d columns".formatted(2 + 54 + 54 + 18 + 5));
    assertThat(BQX.run("matrix", "drop", "filed").code()).isZero();
    Files.writeString(file, "pairs: [eurusd]\ncolums: [x]\n");
    assertThat(BQX.run("matrix", "define", "filed", "--file", file.toString()).err())
        .contains("does not define a matrix", "colums");
    for (String wrong : List.of("columns: ['reg.*']", "lags: [60.5]", "train_until")) {
      Files.writeString(file, "pairs: [eurusd]\ncolumns: ['bqx.*']\n" + wrong + "\n");
      assertThat(BQX.run("matrix", "define", "filed", "--file", file.toString()).err())
          .as(wrong)
          .contains("does not define a matrix");
    }
  }

  @Test
  void theCheckFindsNothingInWhatIsRight() throws Exception {
    Path manifest = folder.resolve("manifest.json");
    Path junit = folder.resolve("check.xml");
    Files.writeString(manifest, BQX.run("matrix", "show", "small", "--manifest").out());
    Result checked =
        BQX.run(
            "matrix",
            "check",
            "small",
            "--against",
            manifest.toString(),
            "--junit",
            junit.toString());
    assertThat(checked.code()).as(checked.out() + checked.err()).isZero();
    assertThat(checked.out())
        .contains(
            "fact: rows eurusd 2024-07: 2,880 rows",
            "fact: rows eurusd 2024-08: 2,880 rows",
            "fact: no look-ahead: 96 rows of families computed")
        .doesNotContain("difference");
    assertThat(Files.readString(junit)).contains("failures=\"0\"", "name=\"no look-ahead\"");

    Files.writeString(
        manifest,
        Files.readString(manifest).replace("2024-07-31T00:00:00Z", "2024-07-30T00:00:00Z"));
    Result other =
        BQX.run("matrix", "check", "small", "--against", manifest.toString(), "--sample=1");
    assertThat(other.code()).isEqualTo(3);
    assertThat(other.out()).contains("(manifest: splits)");
  }

  /** A column that reads t + 1, stored as if it were a feature. */
  @Test
  void aPlantedLeakIsNamed() throws SQLException {
    sql.execute(
        "CREATE TEMP TABLE kept AS SELECT ts_utc, w60_rate_zscore FROM bqx.rate_eurusd_2024_08");
    sql.execute(
        """
        UPDATE bqx.rate_eurusd_2024_08 r SET w60_rate_zscore = next.value
        FROM (SELECT ts_utc, lead(w60_rate_zscore) OVER (ORDER BY ts_utc) AS value FROM bqx.rate_eurusd_2024_08) next
        WHERE next.ts_utc = r.ts_utc
        """);
    try {
      Result checked = BQX.run("matrix", "check", "small", "--sample=3");
      assertThat(checked.code()).isEqualTo(3);
      assertThat(checked.out())
          .containsPattern(
              "difference: rate eurusd 2024-08-01 00:00 UTC w60_rate_zscore: .*no look-ahead: later bars cut off")
          .containsPattern("w60_rate_zscore: .*no look-ahead: other bars changed")
          .doesNotContain("look-ahead: w60_rate_position");
      JsonNode differences =
          json("check", "matrix", "check", "small", "--sample=3", "--json").get("differences");
      differences
          .findValuesAsString("column")
          .forEach(column -> assertThat(column).isEqualTo("w60_rate_zscore"));
    } finally {
      sql.execute(
          "UPDATE bqx.rate_eurusd_2024_08 r SET w60_rate_zscore = kept.w60_rate_zscore FROM kept WHERE kept.ts_utc = r.ts_utc");
    }
  }

  /** A family whose functions read later bars, and whose catalogue says that it does not. */
  @Test
  void aFamilyThatLooksAheadIsNamed() throws SQLException {
    sql.execute("SELECT bqx.enable_family('fwd')");
    sql.execute(
        "SELECT bqx.backfill('fwd', 'eurusd', m) FROM unnest('{2024-07-01,2024-08-01}'::date[]) m");
    sql.execute("UPDATE bqx.feature_definition SET role = 'feature' WHERE family = 'fwd'");
    try {
      Result defined =
          BQX.run(
              "matrix",
              "define",
              "leaky",
              "--pairs=eurusd",
              "--columns=bqx.w60_*,fwd.w60_fwd_endpoint");
      assertThat(defined.code()).as(defined.err()).isZero();
      Result checked = BQX.run("matrix", "check", "leaky", "--sample=3");
      assertThat(checked.code()).isEqualTo(3);
      assertThat(checked.out())
          .containsPattern("difference: fwd eurusd .* w60_fwd_endpoint: .*later bars cut off")
          .containsPattern("difference: fwd eurusd .* w60_fwd_endpoint: .*other bars changed");
      assertThat(checked.out()).doesNotContain("difference: bqx");
    } finally {
      sql.execute("SELECT bqx.drop_matrix(name) FROM bqx.matrix WHERE name = 'leaky'");
      sql.execute("UPDATE bqx.feature_definition SET role = 'target' WHERE family = 'fwd'");
      sql.execute("SELECT bqx.enable_family('fwd', false)");
    }
  }

  @Test
  void aRowOrAValueThatIsWrongIsNamed() throws SQLException {
    sql.execute("CREATE TEMP TABLE kept AS SELECT * FROM bqx.bqx_eurusd_2024_08");
    sql.execute("DELETE FROM bqx.bqx_eurusd_2024_08 WHERE ts_utc = '2024-08-01 07:00Z'");
    sql.execute(
        """
        UPDATE bqx.bqx_eurusd_2024_08 SET w60_bqx_range = CASE WHEN ts_utc = '2024-08-01 08:00Z' THEN -1 END,
            w60_bqx_volatility = CASE WHEN ts_utc = '2024-08-01 08:00Z' THEN NULL ELSE 'NaN'::float8 END
        WHERE ts_utc IN ('2024-08-01 08:00Z', '2024-08-01 09:00Z')
        """);
    try {
      Result checked = BQX.run("matrix", "check", "small", "--sample=0");
      assertThat(checked.code()).isEqualTo(3);
      assertThat(checked.out())
          .contains(
              "eurusd 2024-08-01 07:00 UTC: found 2,879 rows, expected 2,880 rows, one for each bar (rows)",
              "w60_target_h60: found NULL, expected that of 2024-08-01T07:00:00Z, whose row is not there (target)",
              "eurusd 2024-08-01 08:00 UTC w60_bqx_range: found -1.0, expected 0.0 to Infinity (range)",
              "w60_bqx_volatility: found NULL in 1 row, expected never NULL after 60 bars (NULL share)",
              "eurusd 2024-08-01 09:00 UTC w60_bqx_volatility: found NaN, expected a number (finite)");
    } finally {
      sql.execute("DELETE FROM bqx.bqx_eurusd_2024_08");
      sql.execute("INSERT INTO bqx.bqx_eurusd_2024_08 SELECT * FROM kept");
    }
  }

  /** Asked for by its minute it is two. */
  @Test
  void aRowThatIsNotAloneIsNamed() throws SQLException {
    define("minutes", "--columns=bqx.w60_bqx_return");
    sql.execute(
        """
        INSERT INTO bqx.bqx_eurusd_2024_08 (pair, ts_utc, rate_index, w60_bqx_return)
        SELECT pair, ts_utc + INTERVAL '30 seconds', rate_index, w60_bqx_return
        FROM bqx.bqx_eurusd_2024_08 WHERE ts_utc = '2024-08-01 00:00Z'
        """);
    try {
      Result checked = BQX.run("matrix", "check", "minutes", "--sample=1");
      assertThat(checked.code()).isEqualTo(3);
      assertThat(checked.out())
          .contains("eurusd 2024-08-01 00:00 UTC: found 2 rows, expected 1 row (a row alone)");
    } finally {
      sql.execute("DELETE FROM bqx.bqx_eurusd_2024_08 WHERE ts_utc = '2024-08-01 00:00:30Z'");
      assertThat(BQX.run("matrix", "drop", "minutes").code()).isZero();
    }
  }

  @Test
  void aCheckThatIsNotMadeIsNotPassed() throws Exception {
    Path junit = folder.resolve("check.xml");
    Result checked = BQX.run("matrix", "check", "small", "--sample=0", "--junit=" + junit);
    assertThat(checked.code()).as(checked.out()).isZero();
    assertThat(Files.readString(junit))
        .contains("name=\"target\"", "tests=\"11\"")
        .doesNotContain("no look-ahead", "a row alone");
    for (String option : List.of("--sample=-1", "--null-share=NaN", "--psi=-0.1")) {
      assertThat(BQX.run("matrix", "check", "small", option).code()).as(option).isEqualTo(2);
    }
  }

  /** A row reads more than its own columns' month: lags, targets, and what scales these. */
  @Test
  void whateverRowsAreReadFromMustBeDone() throws SQLException {
    define(
        "reads",
        "--columns=bqx.w60_bqx_return",
        "--lags=60",
        "--from=2024-08-01",
        "--train-until=2024-08-02",
        "--validate-until=2024-08-02");
    String change =
        """
        UPDATE bqx.partition_state SET functions_version = %s
        WHERE pair = 'eurusd' AND (family, month) IN (('bqx', '2024-07-01'), ('rate', '2024-08-01'))
        """;
    sql.execute(change.formatted("functions_version || ' before'"));
    try {
      assertThat(BQX.run("matrix", "check", "reads", "--sample=0").out())
          .contains(
              "difference: bqx eurusd 2024-07: found stale, functions changed, expected done (state)",
              "difference: rate eurusd 2024-08: found stale, functions changed, expected done (state)")
          .doesNotContain("difference: bqx eurusd 2024-08", "difference: rate eurusd 2024-07");
    } finally {
      sql.execute(change.formatted("replace(functions_version, ' before', '')"));
      assertThat(BQX.run("matrix", "drop", "reads").code()).isZero();
    }
    sql.execute("SELECT bqx.enable_family('rate', false)");
    try {
      Result checked = BQX.run("matrix", "check", "small", "--sample=0");
      assertThat(checked.code()).isEqualTo(3);
      assertThat(checked.out())
          .contains("difference: rate: found not enabled, expected enabled (state)");
    } finally {
      sql.execute("SELECT bqx.enable_family('rate')");
    }
  }

  @Test
  void aReferenceWithoutRowsIsSaid() {
    Result never = BQX.run("matrix", "check", "small", "--sample=0", "--reference=2024-06");
    assertThat(never.code()).isEqualTo(2);
    assertThat(never.err())
        .contains("matrix \"small\" has no rows in 2024-06, but in 2024-07, 2024-08")
        .contains("./bqx matrix check small --reference 2024-07");
    assertThat(BQX.run("matrix", "check", "small", "--sample=0", "--reference=2024-08").out())
        .containsPattern("fact: drift eurusd 2024-08 \\w+: PSI at most 0\\.000, KS of it 0\\.000")
        .doesNotContainPattern("fact: drift eurusd 2024-07 \\w+: PSI at most 0\\.000");

    define(
        "untrained",
        "--columns=bqx.w60_bqx_return",
        "--train-until=2024-07-01",
        "--validate-until=2024-08-01");
    try {
      assertThat(BQX.run("matrix", "check", "untrained", "--sample=0", "--reference=train").out())
          .contains(
              "warning: eurusd: found no rows to compare months with, expected rows of train (drift)");
    } finally {
      assertThat(BQX.run("matrix", "drop", "untrained").code()).isZero();
    }
  }

  private static void define(String name, String... options) {
    Result defined =
        BQX.run(
            Stream.concat(Stream.of("matrix", "define", name, "--pairs=eurusd"), Stream.of(options))
                .toArray(String[]::new));
    assertThat(defined.code()).as(defined.err()).isZero();
  }

  @Test
  void stagesKnowTheMatrix() {
    assertThat(BQX.run("stages").out())
        .containsPattern("1\\.5\\.6 +matrix +complete")
        .containsPattern("(1 matrix|[0-9]+ matrices)")
        .contains("bqx.target");
  }
}
