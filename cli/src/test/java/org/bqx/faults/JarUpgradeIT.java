package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jars that are replaced while sessions are warm. A session of PL/Java keeps the classes that it
 * has and loads no others; one of sqljrt does so here, too.
 */
class JarUpgradeIT {
  @RegisterExtension
  static final TestDatabase DATABASE =
      TestDatabase.inOwnCluster(Map.of("sqljrt.keep_classes", "on"));

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final int PAIRS = 2;
  private static final int PARTITIONS = PAIRS * 2 * 2;
  private static final String CURRENT_VERSION = "revision 1";
  private static final long LIMIT_SECONDS = 120;

  private static Map<String, String> byTheCurrentJar;
  @TempDir private static Path folder;

  @BeforeAll
  static void computeWithTheCurrentJar() throws SQLException {
    migrate();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      SmallMonths.insert(sql, PAIRS, 2, 700);
      Result result = BQX.run("backfill");
      assertThat(result.code()).as(result.err()).isZero();
      byTheCurrentJar = SmallMonths.digests(sql);
      assertThat(byTheCurrentJar).hasSize(PARTITIONS);
    }
  }

  @AfterEach
  void migrateToTheCurrentJar() throws SQLException {
    migrate();
  }

  @Test
  void aBackfillThatFollowsGoesOnWithNewSessions() throws Exception {
    File output = folder.resolve("output").toFile();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      SmallMonths.forgetRows(sql);
    }
    Process process = BQX.start(output, "backfill", "--follow", "--poll", "1", "--workers", "2");
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      await(sql, CURRENT_VERSION, output);
      replaceByTheOlderJar();
      await(sql, FunctionsJars.OLDER_VERSION, output);
      assertThat(sql.column("SELECT DISTINCT w60_bqx_return FROM bqx.bqx ORDER BY 1"))
          .containsExactly(Double.toString(FunctionsJars.OLDER_FEATURE), null);
      migrate();
      await(sql, CURRENT_VERSION, output);
      assertThat(SmallMonths.digests(sql)).isEqualTo(byTheCurrentJar);
      CommandLineRunner.interrupt(process);
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(sql.column("SELECT DISTINCT state FROM bqx.progress")).containsExactly("done");
      assertThat(
              sql.text(
                  "SELECT concat_ws(' ', outcome, failed) FROM bqx.run_history ORDER BY run_id DESC LIMIT 1"))
          .as(Files.readString(output.toPath()))
          .isEqualTo("interrupted 0");
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  @Test
  void aWarmSessionSaysThatItIsOfAnotherVersion() throws Exception {
    String backfill = "SELECT bqx.backfill('bqx', 'audcad', '2024-07-01', true)";
    try (SqlSession warm = new SqlSession(DATABASE.connect())) {
      assertThat(warm.number(backfill)).isEqualTo(700);
      replaceByTheOlderJar();
      SQLException refused = catchThrowableOfType(SQLException.class, () -> warm.execute(backfill));
      assertThat(refused.getSQLState()).as(refused.getMessage()).isEqualTo("55000");
      assertThat(refused.getMessage()).contains(CURRENT_VERSION, FunctionsJars.OLDER_VERSION);
      // Its reference, which it has not called before, is of the version that it has.
      assertThat(
              warm.number(
                  "SELECT count(*) FROM bqx.feature_reference('reg', '{100,101,103,102,104}', 5, '{3}', '{5,4}')"))
          .isEqualTo(2);
    }
  }

  private static void migrate() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      // A migration looks at the jar only when its own is another.
      sql.execute(
          """
          DO $$
          BEGIN
              IF to_regclass('bqx.flyway_schema_history') IS NOT NULL THEN
                  DELETE FROM bqx.flyway_schema_history WHERE script LIKE '%functions_jar';
              END IF;
          END
          $$
          """);
    }
    Result result = BQX.run("migrate");
    assertThat(result.code()).as(result.err()).isZero();
  }

  /** What a migration to it does. */
  private static void replaceByTheOlderJar() throws SQLException, IOException {
    byte[] older = FunctionsJars.older(folder);
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("BEGIN");
      sql.execute("SELECT sqlj.replace_jar(?, 'bqx_functions', true)", (Object) older);
      sql.execute(
          "GRANT EXECUTE ON FUNCTION bqx.feature_rows, bqx.feature_reference, bqx.rows_hold,"
              + " bqx.check_rows, bqx.as_of, bqx.merge_times, bqx.inputs_digest, bqx.functions_version TO bqx_owner, bqx_runner");
      sql.execute("UPDATE bqx.feature SET functions_version = ?", FunctionsJars.OLDER_VERSION);
      sql.execute("COMMIT");
    }
  }

  private static void await(SqlSession sql, String version, File output) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (sql.number(
            "SELECT count(*) FROM bqx.progress p JOIN bqx.partition_state s USING (family, pair, month)"
                + " WHERE p.state = 'done' AND s.functions_version = ?",
            version)
        < PARTITIONS) {
      assertThat(System.nanoTime()).as(Files.readString(output.toPath())).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
