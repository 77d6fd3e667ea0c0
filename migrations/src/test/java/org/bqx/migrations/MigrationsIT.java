package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The schema, stage by stage, on a database that holds nothing or an older layout. */
class MigrationsIT {
  private static final String ENGINE = "flyway.placeholders.engine";
  private static final String SQLJRT_VERSION =
      "SELECT extversion FROM pg_extension WHERE extname = 'sqljrt'";
  private static final String LEGACY = "flyway.placeholders.legacy_tables";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private SqlSession session;

  @BeforeEach
  void connect() throws SQLException {
    session = new SqlSession(database.connect());
    session.execute("DROP SCHEMA IF EXISTS bqx, bqx_legacy CASCADE");
  }

  @AfterEach
  void disconnect() throws SQLException {
    session.close();
  }

  @Test
  void eachStageStopsAtItsVersion() throws SQLException {
    Map<String, String> firstTableOf =
        Map.of(
            "1.5.1", "bqx.baseline_rates",
            "1.5.2", "bqx.m1_eurusd",
            "1.5.4.1", "bqx.legacy_removal",
            "1.5.4.2", "bqx.bqx_eurusd",
            "1.5.5.2", "bqx.reg_eurusd");
    List<String> stages =
        List.of(
            "1.5.1", "1.5.2", "1.5.2.1", "1.5.2.2", "1.5.2.3", "1.5.4.1", "1.5.4.2", "1.5.5.1",
            "1.5.5.2");
    for (String stage : stages) {
      Flyway flyway = Migrated.flyway(database, Map.of("flyway.target", stage));
      flyway.migrate();
      assertThat(flyway.info().current().getVersion()).hasToString(stage);
      for (Map.Entry<String, String> table : firstTableOf.entrySet()) {
        boolean made = stages.indexOf(table.getKey()) <= stages.indexOf(stage);
        assertThat(session.value("SELECT to_regclass(?) IS NOT NULL", table.getValue()))
            .as("%s at stage %s", table.getValue(), stage)
            .isEqualTo(made);
      }
    }
  }

  @Test
  void whoeverStopsAtEachStageHasTheRoutinesOfWhoeverDoesNot() throws SQLException {
    String routines =
        "SELECT pg_get_functiondef(oid) || obj_description(oid, 'pg_proc') FROM pg_proc"
            + " WHERE pronamespace = 'bqx'::regnamespace ORDER BY 1";
    Migrated.migrate(database);
    List<String> atOnce = session.column(routines);
    session.execute("DROP SCHEMA bqx CASCADE");
    for (String stage : List.of("1.5.1", "1.5.2", "1.5.2.2")) {
      Migrated.flyway(database, Map.of("flyway.target", stage)).migrate();
    }
    Migrated.migrate(database);
    assertThat(session.column(routines)).isEqualTo(atOnce);
  }

  @Test
  void aSecondRunChangesNothing() throws SQLException {
    assertThat(Migrated.flyway(database, Map.of()).migrate().migrationsExecuted).isPositive();
    String before = schema();
    assertThat(Migrated.flyway(database, Map.of()).migrate().migrationsExecuted).isZero();
    assertThat(schema()).isEqualTo(before);
  }

  /** As a release does that has changed any of them. */
  @Test
  void whatIsRepeatableRunsAgainOverWhatItHasMade() throws SQLException {
    Migrated.migrate(database);
    session.execute("SELECT bqx.enable_family('ccy')");
    String columns =
        "SELECT attrelid::regclass || ' ' || attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
            + " WHERE relnamespace = 'bqx'::regnamespace ORDER BY 1";
    List<String> before = session.column(columns);
    session.execute("UPDATE bqx.flyway_schema_history SET checksum = 0 WHERE version IS NULL");
    assertThat(Migrated.flyway(database, Map.of()).migrate().migrationsExecuted).isPositive();
    assertThat(session.column(columns)).isEqualTo(before);
  }

  @Test
  void aPairsTableHasTheFiftySevenFieldsInOrder() throws SQLException {
    Migrated.migrate(database);
    List<String> bqx = columns("bqx_audcad");
    assertThat(bqx).hasSize(57).startsWith("pair", "ts_utc", "rate_index", "w60_bqx_return");
    assertThat(bqx.subList(12, 21))
        .containsExactly(
            "w90_bqx_return",
            "w90_bqx_mean_return",
            "w90_bqx_max_index",
            "w90_bqx_min_index",
            "w90_bqx_avg_index",
            "w90_bqx_stdev_index",
            "w90_bqx_endpoint",
            "w90_bqx_range",
            "w90_bqx_volatility");
    List<String> reg = columns("reg_audcad");
    assertThat(reg).hasSize(57).startsWith("pair", "ts_utc", "rate_index", "w60_reg_a");
    assertThat(reg.subList(48, 57))
        .containsExactly(
            "w630_reg_a",
            "w630_reg_b",
            "w630_reg_c",
            "w630_reg_a_term",
            "w630_reg_b_term",
            "w630_reg_r2",
            "w630_reg_rmse",
            "w630_reg_resid_end",
            "w630_reg_endpoint");
  }

