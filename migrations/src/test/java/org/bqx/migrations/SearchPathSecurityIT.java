package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.bqx.testkit.Traps;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * No object that others could lay in the way of a routine, trigger or view of schema bqx has an
 * effect on it: each is run among {@link Traps} by a superuser, and gives what it gives without
 * them.
 */
@TestMethodOrder(OrderAnnotation.class)
class SearchPathSecurityIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  /** What fires the triggers on bars, each of them at every level of the table. */
  private static final List<String> CHANGES_OF_BARS =
      List.of(
          "INSERT INTO bqx.m1 (pair, time, close) VALUES ('eurusd', '2024-08-31 00:00Z', 1.2) RETURNING rate_index",
          "INSERT INTO bqx.m1_eurusd_2024_08 (pair, time, close) VALUES ('eurusd', '2024-08-31 00:00Z', 1.2) RETURNING rate_index",
          "UPDATE bqx.m1_eurusd SET close = 1.3 RETURNING rate_index",
          "DELETE FROM bqx.m1_eurusd_2024_08",
          "TRUNCATE bqx.m1");

  /** What is another thing at each call. */
  private static final List<String> DIFFERS_BY_NATURE =
      List.of(
          "bqx.start_run",
          "bqx.begin_partition",
          "bqx.remove_pair",
          "bqx.drop_months",
          "bqx.pair_bytes");

  private static final List<String> PARTITIONS =
      List.of(
          "'bqx', 'eurusd', '2024-07-01'",
          "'bqx', 'eurusd', '2024-08-01'",
          "'reg', 'eurusd', '2024-07-01'",
          "'reg', 'eurusd', '2024-08-01'",
          "'bqx', 'gbpusd', '2024-07-01'",
          "'bqx', 'gbpusd', '2024-08-01'",
          "'reg', 'gbpusd', '2024-07-01'",
          "'reg', 'gbpusd', '2024-08-01'");

  /**
   * A transaction that brings the rows which are there, so that each trigger and check is reached.
   */
  private static final List<String> STEPS_OF_A_CLIENT =
      List.of(
          "BEGIN",
          "SELECT bqx.begin_rows('bqx', 'eurusd', '2024-08-01', true, 'revision 1')",
          "INSERT INTO bqx.bqx_eurusd_2024_08_building SELECT * FROM bqx.bqx_eurusd_2024_08",
          "SELECT bqx.finish_rows()",
          "COMMIT");

  private static SqlSession clean;

  @BeforeAll
  static void computeSomething() throws SQLException {
    Migrated.migrate(database);
    clean = new SqlSession(database.connect());
    Migrated.insertBars(clean, "eurusd", "2024-07-24T00:00Z", "2024-08-04T00:00Z");
    Migrated.insertBars(clean, "gbpusd", "2024-07-31T00:00Z", "2024-08-03T00:00Z");
    clean.execute("SELECT bqx.set_baseline(pair) FROM unnest(ARRAY['eurusd', 'gbpusd']) pair");
    clean.execute("CALL bqx.backfill_range(NULL, NULL, '2024-07-01', '2024-08-01')");
    clean.execute("SELECT bqx.start_run('{}', 5)");
    clean.execute("SELECT bqx.define_correlation('w60_h60', '{bqx.w60_*}')");
    clean.execute("SELECT bqx.correlate('w60_h60', 'eurusd', '2024-08-01')");
    RoutineCalls.prepare(clean);
    clean.execute("CREATE TABLE bqx.bqx_eurusd_2024_09 (LIKE bqx.bqx)");
    clean.execute("CREATE TABLE bqx.bqx_eurusd_2024_10_building (LIKE bqx.bqx)");
  }

  @Test
  @Order(1)
  void everyRoutinePinsItsSearchPathOrHasNothingToLookUp() throws SQLException {
    assertThat(
            clean.column(
                """
                SELECT p.oid::regprocedure::text
                FROM pg_proc p
                JOIN pg_language l ON l.oid = p.prolang
                WHERE p.pronamespace = 'bqx'::regnamespace
                    -- BEGIN ATOMIC: names were looked up when it was made. Java has none.
                    AND p.prosqlbody IS NULL AND l.lanname <> 'java'
                    AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false)
                    -- It commits, and so cannot have a SET clause: it pins the path in its first statement.
                    AND NOT (p.prokind = 'p' AND p.prosrc ~
                        'BEGIN\\s+PERFORM pg_catalog.set_config\\(''search_path'', ''pg_catalog, pg_temp'', true\\);')
                ORDER BY 1"""))
        .isEmpty();
    assertThat(
            clean.column(
                """
                SELECT p.oid::regprocedure::text
                FROM pg_proc p
                JOIN pg_language l ON l.oid = p.prolang
                WHERE p.pronamespace = 'sqlj'::regnamespace AND l.lanname NOT IN ('c', 'java', 'javau')
                ORDER BY 1"""))
        .as("routines of schema sqlj in a language that looks names up")
        .isEmpty();
  }

  @Test
  @Order(2)
  void amongTrapsEverythingGivesWhatItGivesWithoutThem() throws SQLException {
    Map<String, String> before = outcomes(clean);
    assertThat(before)
        .allSatisfy(
            (what, outcome) -> {
              if (what.equals("bqx.finish_rows")) {
                // By itself it refuses; STEPS_OF_A_CLIENT has it finish something.
                assertThat(outcome).startsWith("25P01 ERROR: no partition was begun");
              } else if (what.equals("bqx.finish_correlation")) {
                // Which bqx.correlate has finish something.
                assertThat(outcome).startsWith("25P01 ERROR: no correlation of");
              } else {
                assertThat(outcome).as(what).doesNotContain("ERROR: ");
              }
            });
    Traps.lay(clean);
    List<String> rowsBefore = digests();
    try (SqlSession among = new SqlSession(database.connect())) {
      Traps.enter(among);
      Map<String, String> after = outcomes(among);
      assertThat(after.keySet()).isEqualTo(before.keySet());
      after.forEach(
          (what, outcome) -> {
            if (DIFFERS_BY_NATURE.contains(what)) {
              assertThat(outcome).as(what).doesNotContain("ERROR: ").doesNotContain(Traps.SPRUNG);
            } else {
              assertThat(outcome).as(what).isEqualTo(before.get(what));
            }
          });
      for (String step : STEPS_OF_A_CLIENT) {
        assertThat(run(among, step)).as(step).doesNotContain("ERROR: ");
      }
      for (String partition : PARTITIONS) {
        assertThat(run(among, "SELECT bqx.backfill(%s, true)".formatted(partition)))
            .matches("\\d+\n");
      }
      assertThat(
              run(
                  among,
                  "CALL bqx.backfill_range('bqx', NULL, '2024-07-01', '2024-08-01', force => true)"))
          .isEmpty();
    }
    assertThat(Traps.sprung(clean)).isZero();
    assertThat(digests()).isEqualTo(rowsBefore).doesNotContainNull().hasSize(PARTITIONS.size());
  }

  /** Without this one the one before would prove nothing. */
  @Test
  @Order(3)
  void theTrapsAreReachedByWhatIsCareless() throws SQLException {
    clean.execute(
        "CREATE FUNCTION bqx.careless(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN lower($1); END $$");
    List<String> careless =
        List.of(
            "SELECT bqx.careless('X')",
            "SELECT 1 + 1",
            "SELECT count(*) FROM bqx.pair",
            "SELECT format('%s', 'x')",
            "SELECT 'x'::text",
            "SELECT sprung FROM pg_class",
            "SELECT sprung FROM partition_state");
    try (SqlSession among = new SqlSession(database.connect())) {
      Traps.enter(among);
      for (String sql : careless) {
        assertThat(run(among, sql)).as(sql).startsWith(Traps.SPRUNG);
      }
    }
    assertThat(Traps.sprung(clean)).isEqualTo(careless.size());
  }

  /** Whoever may create in schema public must not get a superuser's rights when one migrates. */
  @Test
  @Order(4)
  void migratingReachesNoTrap() throws SQLException {
    clean.execute("DROP SCHEMA bqx CASCADE");
    clean.execute("DROP EXTENSION IF EXISTS sqljrt, pljava CASCADE");
    clean.execute("ALTER SEQUENCE public.sprung RESTART");
    clean.execute(
        "ALTER DATABASE \"" + database.name() + "\" SET search_path = public, pg_catalog");
    Migrated.migrate(database);
    assertThat(Traps.sprung(clean)).isZero();
    assertThat(clean.number("SELECT count(*) FROM bqx.pair")).isEqualTo(28);
  }

  /** Runs everything there is, each in a transaction of its own that is rolled back. */
  private static Map<String, String> outcomes(SqlSession session) throws SQLException {
    Map<String, String> outcomes = new LinkedHashMap<>();
    for (RoutineCalls.Routine routine : RoutineCalls.all(clean)) {
      String outcome = tried(session, routine.call(Map.of()));
      // It tells of the moment, and its view does.
      if (!routine.name().equals("bqx.read_sizes")) {
        outcomes.put(routine.name(), outcome);
      }
    }
    for (String view :
        clean.column(
            "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'bqx'::regnamespace AND relkind = 'v'"
                // They tell of the moment.
                + " AND relname NOT IN ('own_session', 'own_size') ORDER BY 1")) {
      outcomes.put(view, tried(session, "SELECT v::pg_catalog.text FROM " + view + " v"));
    }
    for (String change : CHANGES_OF_BARS) {
      outcomes.put(change, tried(session, change));
    }
    return outcomes;
  }

  /** What a statement gives in a transaction that is rolled back; a CALL has its own. */
  private static String tried(SqlSession session, String sql) throws SQLException {
    if (sql.startsWith("CALL")) {
      return run(session, sql);
    }
    session.connection().setAutoCommit(false);
    String outcome = run(session, sql);
    session.connection().rollback();
    session.connection().setAutoCommit(true);
    return outcome;
  }

  /** What a statement gives: its rows as text, or how it fails. */
  private static String run(SqlSession session, String sql) throws SQLException {
    // Without what the driver asks for about types and parameters, which goes by the search path.
    try (Statement statement = session.connection().createStatement()) {
      StringBuilder outcome = new StringBuilder();
      if (statement.execute(sql)) {
        ResultSet rows = statement.getResultSet();
        while (rows.next()) {
          outcome.append(rows.getString(1)).append('\n');
        }
      }
      return outcome.toString();
    } catch (SQLException e) {
      return e.getSQLState() + " " + e.getMessage();
    }
  }

  private static List<String> digests() throws SQLException {
    List<String> digests = new ArrayList<>();
    for (String name :
        clean.column(
            "SELECT bqx.partition_name(family, pair, month) FROM bqx.partition_state ORDER BY 1")) {
      digests.add(Migrated.digest(clean, name));
    }
    return digests;
  }
}
