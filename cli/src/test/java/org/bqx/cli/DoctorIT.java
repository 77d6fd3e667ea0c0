package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/** The doctor from an empty database on, along the way that it shows. */
@TestMethodOrder(OrderAnnotation.class)
class DoctorIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  private SqlSession sql;

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  @Test
  @Order(1)
  void withoutASchemaTheNextCommandIsMigrate() {
    Result doctor = BQX.run("doctor");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(text(doctor))
        .contains("not installed in this database")
        .contains("migrations pending: 1.5.1, 1.5.2")
        .contains("next: ./bqx migrate");
    assertThat(BQX.run("stages").out()).doesNotContain("complete");
  }

  @Test
  @Order(2)
  void withoutBarsTheNextCommandIsImport() {
    assertThat(BQX.run("migrate").code()).isZero();
    Result doctor = BQX.run("doctor");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(text(doctor))
        .contains("no migration is pending")
        .containsPattern("runs functions; Java \\d+\\.")
        .contains("as this program brings")
        .contains("next: ./bqx import FILE");
  }

  @Test
  @Order(3)
  void gapsMissingBaselinesAndPartitionsAreNamed() throws SQLException {
    assertThat(
            BQX.run("generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07").code())
        .isZero();
    sql.execute("SELECT bqx.create_months('eurusd', '2024-09-01', '2024-09-01')");
    sql.execute(
        "INSERT INTO bqx.m1 (pair, time, close) VALUES ('eurusd', '2024-09-02 10:00Z', 1.1)");
    String gap = text(BQX.run("doctor"));
    assertThat(gap)
        .contains("1 month without bars between others: eurusd 2024-08")
        .contains("4 missing, 0 stale")
        .contains("next: ./bqx backfill");
    sql.execute("DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time >= '2024-09-01'");

    sql.execute("CREATE TEMP TABLE kept AS SELECT * FROM bqx.baseline_rates");
    sql.execute("DELETE FROM bqx.baseline_rates");
    Result missing = BQX.run("doctor");
    assertThat(missing.code()).isEqualTo(1);
    assertThat(text(missing))
        .contains("1 pair without a baseline: eurusd has bars, but no baseline")
        .contains("SELECT bqx.set_baseline('eurusd', '2024-07-01')");
    sql.execute("INSERT INTO bqx.baseline_rates SELECT * FROM pg_temp.kept");
  }

  @Test
  @Order(4)
  void onceAllIsDoneNothingIsWrong() {
    assertThat(BQX.run("backfill").code()).isZero();
    Result doctor = BQX.run("doctor", "--json");
    assertThat(doctor.out()).startsWith("{\"schema\":1,\"findings\":[").contains("2 done");
    assertThat(doctor.code()).as(doctor.out()).isZero();
  }

  /** Each hint is typed as it stands, and the finding is gone. */
  @Test
  @Order(5)
  void settingsAndStatisticsAreNamedAndMended() throws SQLException {
    String name = DATABASE.name();
    sql.execute("ALTER DATABASE " + name + " SET jit = on");
    sql.execute("ALTER DATABASE " + name + " SET enable_partitionwise_join = off");
    sql.execute("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
    sql.execute("ALTER DATABASE " + name + " SET idle_in_transaction_session_timeout = '1min'");
    try {
      List<String> hints = new ArrayList<>();
      JsonMapper.shared()
          .readTree(BQX.run("doctor", "--json").out())
          .get("findings")
          .valueStream()
          .filter(finding -> finding.get("check").asString().matches("settings|statistics"))
          .filter(finding -> finding.get("level").asString().equals("warning"))
          .map(finding -> finding.get("next").asString())
          .forEach(hints::add);
      String role = "ALTER ROLE CURRENT_USER IN DATABASE %s SET ".formatted(name);
      assertThat(hints)
          .contains(
              role + "jit = off",
              role + "enable_partitionwise_join = on",
              role + "default_transaction_read_only = off",
              role + "idle_in_transaction_session_timeout = 0",
              "./bqx psql -c 'ANALYZE bqx.bqx (pair, ts_utc), bqx.m1 (pair, time), bqx.reg (pair, ts_utc)'");
      for (String hint : hints) {
        if (!hint.startsWith("ALTER SYSTEM")) {
          sql.execute(hint.replaceAll("^\\./bqx psql -c '(.*)'$", "$1"));
        }
      }
      assertThat(text(BQX.run("doctor")))
          .contains("ok statistics")
          .doesNotContain("jit is")
          .doesNotContain("join is")
          .doesNotContain("read_only is")
          .doesNotContain("session_timeout is");
    } finally {
      sql.execute("ALTER DATABASE " + name + " RESET ALL");
      sql.execute("ALTER ROLE CURRENT_USER IN DATABASE " + name + " RESET ALL");
    }
  }

  /** What a role may not see is unknown, and nothing to mend. */
  @Test
  @Order(4)
  void whatARoleMayNotSeeIsNoError() throws SQLException {
    sql.execute("CREATE ROLE doctor_it LOGIN PASSWORD 'doctor' IN ROLE bqx_reader");
    try {
      Result doctor = BQX.runWith(Map.of("PGUSER", "doctor_it", "PGPASSWORD", "doctor"), "doctor");
      assertThat(text(doctor)).contains("unknown server java this role may not look");
      assertThat(doctor.code()).as(doctor.out()).isZero();
    } finally {
      sql.execute("DROP ROLE doctor_it");
    }
  }

  @Test
  @Order(4)
  void aLostSessionIsSaidOnce() throws Exception {
    try (SqlSession holder = new SqlSession(DATABASE.connect())) {
      holder.connection().setAutoCommit(false);
      holder.execute("LOCK TABLE bqx.m1_month");
      CompletableFuture<Result> running = CompletableFuture.supplyAsync(() -> BQX.run("doctor"));
      sql.await(
          1,
          "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'bqx.m1_month'::regclass");
      sql.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'bqx doctor' AND datname = current_database()");
      holder.connection().rollback();
      Result doctor = running.get(60, TimeUnit.SECONDS);
      assertThat(doctor.code()).isEqualTo(1);
      assertThat(text(doctor))
          .contains("terminating connection due to administrator command [57P01]")
          .contains("next: ./bqx doctor")
          .contains("unknown settings not looked at: the session is lost")
          .doesNotContain("has been closed");
    }
  }

  /** Who has been granted nothing is told what to ask for, and all that he may see. */
  @Test
  @Order(4)
  void aStrangerIsToldWhatIsMissing() throws SQLException {
    sql.execute("CREATE ROLE doctor_stranger LOGIN PASSWORD 'doctor'");
    try {
      Result doctor =
          BQX.runWith(Map.of("PGUSER", "doctor_stranger", "PGPASSWORD", "doctor"), "doctor");
      assertThat(text(doctor))
          .contains("ok server PostgreSQL")
          .contains("unknown schema this role may not look")
          .contains("unknown partitions this role may not look")
          .contains("error roles role doctor_stranger is a member neither")
          .contains("next: GRANT bqx_runner TO doctor_stranger")
          .contains("settings");
      assertThat(doctor.code()).isEqualTo(1);
    } finally {
      sql.execute("DROP ROLE doctor_stranger");
    }
  }

  @Test
  @Order(5)
  void aFailedPartitionIsNamedWithItsCause() throws SQLException {
    sql.execute(
        "SELECT bqx.record_failure('reg', 'eurusd', '2024-07-01', 'QX005', 'three bars are bad')");
    Result doctor = BQX.run("doctor");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(text(doctor)).contains("1 failed, the last reg eurusd 2024-07: three bars are bad");
  }

  @Test
  @Order(5)
  void aRolesNameIsQuotedWhereItIsToBeTyped() throws SQLException {
    String role = "Odd \"role\"" + DATABASE.name();
    String quoted = "\"" + role.replace("\"", "\"\"") + "\"";
    sql.execute("CREATE ROLE %s LOGIN PASSWORD 'odd' IN ROLE bqx_reader".formatted(quoted));
    try {
      Result doctor =
          BQX.runWith(
              Map.of("PGUSER", role, "PGPASSWORD", "odd", "COLUMNS", "300"), "doctor", "--json");
      assertThat(doctor.out()).contains("role %s may read".formatted(json(role)));
      String next =
          JsonMapper.shared()
              .readTree(doctor.out())
              .get("findings")
              .valueStream()
              .filter(finding -> finding.get("check").asString().equals("roles"))
              .map(finding -> finding.get("next").asString())
              .findFirst()
              .orElseThrow();
      assertThat(next).isEqualTo("GRANT bqx_runner TO %s (as a superuser)".formatted(quoted));
      sql.execute(next.replace(" (as a superuser)", ""));
      assertThat(
              BQX.runWith(Map.of("PGUSER", role, "PGPASSWORD", "odd", "COLUMNS", "300"), "doctor")
                  .out())
          .contains("may compute and read");
    } finally {
      sql.execute("DROP ROLE " + quoted);
    }
  }

  private static String json(String text) {
    return text.replace("\"", "\\\"");
  }

  @Test
  @Order(6)
  void anotherJarIsSeen() throws SQLException {
    sql.execute("UPDATE bqx.functions_jar SET sha256 = 'another'");
    assertThat(text(BQX.run("doctor"))).contains("is installed, this program brings another");
  }

  @Test
  @Order(7)
  void anOlderSqljrtThanTheServersIsSeen() throws SQLException {
    String changed =
        "UPDATE pg_extension SET extversion = '1.0' WHERE extname = 'sqljrt' RETURNING 1";
    assumeFalse(sql.column(changed).isEmpty(), "PL/Java runs the functions");
    assertThat(text(BQX.run("doctor")))
        .containsPattern("warning server java sqljrt 1\\.0 runs functions; .* the server has 1\\.");
  }

  @Test
  @Order(8)
  void withBrokenJavaTheRestIsStillExamined() throws SQLException {
    sql.execute(
        "CREATE OR REPLACE FUNCTION bqx.functions_version(family text) RETURNS text LANGUAGE plpgsql"
            + " AS $$ BEGIN RAISE EXCEPTION 'cannot load libjvm'; END $$");
    Result doctor = BQX.run("doctor");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(text(doctor))
        .contains("error server java")
        .contains("cannot load libjvm")
        .contains("ok server")
        .contains("settings")
        .contains("disk");
  }

  @Test
  @Order(9)
  void aMigrationThatChangedSinceItRanIsNamed() throws SQLException {
    sql.execute("UPDATE bqx.flyway_schema_history SET checksum = 1 WHERE version = '1.5.2'");
    Result doctor = BQX.run("doctor");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(text(doctor)).contains("1 migration not what it was at its run: 1.5.2");
  }

  /** What a command printed, without the line breaks that lengths of names and versions move. */
  private static String text(Result result) {
    return result.out().replaceAll("\\s+", " ");
  }
}