  @Test
  void windowsComeFromThePlaceholders() throws SQLException {
    Migrated.flyway(database, Map.of("flyway.placeholders.bqx_windows", "2,500")).migrate();
    assertThat(columns("bqx")).hasSize(3 + 18).contains("w2_bqx_return", "w500_bqx_volatility");
    assertThat(columns("reg")).hasSize(57);
  }

  @Test
  void windowsThatDoNotAscendAreRefused() {
    Flyway flyway =
        Migrated.flyway(database, Map.of("flyway.placeholders.reg_windows", "60,60,90"));
    assertThatThrownBy(flyway::migrate)
        .hasMessageContaining("windows of reg are {60,60,90}: must be ascending, from 3 bars on");
  }

  @Test
  void bothWaysToMigrateReadOneConfiguration() {
    Flyway flyway = Migrated.flyway(database, Map.of());
    assertThat(flyway.getConfiguration().getPlaceholders())
        .containsEntry("baseline_date", "2024-07-01")
        .containsEntry("legacy_tables", "refuse");
    assertThat(flyway.getConfiguration().getDefaultSchema()).isEqualTo("bqx");
  }

  /** The plans of docs/query.md need it; an application beside ours may need the other. */
  @Test
  void familiesAreJoinedByPartitionUnlessSomebodyHasChosen() throws SQLException {
    String setting = "ALTER DATABASE " + database.name() + " %s enable_partitionwise_join";
    session.execute(setting.formatted("RESET"));
    try {
      assertThat(noticesOfMigrate())
          .containsExactly(
              "set for every session of this database: enable_partitionwise_join = on");
      assertThat(joinsByPartition()).isEqualTo("on");
      assertThat(noticesOfMigrate()).isEmpty();
      session.execute(setting.formatted("SET") + " = off");
      assertThat(noticesOfMigrate()).isEmpty();
      assertThat(joinsByPartition()).isEqualTo("off");
    } finally {
      session.execute(setting.formatted("RESET"));
    }
  }

  private static List<String> noticesOfMigrate() {
    List<String> notices = new ArrayList<>();
    Migrated.flyway(database, Map.of(), notices::add).migrate();
    return notices;
  }

  private static String joinsByPartition() throws SQLException {
    try (SqlSession later = new SqlSession(database.connect())) {
      return later.text("SHOW enable_partitionwise_join");
    }
  }

  @Test
  void olderTablesAreRefusedUntilSomebodyChooses() throws SQLException {
    makeOlderLayout();
    assertThatThrownBy(() -> Migrated.migrate(database))
        .isInstanceOf(FlywayException.class)
        .hasMessageContaining(
            "tables of the older bqx layout found: bqx.bqx_audusd, bqx.bqx_eurusd")
        .hasMessageContaining("legacy_tables=keep");
    assertThat(session.number("SELECT count(*) FROM bqx.bqx_eurusd")).isEqualTo(2);
    assertThat(session.value("SELECT to_regclass('bqx.bqx')")).isNull();
  }

  @Test
  void olderTablesAreKeptInASchemaOfTheirOwn() throws SQLException {
    makeOlderLayout();
    Migrated.flyway(database, Map.of(LEGACY, "keep")).migrate();
    assertThat(session.number("SELECT count(*) FROM bqx_legacy.bqx_eurusd")).isEqualTo(2);
    assertThat(session.number("SELECT count(*) FROM bqx_legacy.bqx_eurusd_2024_07")).isEqualTo(1);
    assertThat(session.number("SELECT count(*) FROM bqx_legacy.reg_eurusd")).isEqualTo(1);
    assertThat(
            session.column(
                "SELECT table_name || ' ' || action || ' ' || partitions FROM bqx.legacy_removal ORDER BY 1"))
        .containsExactly("bqx.bqx_audusd keep 0", "bqx.bqx_eurusd keep 2", "bqx.reg_eurusd keep 0");
    assertThat(
            session.number(
                "SELECT bytes FROM bqx.legacy_removal WHERE table_name = 'bqx.reg_eurusd'"))
        .isEqualTo(session.number("SELECT pg_total_relation_size('bqx_legacy.reg_eurusd')"));
    assertThat(columns("bqx_eurusd")).hasSize(57);
  }

