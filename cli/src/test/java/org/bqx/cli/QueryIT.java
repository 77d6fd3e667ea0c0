package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.bqx.testkit.DocsPage;
import org.bqx.testkit.MadeBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The queries of docs/query.md as they stand there, of two pairs and two months. */
class QueryIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final Path GUIDE = Path.of("../docs/query.md");

  /** Of a join of two families by a range of one. */
  private static final String JOIN = "bqx.bqx JOIN bqx.reg USING";

  private SqlSession sql;

  @BeforeAll
  static void compute() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession session = new SqlSession(DATABASE.connect())) {
      for (String pair : List.of("eurusd", "gbpusd")) {
        MadeBars.insert(session, pair, "2024-07-31 00:00Z", "2024-08-03 00:00Z");
        session.execute("SELECT bqx.set_baseline(?)", pair);
      }
    }
    assertThat(BQX.run("backfill").code()).isZero();
  }

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  /** Each without its semicolon. */
  static List<String> queries() throws IOException {
    return DocsPage.read(GUIDE).examples().stream()
        .map(example -> example.text().replaceFirst(";$", ""))
        .toList();
  }

  @Test
  void theGuideHasQueries() throws IOException {
    assertThat(queries()).hasSizeGreaterThanOrEqualTo(7).anyMatch(query -> query.contains(JOIN));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aQueryReadsNoOtherMonth(String query) throws SQLException {
    assertThat(sql.rows(query)).isNotEmpty();
    assertThat(readPartitions(query))
        .isNotEmpty()
        .allSatisfy(partition -> assertThat(partition).endsWith("_2024_08"));
  }

  @Test
  void theyGiveTheRowsThatTheySay() throws IOException, SQLException {
    List<Long> rows =
        queries().stream()
            .filter(query -> !query.startsWith("SELECT count"))
            .map(query -> count("SELECT count(*) FROM (" + query + ") q"))
            .toList();
    // A month of one pair, a time and the latest of two, a day of two, a month of one.
    assertThat(rows).containsExactly(2880L, 2L, 2L, 2880L, 2880L);
    assertThat(
            queries().stream().filter(query -> query.startsWith("SELECT count")).map(this::count))
        .hasSize(2)
        .containsOnly(2880L);
  }

  /** What the setting is for: the test above would fail without it. */
  @Test
  void withoutJoinsByPartitionEveryMonthIsPlanned() throws IOException, SQLException {
    String join =
        queries().stream().filter(query -> query.contains(JOIN)).findFirst().orElseThrow();
    sql.execute("SET enable_partitionwise_join = off");
    assertThat(plannedPartitions(join)).contains("reg_eurusd_2024_07");
    sql.execute("RESET enable_partitionwise_join");
    assertThat(plannedPartitions(join))
        .contains("reg_eurusd_2024_08")
        .doesNotContain("reg_eurusd_2024_07");
  }

  /** Views over it go on, too. */
  @Test
  void theViewOfAllFeaturesFollowsTheFamilies() throws SQLException {
    List<String> before = columnsOfFeatures();
    assertThat(before)
        .startsWith("pair", "ts_utc", "rate_index", "w60_bqx_return")
        .contains("w60_reg_r2")
        .hasSize(3 + 54 + 54);
    sql.execute("CREATE VIEW public.mine AS SELECT pair, w60_reg_r2 FROM bqx.features");
    sql.execute("SELECT bqx.enable_family('rate')");
    List<String> after = columnsOfFeatures();
    assertThat(after.subList(0, before.size())).isEqualTo(before);
    assertThat(after.subList(before.size(), after.size()))
        .contains("w60_rate_volatility")
        .containsExactlyElementsOf(
            sql.column(
                "SELECT column_name FROM bqx.feature_column WHERE family = 'rate' ORDER BY element"));
    assertThat(sql.number("SELECT count(*) FROM public.mine")).isZero();
    assertThat(sql.text("SELECT obj_description('bqx.features'::regclass)")).contains("enabled");
    sql.execute("DROP VIEW public.mine");
    sql.execute("SELECT bqx.enable_family('rate', false)");
    assertThat(columnsOfFeatures()).isEqualTo(before);
    assertThat(sql.number("SELECT count(*) FROM bqx.features")).isEqualTo(2 * 3 * 1440);
    try (SqlSession reader = new SqlSession(DATABASE.connectAs("bqx_reader"))) {
      assertThat(reader.number("SELECT count(*) FROM bqx.features WHERE ts_utc = '2024-08-01Z'"))
          .isEqualTo(2);
    }
  }

  private List<String> columnsOfFeatures() throws SQLException {
    return sql.column(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'bqx.features'::regclass AND attnum > 0 ORDER BY attnum");
  }

  private long count(String query) {
    try {
      return ((Number) sql.rows(query).get(0).get(0)).longValue();
    } catch (SQLException refused) {
      throw new IllegalStateException(refused);
    }
  }

  /** Partitions of families that a query's plan names and its run looks at. */
  private List<String> readPartitions(String query) throws SQLException {
    return partitions("EXPLAIN (ANALYZE, TIMING OFF) " + query).stream()
        .filter(line -> !line.contains("never executed"))
        .map(line -> line.replaceFirst("^.*? on (\\w+).*$", "$1"))
        .distinct()
        .collect(Collectors.toList());
  }

  private List<String> plannedPartitions(String query) throws SQLException {
    return partitions("EXPLAIN " + query).stream()
        .map(line -> line.replaceFirst("^.*? on (\\w+).*$", "$1"))
        .toList();
  }

  private List<String> partitions(String explain) throws SQLException {
    return sql.column(explain).stream()
        .filter(line -> line.matches(".* on (bqx|reg)_[a-z]{6}_\\d{4}_\\d{2}\\b.*"))
        .toList();
  }
}
