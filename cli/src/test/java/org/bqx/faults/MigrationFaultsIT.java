package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.migrations.Migrations;
import org.bqx.migrations.PinnedDataSource;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Migrations that run twice, at once, not to their end, or against an edited history. */
@Tag("slow")
class MigrationFaultsIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final long LIMIT_SECONDS = 90;
  private static final int KILLS = 5;

  /**
   * Every object of the schema, its definition as far as the catalogues spell it, and its rights.
   * Flyway's note that it made the schema itself is left out: a run killed between the schema and
   * its history has made the schema, and the next run finds it there. Only {@code flyway clean},
   * which bqx does not allow, reads that note. Of a repeatable one that ran more than once the last
   * row counts.
   */
  private static final String SCHEMA =
      """
      SELECT format('%s %s %s', c.relkind, c.oid::regclass, c.relacl) FROM pg_class c
      WHERE relnamespace = 'bqx'::regnamespace AND relname NOT LIKE 'flyway%'
      UNION ALL
      SELECT format('%s %s %s', p.oid::regprocedure, md5(prosrc || coalesce(prosqlbody::text, '')), proacl) FROM pg_proc p
      WHERE pronamespace = 'bqx'::regnamespace AND prolang <> (SELECT oid FROM pg_language WHERE lanname = 'sql')
      UNION ALL
      SELECT format('%s %s %s', attrelid::regclass, attname, atttypid::regtype) FROM pg_attribute
      WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'bqx'::regnamespace) AND attnum > 0
      UNION ALL
      SELECT format('%s %s', tgrelid::regclass, tgname) FROM pg_trigger WHERE tgname LIKE 'bars%'
      UNION ALL
      SELECT format('jar %s', sha256) FROM bqx.functions_jar
      UNION ALL
      SELECT format('migration %s %s %s %s', version, description, checksum, success) FROM bqx.flyway_schema_history h
      WHERE type <> 'SCHEMA'
          AND installed_rank = (SELECT max(installed_rank) FROM bqx.flyway_schema_history WHERE script = h.script)
      ORDER BY 1
      """;

  private static List<String> undisturbed;

  @TempDir private Path folder;
  private SqlSession sql;

  @BeforeEach
  void startWithNothing() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
    if (undisturbed == null) {
      assertThat(BQX.run("migrate").code()).isZero();
      undisturbed = sql.column(SCHEMA);
    }
    sql.execute("DROP SCHEMA bqx CASCADE");
    sql.execute("DROP EXTENSION " + DATABASE.javaRuntime().extension() + " CASCADE");
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  @Test
  void theSecondRunDoesNothing() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    Result second = BQX.run("migrate");
    assertThat(second.code()).isZero();
    assertThat(second.err()).contains("the schema is up to date");
    assertThat(sql.column(SCHEMA)).containsExactlyElementsOf(undisturbed);
  }

  @Test
  void ofTwoProcessesOneWaitsForTheOther() throws Exception {
    Process first = BQX.start(file("first"), "migrate");
    Process second = BQX.start(file("second"), "migrate");
    for (Process process : List.of(first, second)) {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output("first") + output("second")).isZero();
    }
    assertThat(sql.column(SCHEMA)).containsExactlyElementsOf(undisturbed);
  }

  @Test
  void oneThatIsKilledHalfWayIsRunAgain() throws Exception {
    long seed = Long.getLong("bqx.faults.seed", System.nanoTime());
    Random random = new Random(seed);
    String repeat = "-Dbqx.faults.seed=" + seed;
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = BQX.start(file("killed"), "migrate");
      try (SqlSession observer = new SqlSession(DATABASE.connect())) {
        observer.await(
            1,
            "SELECT (count(*) > 0)::int FROM pg_stat_activity"
                + " WHERE application_name = 'bqx migrate' AND datname = current_database()");
        TimeUnit.MILLISECONDS.sleep(random.nextInt(700));
        process.destroyForcibly();
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        observer.await(0, SmallMonths.LEFT_BEHIND);
        if (observer.value("SELECT to_regclass('bqx.flyway_schema_history')") != null) {
          assertThat(
                  observer.number(
                      "SELECT count(*) FROM bqx.flyway_schema_history WHERE NOT success"))
              .as(repeat)
              .isZero();
        }
      }
    }
    Result last = BQX.run("migrate");
    assertThat(last.code()).as(repeat + last.err()).isZero();
    assertThat(sql.column(SCHEMA)).as(repeat).containsExactlyElementsOf(undisturbed);
  }

  @Test
  void oneThatIsKilledInTheMiddleOfAStageLeavesTheStageBefore() throws Exception {
    assertThat(BQX.run("migrate", "--target", "1.5.2").code()).isZero();
    sql.execute("BEGIN");
    sql.execute("LOCK TABLE bqx.feature IN SHARE MODE");
    Process process = BQX.start(file("killed"), "migrate");
    try (SqlSession observer = new SqlSession(DATABASE.connect())) {
      observer.await(
          1,
          "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bqx migrate'"
              + " AND datname = current_database() AND wait_event_type = 'Lock'");
      process.destroyForcibly();
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      sql.execute("ROLLBACK");
      observer.await(0, SmallMonths.LEFT_BEHIND);
    }
    assertThat(sql.value("SELECT to_regclass('bqx.bqx')")).isNull();
    assertThat(sql.text("SELECT max(version) FROM bqx.flyway_schema_history WHERE success"))
        .isEqualTo("1.5.4.1");
    assertThat(BQX.run("migrate").code()).isZero();
    assertThat(sql.column(SCHEMA)).containsExactlyElementsOf(undisturbed);
  }

  /** Flyway commits the row by another connection than the stage. */
  @ParameterizedTest
  @ValueSource(strings = {"1.5.2", "1.5.4.2", "2.3"})
  void oneThatIsKilledBetweenAStageAndItsRowOfTheHistoryIsRunAgain(String stage)
      throws SQLException {
    assertThat(BQX.run("migrate", "--target", "1.5.1").code()).isZero();
    sql.execute(
        "CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql"
            + " AS 'BEGIN RAISE EXCEPTION ''no row''; END'");
    sql.execute(
        ("CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON bqx.flyway_schema_history"
                + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.version = '%s')"
                + " EXECUTE FUNCTION public.fail()")
            .formatted(stage));
    try {
      assertThat(BQX.run("migrate").code()).isEqualTo(1);
      assertThat(
              sql.number("SELECT count(*) FROM bqx.flyway_schema_history WHERE version = ?", stage))
          .isZero();
      assertThat(sql.number("SELECT count(*) FROM bqx.committed_stage WHERE version = ?", stage))
          .isOne();
    } finally {
      sql.execute("DROP FUNCTION public.fail() CASCADE");
    }
    Result next = BQX.run("migrate");
    assertThat(next.code()).as(next.err()).isZero();
    assertThat(sql.column(SCHEMA)).containsExactlyElementsOf(undisturbed);
    assertThat(BQX.run("migrate").err()).contains("the schema is up to date");
  }

  @Test
  void oneThatWasEditedAfterItRanIsRefused() throws Exception {
    assertThat(BQX.run("migrate").code()).isZero();
    Path edited = copyOfTheMigrations();
    Path stage = edited.resolve("stages/V1.5.2__bars.sql");
    Files.writeString(stage, Files.readString(stage).replace("double precision", "real"));
    PinnedDataSource database = new PinnedDataSource();
    database.setURL(DATABASE.jdbcUrl());
    Map<String, String> settings =
        Map.of(
            "flyway.locations",
            "filesystem:" + edited,
            "flyway.ignoreMigrationPatterns",
            "*:missing");
    assertThatThrownBy(() -> Migrations.flyway(database, settings).migrate())
        .isInstanceOf(FlywayException.class)
        .hasMessageContaining("Migration checksum mismatch for migration version 1.5.2");
    assertThat(sql.column(SCHEMA)).containsExactlyElementsOf(undisturbed);

    // The same by the command line: here it is the history that differs.
    sql.execute("UPDATE bqx.flyway_schema_history SET checksum = 1 WHERE version = '1.5.2'");
    Result refused = BQX.run("migrate");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("checksum mismatch").contains("1.5.2");
  }

  /** One that holds the lock of all migrations, and one that is at a routine. */
  @Test
  void whoseBackendsAreTerminatedSaysSoAndNoMore() throws Exception {
    assertThat(BQX.run("migrate").code()).isZero();
    sql.execute("DELETE FROM bqx.flyway_schema_history WHERE description = 'routine verify'");
    Process process;
    try (SqlSession holder = new SqlSession(DATABASE.connect())) {
      holder.connection().setAutoCommit(false);
      holder.execute("LOCK TABLE pg_catalog.pg_proc IN SHARE MODE");
      process = BQX.start(file("terminated"), "migrate");
      String backends =
          " FROM pg_stat_activity WHERE application_name = 'bqx migrate' AND datname = current_database()";
      sql.await(1, "SELECT count(*)" + backends + " AND wait_event_type = 'Lock'");
      sql.number("SELECT count(pg_terminate_backend(pid))" + backends);
      holder.connection().rollback();
    }
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output("terminated")).isEqualTo(4);
    assertThat(output("terminated"))
        .contains("terminating connection due to administrator command [57P01]")
        .contains("repeatable migration \"routine verify\" failed")
        .doesNotContain("\tat ", "Exception");
    assertThat(BQX.run("migrate").code()).isZero();
    assertThat(sql.column(SCHEMA)).containsExactlyElementsOf(undisturbed);
  }

  private Path copyOfTheMigrations() throws Exception {
    Path copy = Files.createDirectories(folder.resolve("migrations"));
    var resource = Migrations.class.getResource("flyway.conf").toURI();
    if (resource.getScheme().equals("jar")) {
      try (FileSystem jar = FileSystems.newFileSystem(resource, Map.of())) {
        copy(jar.getPath("org/bqx/migrations"), copy);
      }
    } else {
      copy(Path.of(resource).getParent(), copy);
    }
    return copy;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".sql")).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private File file(String name) {
    return folder.resolve(name).toFile();
  }

  private String output(String name) throws IOException {
    return Files.readString(file(name).toPath());
  }
}