  @Test
  void olderTablesAreDroppedWhenAskedTo() throws SQLException {
    makeOlderLayout();
    Migrated.flyway(database, Map.of(LEGACY, "drop")).migrate();
    assertThat(session.value("SELECT to_regnamespace('bqx_legacy')")).isNull();
    assertThat(session.column("SELECT DISTINCT action FROM bqx.legacy_removal"))
        .containsExactly("drop");
    assertThat(columns("reg_eurusd")).hasSize(57);
  }

  @Test
  void aTableThatIsNoOlderLayoutIsNeverTouched() throws SQLException {
    session.execute("CREATE SCHEMA bqx");
    session.execute("CREATE TABLE bqx.reg_gbpusd (something int)");
    assertThatThrownBy(() -> Migrated.flyway(database, Map.of(LEGACY, "drop")).migrate())
        .hasMessageContaining("not of the older reg layout: bqx.reg_gbpusd");
    assertThat(columns("reg_gbpusd")).containsExactly("something");
  }

  @Test
  void barsOfSomebodyElseAreNamed() throws SQLException {
    session.execute("CREATE SCHEMA bqx");
    session.execute("CREATE TABLE bqx.m1_eurusd (time timestamptz)");
    assertThatThrownBy(() -> Migrated.migrate(database))
        .hasMessageContaining("bars cannot be made in schema bqx: bqx.m1_eurusd already there");
  }

  @Test
  void aServerWithoutJavaIsComputedByTheClient() throws SQLException {
    // The check reads pg_available_extensions by the search path, where an empty one can come
    // first.
    session.execute("CREATE SCHEMA no_java");
    session.execute(
        "CREATE VIEW no_java.pg_available_extensions AS SELECT * FROM pg_catalog.pg_available_extensions WHERE false");
    try {
      Flyway flyway =
          Migrated.flyway(
              database,
              Map.of("flyway.initSql", "SET search_path = no_java, pg_catalog", ENGINE, "server"));
      assertThatThrownBy(flyway::migrate)
          .hasMessageContaining("neither extension pljava nor sqljrt is available")
          .hasMessageContaining("apt-get install postgresql-")
          .hasMessageContaining("make -C sqljrt install");
      assertThat(session.value("SELECT to_regnamespace('bqx')")).isNull();

      Migrated.flyway(database, Map.of("flyway.initSql", "SET search_path = no_java, pg_catalog"))
          .migrate();
      assertThat(session.text("SELECT bqx.engine()")).isEqualTo("client");
      assertThat(session.column("SELECT DISTINCT functions_version FROM bqx.feature"))
          .isNotEmpty()
          .allSatisfy(version -> assertThat(version).matches("revision [1-9]\\d*"));
      assertThat(session.number("SELECT count(*) FROM bqx.functions_jar")).isZero();
      // Java that comes later changes nothing by itself.
      Migrated.migrate(database);
      assertThat(session.text("SELECT value FROM bqx.setting WHERE name = 'engine'"))
          .isEqualTo("client");
      Migrated.flyway(database, Map.of(ENGINE, "server")).migrate();
      assertThat(session.text("SELECT bqx.engine()")).isEqualTo("server");
      assertThat(session.text("SELECT bqx.functions_version('bqx')")).isEqualTo("revision 1");
    } finally {
      session.execute("DROP SCHEMA no_java CASCADE");
    }
  }

  /** A library that the server got after this database was migrated. */
  @Test
  void aNewerSqljrtIsTakenByTheNextRun() throws SQLException {
    Migrated.migrate(database);
    assumeTrue(
        session.number("SELECT count(*) FROM pg_extension WHERE extname = 'sqljrt'") == 1,
        "PL/Java runs the functions");
    String newest = session.text(SQLJRT_VERSION);
    String mayRead =
        "SELECT has_function_privilege('bqx_owner', 'sqlj.read_rows(regclass, int8, int4)', 'EXECUTE')";
    session.execute(
        """
        ALTER EXTENSION sqljrt DROP FUNCTION sqlj.read_rows(regclass, int8, int4);
        ALTER EXTENSION sqljrt DROP FUNCTION sqlj.microseconds(timestamptz[]);
        DROP FUNCTION sqlj.read_rows(regclass, int8, int4), sqlj.microseconds(timestamptz[]);
        UPDATE pg_extension SET extversion = '1.0' WHERE extname = 'sqljrt';
        """);
    Migrated.migrate(database);
    assertThat(session.text(SQLJRT_VERSION)).isEqualTo(newest).isNotEqualTo("1.0");
    assertThat(session.value(mayRead)).isEqualTo(true);
  }

