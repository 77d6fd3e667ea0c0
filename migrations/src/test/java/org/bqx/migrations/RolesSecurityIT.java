package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who can do what: the table of docs/security.md, cell by cell, and that it leaves nothing out. */
class RolesSecurityIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private static final Path TABLE = Path.of("../docs/security.md");
  private static final String DENIED = "42501";
  private static final String STRANGER = "bqx_test_stranger";

  /** Both steps of a correlation that a client computes, of one feature and three windows. */
  private static final String FINISH_CORRELATION =
      """
      DO $$
      BEGIN
          PERFORM bqx.begin_correlation('w60_h60', 'eurusd', '2024-07-01', true, 'revision 1');
          PERFORM bqx.finish_correlation('w60_h60', 'eurusd', '2024-07-01', array_fill(1::float8, ARRAY[45]));
      END
      $$""";

  /** Of a pair that lives on another node of a front. */
  private static final String ELSEWHERE =
      """
      DO $$
      BEGIN
          PERFORM bqx.note_pairs('{"usdcad": "n2"}');
          CASE '%s'
              WHEN 'keep_related' THEN
                  PERFORM bqx.keep_related('usdcad', '2024-07-01', 1, '{2024-07-01 00:00Z}', '{100}', '{1}');
              WHEN 'release_pair' THEN
                  PERFORM bqx.release_pair('usdcad');
          END CASE;
      END
      $$""";

  /** What each row of the table means: every statement works, or every one is denied. */
  static final String SEE_JARS = "see jars and class paths (schema `sqlj`)";

  private static final Map<String, List<String>> ROWS = new LinkedHashMap<>();

  static {
    ROWS.put(
        "read bars, features, state, progress, runs, stages",
        List.of("each relation of schema bqx"));
    ROWS.put(
        "`bqx.verify`, `bqx.verify_families`, `bqx.verify_range`, `bqx.planned_write`, `bqx.look_ahead`",
        List.of(
            "SELECT bqx.verify('bqx', 'eurusd', '2024-07-01', every_row => true)",
            "SELECT bqx.verify_families('{bqx,reg}', 'eurusd', '2024-07-01')",
            "SELECT bqx.verify_range(NULL, NULL, '2024-07-01', '2024-07-01')",
            "SELECT bqx.planned_write('reg', 'eurusd', '2024-07-01')",
            "SELECT bqx.look_ahead('reg', 'eurusd', '2024-07-01')"));
    ROWS.put(
        "write bars through `bqx.m1`",
        List.of(
            "INSERT INTO bqx.m1 (pair, time, close) VALUES ('eurusd', '2024-07-30 00:00Z', 1)",
            "UPDATE bqx.m1 SET close = close + 1",
            "DELETE FROM bqx.m1"));
    ROWS.put(
        "write bars in a pair's or a month's table, or empty it",
        List.of(
            "INSERT INTO bqx.m1_eurusd (pair, time, close) VALUES ('eurusd', '2024-07-30 00:00Z', 1)",
            "UPDATE bqx.m1_eurusd_2024_07 SET close = close + 1",
            "DELETE FROM bqx.m1_eurusd_2024_07",
            "TRUNCATE bqx.m1",
            "TRUNCATE bqx.m1_eurusd_2024_07"));
    ROWS.put(
        "`bqx.create_months`, `bqx.set_baseline`, `bqx.add_pair`",
        List.of(
            "SELECT bqx.add_pair('xauusd')",
            "SELECT bqx.create_months('eurusd', '2025-01-01', '2025-02-01')",
            "SELECT bqx.set_baseline('eurusd', '2024-07-02')"));
    ROWS.put(
        "`bqx.measure_bars`, `bqx.acknowledge_gaps`, `bqx.recount_bars`",
        List.of(
            "SELECT bqx.measure_bars()",
            "SELECT bqx.acknowledge_gaps()",
            "SELECT bqx.recount_bars('eurusd')"));
    ROWS.put(
        "`bqx.backfill`, `bqx.backfill_range`",
        List.of(
            "SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01', force => true)",
            "CALL bqx.backfill_range(NULL, NULL, '2024-07-01', '2024-07-01')"));
    ROWS.put(
        "`bqx.begin_rows`, COPY into the table that it makes, `bqx.finish_rows`",
        List.of(
            "WITH begun AS (SELECT * FROM bqx.begin_rows('bqx', 'eurusd', '2024-07-01', true, 'revision 1'))"
                + " SELECT table_name FROM begun"));
    ROWS.put(
        "read what a partition is computed from: `bqx.verified_source`, `bqx.engine`",
        List.of(
            "SELECT bars FROM bqx.verified_source('bqx', 'eurusd', '2024-07-01')",
            "SELECT bqx.engine()"));
    ROWS.put(
        "record a failure, open and close a run",
        List.of(
            "SELECT bqx.record_failure('bqx', 'eurusd', '2024-07-01', 'XX000', 'no reason')",
            "SELECT bqx.record_correlation_failure('w60_h60', 'eurusd', '2024-07-01', 'XX000', 'no reason')",
            "SELECT bqx.start_run('{}', 9)",
            "SELECT bqx.finish_run(1, 'done', 1, 1, 0, 1)"));
    ROWS.put(
        "`bqx.target`, `bqx.matrix_column`, `bqx.matrix_query`, `bqx.matrix_warnings`",
        List.of(
            "SELECT bqx.target('eurusd', '2024-07-01', '2024-07-02')",
            "SELECT bqx.matrix_column('sample')",
            "SELECT bqx.matrix_query('sample', 'eurusd')",
            "SELECT bqx.matrix_warnings('sample')"));
    ROWS.put(
        "`bqx.define_matrix`, `bqx.drop_matrix`",
        List.of(
            "SELECT bqx.define_matrix('another', '{eurusd}', '{bqx.w60_*}')",
            "SELECT bqx.drop_matrix('sample')"));
    ROWS.put(
        "`bqx.replace_bars`, and INSERT into `bqx.call`, by which a front calls such routines",
        List.of(
            "SELECT bqx.replace_bars('eurusd', '[]')",
            "INSERT INTO bqx.call (pair, routine, arguments) VALUES ('eurusd', 'replace_bars', '{\"bars\": []}')"));
    ROWS.put("`bqx.describe_node`", List.of("SELECT bqx.describe_node()"));
    ROWS.put(
        "`bqx.note_pairs`, `bqx.note_brought`, `bqx.keep_related`, `bqx.adopt_pair`, `bqx.release_pair`",
        List.of(
            "SELECT bqx.note_pairs('{\"usdcad\": \"n2\"}')",
            "SELECT bqx.note_brought('{usdcad}')",
            ELSEWHERE.formatted("keep_related"),
            ELSEWHERE.formatted("release_pair"),
            "SELECT bqx.adopt_pair('eurusd', '{}', NULL)"));
    ROWS.put(
        "`bqx.rolling_corr`, `bqx.rolling_pair_corr`",
        List.of(
            "SELECT bqx.rolling_corr('eurusd', 'w60_bqx_return')",
            "SELECT bqx.rolling_pair_corr('eurusd', 'eurusd')"));
    ROWS.put(
        "`bqx.define_correlation`, `bqx.correlate`, `bqx.fill_pair_corr`",
        List.of(
            "SELECT bqx.define_correlation('w90_h5')",
            "SELECT bqx.correlate('w60_h60', 'eurusd', '2024-07-01')",
            "SELECT bqx.fill_pair_corr('2024-07-01')"));
    ROWS.put(
        "`bqx.begin_correlation`, and `bqx.finish_correlation` in the same transaction",
        List.of(FINISH_CORRELATION));
    ROWS.put(
        "call the Java functions",
        List.of(
            "SELECT bqx.feature_rows('bqx', '{100,101}', 2, '{2}', 0, 0)",
            "SELECT bqx.feature_reference('reg', '{100,101,103}', 3, '{3}', '{3}')",
            "SELECT bqx.rows_hold('reg', '{100}', '{100}', '{}', 0)",
            "SELECT bqx.check_rows('reg', '{0,100}', '{0}', '{100}', 1, '{60}', 0, 0, '{1}', '{}', false, false, '{}', '{}')",
            "SELECT bqx.as_of('{2}', '{NaN,1}', '{NaN,100}', '{1}', 5, true)",
            "SELECT bqx.merge_times('{NaN,2}', 1)",
            "SELECT bqx.inputs_digest('', '{100}', 1, 1)",
            "SELECT bqx.correlation_rows('{1}', '{1}', '{1}', '{60}', 0, 1)",
            "SELECT bqx.rolling_correlation('{1}', '{1}', 60)",
            "SELECT bqx.functions_version('reg')"));
    ROWS.put(
        "write features, state, baselines, the catalogue or runs directly",
        List.of(
            "DELETE FROM bqx.bqx",
            "UPDATE bqx.reg_eurusd SET rate_index = 1",
            "DELETE FROM bqx.bqx_eurusd_2024_07",
            "UPDATE bqx.partition_state SET attempts = 0",
            "DELETE FROM bqx.m1_month",
            "UPDATE bqx.baseline_rates SET baseline_rate = 1",
            "UPDATE bqx.feature SET windows = '{2}'",
            "UPDATE bqx.pair SET base = base",
            "UPDATE bqx.functions_jar SET sha256 = ''",
            "DELETE FROM bqx.run",
            "DELETE FROM bqx.begun_work",
            "DELETE FROM bqx.target_corr",
            "UPDATE bqx.target_corr_state SET attempts = 0",
            "UPDATE bqx.correlation SET windows = '{60}'",
            "DELETE FROM bqx.pair_corr_day",
            "DELETE FROM bqx.matrix",
            "UPDATE bqx.setting SET value = 'client'"));
    ROWS.put(
        "make, change or drop tables and routines of schema `bqx`",
        List.of(
            "CREATE TABLE bqx.another (i int)",
            "CREATE FUNCTION bqx.another() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE OR REPLACE FUNCTION bqx.utc_text(instant timestamptz) RETURNS text LANGUAGE sql AS 'SELECT NULL'",
            "CREATE TRIGGER another AFTER INSERT ON bqx.m1 EXECUTE FUNCTION bqx.bars_changed()",
            "ALTER TABLE bqx.m1 ADD COLUMN another int",
            "DROP TABLE bqx.bqx_eurusd_2024_07",
            "DROP FUNCTION bqx.verify_rules"));
    ROWS.put(
        "`bqx.define_family`, `bqx.enable_family`, `bqx.remove_pair`, `bqx.drop_months`",
        List.of(
            "SELECT bqx.define_family('bqx', '{7,60}')",
            "SELECT bqx.enable_family('reg', false)",
            "SELECT bqx.remove_pair('eurusd')",
            "SELECT * FROM bqx.drop_months('2024-08-01')"));
    ROWS.put(
        SEE_JARS,
        List.of(
            "SELECT jar_image FROM sqlj.jar_repository",
            "SELECT * FROM sqlj.classpath_entry",
            "SELECT sqlj.get_classpath('bqx')"));
    ROWS.put(
        "install, replace or remove jars, set class paths",
        List.of(
            "SELECT sqlj.install_jar((SELECT jar_image FROM bqx_test.jar), 'another', false)",
            "SELECT sqlj.replace_jar((SELECT jar_image FROM bqx_test.jar), 'bqx_functions', false)",
            "SELECT sqlj.set_classpath('public', 'bqx_functions')",
            "SELECT sqlj.set_classpath('bqx', '')"));
    ROWS.put(
        "create Java functions",
        List.of(
            "CREATE FUNCTION bqx_test.another(int) RETURNS int LANGUAGE java AS 'java.lang.Math.abs'"));
  }

  /** All three steps of a partition that a client computes. */
  private static final String FINISH =
      """
      DO $$
      BEGIN
          PERFORM bqx.begin_rows('bqx', 'eurusd', '2024-07-01', true, 'revision 1');
          INSERT INTO bqx.bqx_eurusd_2024_07_building SELECT * FROM bqx.bqx_eurusd_2024_07;
          PERFORM bqx.finish_rows();
      END
      $$""";

  /** What each SECURITY DEFINER routine is needed for: who calls it so, having no other rights. */
  private static final Map<String, Need> NEEDS =
      Map.ofEntries(
          Map.entry(
              "bqx.backfill",
              new Need("bqx_runner", "SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01', true)")),
          Map.entry(
              "bqx.begin_rows",
              new Need(
                  "bqx_runner",
                  "SELECT bqx.begin_rows('bqx', 'eurusd', '2024-07-01', true, 'revision 1')")),
          Map.entry("bqx.finish_rows", new Need("bqx_runner", FINISH)),
          Map.entry(
              "bqx.define_family", new Need("bqx_front", "SELECT bqx.define_family('bqx', '{7}')")),
          Map.entry(
              "bqx.enable_family", new Need("bqx_front", "SELECT bqx.enable_family('reg', false)")),
          Map.entry("bqx.remove_pair", new Need("bqx_front", "SELECT bqx.remove_pair('eurusd')")),
          Map.entry(
              "bqx.drop_months", new Need("bqx_front", "SELECT bqx.drop_months('2024-08-01')")),
          Map.entry(
              "bqx.note_pairs",
              new Need("bqx_front", "SELECT bqx.note_pairs('{\"usdcad\": \"n2\"}')")),
          Map.entry(
              "bqx.note_brought", new Need("bqx_front", "SELECT bqx.note_brought('{usdcad}')")),
          Map.entry("bqx.keep_related", new Need("bqx_front", ELSEWHERE.formatted("keep_related"))),
          Map.entry("bqx.release_pair", new Need("bqx_front", ELSEWHERE.formatted("release_pair"))),
          Map.entry(
              "bqx.adopt_pair",
              new Need("bqx_front", "SELECT bqx.adopt_pair('eurusd', '{}', NULL)")),
          Map.entry(
              "bqx.begin_correlation",
              new Need(
                  "bqx_runner",
                  "SELECT bqx.begin_correlation('w60_h60', 'eurusd', '2024-07-01', true, 'revision 1')")),
          Map.entry("bqx.finish_correlation", new Need("bqx_runner", FINISH_CORRELATION)),
          Map.entry(
              "bqx.define_correlation",
              new Need("bqx_runner", "SELECT bqx.define_correlation('w90_h5')")),
          Map.entry(
              "bqx.record_correlation_failure",
              new Need(
                  "bqx_runner",
                  "SELECT bqx.record_correlation_failure('w60_h60', 'eurusd', '2024-07-01', 'XX000', '')")),
          Map.entry(
              "bqx.fill_pair_corr",
              new Need("bqx_runner", "SELECT bqx.fill_pair_corr('2024-07-01')")),
          Map.entry(
              "bqx.rolling_corr",
              new Need("bqx_reader", "SELECT bqx.rolling_corr('eurusd', 'w60_bqx_return')")),
          Map.entry(
              "bqx.rolling_pair_corr",
              new Need("bqx_reader", "SELECT bqx.rolling_pair_corr('eurusd', 'eurusd')")),
          Map.entry(
              "bqx.verified_source",
              new Need("bqx_reader", "SELECT bqx.verified_source('bqx', 'eurusd', '2024-07-01')")),
          Map.entry("bqx.add_pair", new Need("bqx_runner", "SELECT bqx.add_pair('xauusd')")),
          Map.entry("bqx.measure_bars", new Need("bqx_runner", "SELECT bqx.measure_bars()")),
          Map.entry(
              "bqx.acknowledge_gaps", new Need("bqx_runner", "SELECT bqx.acknowledge_gaps()")),
          Map.entry(
              "bqx.recount_bars", new Need("bqx_runner", "SELECT bqx.recount_bars('eurusd')")),
          Map.entry("bqx.bars_changed", new Need("bqx_runner", "DELETE FROM bqx.m1")),
          // Who was granted that need not be granted more.
          Map.entry(
              "bqx.bars_truncated",
              new Need("bqx_test_truncator", "TRUNCATE bqx.m1_eurusd_2024_07")),
          Map.entry(
              "bqx.create_months",
              new Need(
                  "bqx_runner", "SELECT bqx.create_months('eurusd', '2025-01-01', '2025-01-01')")),
          Map.entry(
              "bqx.set_baseline",
              new Need("bqx_runner", "SELECT bqx.set_baseline('eurusd', '2024-07-02')")),
          Map.entry(
              "bqx.record_failure",
              new Need(
                  "bqx_runner",
                  "SELECT bqx.record_failure('bqx', 'eurusd', '2024-07-01', 'XX000', '')")),
          Map.entry(
              "bqx.define_matrix",
              new Need(
                  "bqx_runner", "SELECT bqx.define_matrix('another', '{eurusd}', '{bqx.w60_*}')")),
          Map.entry("bqx.drop_matrix", new Need("bqx_runner", "SELECT bqx.drop_matrix('sample')")),
          Map.entry(
              "bqx.look_ahead",
              new Need("bqx_reader", "SELECT bqx.look_ahead('bqx', 'eurusd', '2024-07-01')")),
          Map.entry("bqx.start_run", new Need("bqx_runner", "SELECT bqx.start_run('{}', 9)")),
          Map.entry(
              "bqx.finish_run",
              new Need("bqx_runner", "SELECT bqx.finish_run(1, 'done', 1, 1, 0, 1)")),
          Map.entry(
              "bqx.planned_write",
              new Need("bqx_reader", "SELECT bqx.planned_write('reg', 'eurusd', '2024-07-01')")),
          Map.entry(
              "bqx.verify_families",
              new Need("bqx_reader", "SELECT bqx.verify('bqx', 'eurusd', '2024-07-01')")));

  private record Need(String role, String sql) {}

  private static SqlSession superuser;

  @BeforeAll
  static void computeOnePartitionOfEachFamily() throws SQLException, IOException {
    Migrated.migrate(database);
    superuser = new SqlSession(database.connect());
    Migrated.insertBars(superuser, "eurusd", "2024-07-01T00:00Z", "2024-07-03T00:00Z");
    superuser.execute("SELECT bqx.set_baseline('eurusd')");
    superuser.execute("CALL bqx.backfill_range(NULL, NULL, '2024-07-01', '2024-07-01')");
    superuser.execute("SELECT bqx.define_matrix('sample', '{eurusd}', '{bqx.w60_*}')");
    superuser.execute("SELECT bqx.define_correlation('w60_h60', '{bqx.w60_bqx_return}')");
    superuser.execute("CREATE ROLE " + STRANGER);
    superuser.execute("CREATE ROLE bqx_test_truncator");
    superuser.execute("GRANT USAGE ON SCHEMA bqx TO bqx_test_truncator");
    superuser.execute("GRANT TRUNCATE ON bqx.m1_eurusd_2024_07 TO bqx_test_truncator");
    // What nobody lacks, so that a cell is denied for its own sake.
    superuser.execute("CREATE SCHEMA bqx_test");
    superuser.execute("GRANT ALL ON SCHEMA bqx_test TO PUBLIC");
    superuser.execute("CREATE TABLE bqx_test.jar (jar_image bytea)");
    try (InputStream jar = Migrations.class.getResourceAsStream("bqx-functions.jar")) {
      superuser.execute("INSERT INTO bqx_test.jar VALUES (?)", (Object) jar.readAllBytes());
    }
    superuser.execute("GRANT SELECT ON bqx_test.jar TO PUBLIC");
  }

  @AfterAll
  static void dropRoles() throws SQLException {
    superuser.execute("DROP OWNED BY " + STRANGER + ", bqx_test_truncator");
    superuser.execute("DROP ROLE " + STRANGER + ", bqx_test_truncator");
  }

  @TestFactory
  Stream<DynamicTest> eachCellOfTheTable() throws IOException {
    return cells(RolesSecurityIT::tryCell);
  }

  /** Tries a cell of the table. */
  interface Trial {
    void run(String role, String row, boolean can) throws SQLException;
  }

  /** The table, which leaves out no row of ours. */
  static Stream<DynamicTest> cells(Trial trial) throws IOException {
    List<List<String>> table =
        Files.readAllLines(TABLE).stream()
            .dropWhile(line -> !line.equals("## Roles"))
            .skip(1)
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
            .map(cells -> cells.subList(1, cells.size() - 1))
            .toList();
    List<String> roles = table.get(0).stream().skip(1).map(role -> role.replace("`", "")).toList();
    assertThat(roles)
        .containsExactly("stranger", "bqx_reader", "bqx_runner", "bqx_owner", "superuser");
    List<List<String>> rows = table.subList(2, table.size());
    assertThat(rows).extracting(row -> row.get(0)).containsExactlyElementsOf(ROWS.keySet());

    List<DynamicTest> cells = new ArrayList<>();
    for (List<String> row : rows) {
      for (int i = 0; i < roles.size(); i++) {
        String role = roles.get(i);
        String cell = row.get(i + 1);
        assertThat(cell).as("%s, %s", row.get(0), role).isIn("yes", "");
        cells.add(
            dynamicTest(
                "%s: %s %s".formatted(row.get(0), role, cell.isEmpty() ? "cannot" : "can"),
                () -> trial.run(role, row.get(0), cell.equals("yes"))));
      }
    }
    return cells.stream();
  }

  private static void tryCell(String role, String row, boolean can) throws SQLException {
    assumeTrue(
        !row.equals(SEE_JARS) || database.javaRuntime().isSqljrt(),
        "PL/Java reads its tables, which have other columns, as the caller, who may therefore");
    for (String sql : statements(superuser, row)) {
      try (SqlSession session = sessionOf(role)) {
        session.connection().setAutoCommit(false);
        if (can) {
          assertThatCode(() -> session.execute(sql)).as(sql).doesNotThrowAnyException();
        } else {
          assertDenied(session, sql);
        }
        session.connection().rollback();
      }
    }
  }

  /** What a row is tried by. */
  static List<String> statements(SqlSession session, String row) throws SQLException {
    List<String> statements = ROWS.get(row);
    return statements.get(0).startsWith("each relation")
        ? session.column(
            """
            SELECT 'SELECT * FROM ' || oid::regclass || ' LIMIT 1' FROM pg_class
            WHERE relnamespace = 'bqx'::regnamespace AND relkind IN ('r', 'p', 'v')
                AND relname <> 'flyway_schema_history'
                -- One pair's tables stand for those of the others.
                AND relname !~ '_(?!eurusd)[a-z]{6}$'""")
        : statements;
  }

  @Test
  void nothingIsGrantedToPublic() throws SQLException {
    assertThat(
            superuser.column(
                """
                SELECT object FROM (
                    SELECT 'schema ' || nspname AS object, nspacl AS acl, 'n' AS kind, nspowner AS owner FROM pg_namespace
                    WHERE nspname IN ('bqx', 'sqlj')
                    UNION ALL
                    SELECT oid::regclass::text, relacl, CASE relkind WHEN 'S' THEN 's' ELSE 'r' END, relowner FROM pg_class
                    WHERE relnamespace IN ('bqx'::regnamespace, 'sqlj'::regnamespace) AND relkind <> 'i' AND relkind <> 'I'
                        -- PL/Java's loader reads its tables as the caller.
                        AND NOT (relnamespace = 'sqlj'::regnamespace
                            AND EXISTS (SELECT FROM pg_extension WHERE extname = 'pljava'))
                    UNION ALL
                    SELECT oid::regprocedure::text, proacl, 'f', proowner FROM pg_proc
                    WHERE pronamespace IN ('bqx'::regnamespace, 'sqlj'::regnamespace)
                ) objects, aclexplode(coalesce(acl, acldefault(kind::"char", owner))) granted
                WHERE granted.grantee = 0
                ORDER BY 1"""))
        .isEmpty();
  }

  /** What a routine that is not VOLATILE does, PostgreSQL keeps from changing anything. */
  @Test
  void whatAReaderMayCallChangesNothing() throws SQLException {
    assertThat(
            superuser.column(
                """
                SELECT oid::regproc::text FROM pg_proc
                WHERE pronamespace = 'bqx'::regnamespace AND provolatile = 'v'
                    AND has_function_privilege('bqx_reader', oid, 'EXECUTE')
                ORDER BY 1"""))
        // Which takes a lock against changes while it reads.
        .containsExactly("bqx.verify", "bqx.verify_families");
    assertThat(
            superuser.column(
                """
                SELECT oid::regclass::text FROM pg_class
                WHERE relnamespace = 'bqx'::regnamespace AND relkind IN ('r', 'p', 'v')
                    AND has_table_privilege('bqx_reader', oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
                ORDER BY 1"""))
        .isEmpty();
  }

  @Test
  void eachSecurityDefinerIsNeeded() throws SQLException {
    List<String> definers =
        superuser.column(
            """
            SELECT oid::regproc::text FROM pg_proc
            WHERE pronamespace IN ('bqx'::regnamespace, 'sqlj'::regnamespace) AND prosecdef
            ORDER BY 1""");
    assertThat(definers).containsExactlyInAnyOrderElementsOf(NEEDS.keySet());
    for (String routine : definers) {
      Need need = NEEDS.get(routine);
      try (SqlSession session = new SqlSession(database.connect())) {
        session.connection().setAutoCommit(false);
        session.execute("SET LOCAL SESSION AUTHORIZATION " + need.role());
        assertThatCode(() -> session.execute(need.sql())).as(routine).doesNotThrowAnyException();
        session.connection().rollback();

        session.execute("ALTER FUNCTION " + routine + " SECURITY INVOKER");
        session.execute("SET LOCAL SESSION AUTHORIZATION " + need.role());
        assertDenied(session, need.sql());
        session.connection().rollback();
      }
    }
  }

  @Test
  void theHistoriesOfTheSchemaAreReadByThoseWhoNeedThem() throws SQLException {
    String readers =
        "SELECT string_agg(role, ' ') FROM unnest(ARRAY['bqx_owner', 'bqx_runner', 'bqx_reader', '%s']) role"
            + " WHERE has_table_privilege(role, ?, 'SELECT')";
    assertThat(superuser.text(readers.formatted(STRANGER), "bqx.flyway_schema_history"))
        .isEqualTo("bqx_runner bqx_reader");
    assertThat(superuser.text(readers.formatted(STRANGER), "bqx.legacy_removal"))
        .isEqualTo("bqx_owner bqx_runner bqx_reader");
  }

  @Test
  void aRunIsClosedByWhoOpenedIt() throws SQLException {
    try (SqlSession runner = sessionOf("bqx_runner");
        SqlSession owner = sessionOf("bqx_owner")) {
      long run = runner.number("SELECT bqx.start_run('{}', 9)");
      owner.execute("SELECT bqx.finish_run(?, 'done', 1, 1, 0, 1)", (int) run);
      assertThat(owner.value("SELECT outcome FROM bqx.run_history WHERE run_id = ?", (int) run))
          .isEqualTo("running");
    }
  }

  @Test
  void aLibraryOfOnesOwnIsNotLoadedIntoTheServer() throws SQLException {
    String setting = database.javaRuntime().extension() + ".libjvm_location";
    try (SqlSession runner = sessionOf("bqx_runner")) {
      // Nothing has loaded the extension yet, so the server does not know whose setting it is.
      runner.execute("SET " + setting + " = '/tmp/mine.so'");
      assertThat(runner.text("SELECT bqx.functions_version('bqx')")).isNotEmpty();
      assertThat(runner.text("SHOW " + setting)).isNotEqualTo("/tmp/mine.so");
    }
  }

  private static SqlSession sessionOf(String role) throws SQLException {
    return new SqlSession(
        switch (role) {
          case "superuser" -> database.connect();
          case "stranger" -> database.connectAs(STRANGER);
          default -> database.connectAs(role);
        });
  }

  private static void assertDenied(SqlSession session, String sql) {
    assertThatThrownBy(() -> session.execute(sql))
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(DENIED));
  }
}