  @Test
  void aUserWhoMayNotInstallJavaGetsNothing() throws SQLException {
    String name = session.text("SELECT current_database()");
    session.execute("CREATE ROLE bqx_test_migrator");
    session.execute("GRANT CREATE ON DATABASE \"" + name + "\" TO bqx_test_migrator");
    try {
      Flyway flyway =
          Migrated.flyway(database, Map.of("flyway.initSql", "SET ROLE bqx_test_migrator"));
      assertThatThrownBy(flyway::migrate)
          .hasMessageContaining("role \"bqx_test_migrator\" is not a superuser")
          .hasMessageContaining("./bqx migrate --engine client");
      assertThat(session.value("SELECT to_regnamespace('bqx')")).isNull();
    } finally {
      session.execute("DROP OWNED BY bqx_test_migrator");
      session.execute("DROP ROLE bqx_test_migrator");
    }
  }

  /** What is missing is named one by one, until nothing is. */
  @Test
  void aClientsDatabaseIsMadeByWhoIsNoSuperuser() throws SQLException {
    String name = session.text("SELECT quote_ident(current_database())");
    session.execute("CREATE ROLE bqx_test_migrator");
    session.execute("REVOKE ALL ON DATABASE " + name + " FROM PUBLIC");
    for (String role : List.of("bqx_owner", "bqx_runner", "bqx_reader")) {
      if (session.value("SELECT to_regrole('" + role + "')") == null) {
        session.execute("CREATE ROLE " + role);
      }
    }
    Map<String, String> settings =
        Map.of("flyway.initSql", "SET SESSION AUTHORIZATION bqx_test_migrator", ENGINE, "client");
    try {
      for (List<String> step :
          List.of(
              List.of("may not act as bqx_owner", "GRANT bqx_owner TO bqx_test_migrator"),
              List.of(
                  "may not create a schema",
                  "GRANT CREATE ON DATABASE " + name + " TO bqx_test_migrator"),
              List.of(
                  "may not create temporary tables",
                  "GRANT TEMPORARY ON DATABASE " + name + " TO bqx_owner"))) {
        assertThatThrownBy(() -> Migrated.flyway(database, settings).migrate())
            .hasMessageContaining(step.get(0))
            .hasMessageContaining(step.get(1));
        assertThat(session.value("SELECT to_regnamespace('bqx')")).isNull();
        session.execute(step.get(1));
      }
      Migrated.flyway(database, settings).migrate();
      assertThat(session.text("SELECT bqx.engine()")).isEqualTo("client");
      assertThat(session.number("SELECT count(*) FROM bqx.functions_jar")).isZero();
      assertThat(
              session.text(
                  "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'bqx'"))
          .isEqualTo("bqx_owner");
      Migrated.flyway(database, settings).migrate();
    } finally {
      session.execute("DROP OWNED BY bqx_test_migrator");
      session.execute("DROP ROLE bqx_test_migrator");
    }
  }

  private void makeOlderLayout() throws SQLException {
    session.execute("CREATE SCHEMA bqx");
    session.execute(
        "CREATE TABLE bqx.bqx_eurusd (ts_utc timestamptz, rate float8) PARTITION BY RANGE (ts_utc)");
    for (String month : List.of("2024-07", "2024-08")) {
      session.execute(
          String.format(
              "CREATE TABLE bqx.bqx_eurusd_%s PARTITION OF bqx.bqx_eurusd"
                  + " FOR VALUES FROM ('%s-01') TO (date '%s-01' + interval '1 month')",
              month.replace('-', '_'), month, month));
      session.execute("INSERT INTO bqx.bqx_eurusd VALUES ('" + month + "-02', 1.1)");
    }
    session.execute("CREATE TABLE bqx.bqx_audusd (ts_utc timestamptz, w60_bqx_norm float8)");
    session.execute("CREATE TABLE bqx.reg_eurusd (ts_utc timestamptz, rate float8)");
    session.execute("INSERT INTO bqx.reg_eurusd VALUES ('2024-07-02', 1.1)");
  }

  private List<String> columns(String table) throws SQLException {
    return session.column(
        "SELECT attname FROM pg_attribute WHERE attrelid = ('bqx.' || ?)::regclass AND attnum > 0 ORDER BY attnum",
        table);
  }

  /** Every object of the schema with its identity, and when the jar was installed. */
  private String schema() throws SQLException {
    return session.text(
        """
        SELECT string_agg(object, E'\\n' ORDER BY object) FROM (
            SELECT oid || ' ' || relname FROM pg_class WHERE relnamespace = 'bqx'::regnamespace
            UNION ALL
            SELECT oid || ' ' || proname || xmin FROM pg_proc WHERE pronamespace = 'bqx'::regnamespace
            UNION ALL
            SELECT version || installed_at FROM bqx.functions_jar
        ) objects (object)
        """);
  }
}
