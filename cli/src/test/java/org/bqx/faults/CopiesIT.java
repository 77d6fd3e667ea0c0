package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.cluster.PostgresCluster;
import org.bqx.cluster.ServerAddress;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A standby, and a dump that is restored: the same rows, and functions that compute the same. */
@Tag("slow")
class CopiesIT {
  private static final Map<String, String> SETTINGS =
      Map.of("wal_level", "replica", "max_wal_senders", "4");

  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.inOwnCluster(SETTINGS);
  @RegisterExtension static final TestDatabase OTHER = TestDatabase.inOwnCluster(Map.of());

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final long LIMIT_SECONDS = 60;

  @TempDir private Path folder;

  @BeforeAll
  static void makeBars() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession session = new SqlSession(DATABASE.connect())) {
      SmallMonths.insert(session, 3, 2, 1000);
    }
  }

  @Test
  void aDumpRestoredIntoAnotherServer() throws Exception {
    assertThat(BQX.run("backfill").code()).isZero();
    PostgresCluster cluster = DATABASE.assumeLocal();
    Path roles = folder.resolve("roles.sql");
    Path dump = folder.resolve("dump");
    client(cluster, "pg_dumpall", "--roles-only", "--no-role-passwords", "--file=" + roles);
    client(cluster, "pg_dump", "--format=custom", "--file=" + dump, DATABASE.name());
    PostgresCluster other = OTHER.assumeLocal();
    client(other, "psql", "--quiet", "--file=" + roles, "postgres");
    client(other, "pg_restore", "--exit-on-error", "--dbname=" + OTHER.name(), dump.toString());
    try (SqlSession original = new SqlSession(DATABASE.connect());
        SqlSession restored = new SqlSession(OTHER.connect())) {
      assertSameAndWorking(original, restored, new CommandLineRunner(OTHER), Map.of());
    }
  }

  /** What pg_dump takes of a schema are neither its language nor the functions in it. */
  @Test
  void theSchemaAloneRestoredIntoAnotherDatabase() throws Exception {
    assertThat(BQX.run("backfill").code()).isZero();
    PostgresCluster cluster = DATABASE.assumeLocal();
    Path dump = folder.resolve("schema.sql");
    client(cluster, "pg_dump", "--schema=bqx", "--file=" + dump, DATABASE.name());
    client(cluster, "createdb", "restored");
    client(cluster, "psql", "--quiet", "--output=/dev/null", "--file=" + dump, "restored");
    Map<String, String> there = Map.of("PGDATABASE", "restored");
    Result lacking = BQX.runWith(there, "doctor");
    assertThat(lacking.code()).isEqualTo(1);
    assertThat(lacking.out())
        .contains("the schema was restored without the Java functions")
        .contains("next: ./bqx migrate");
    Result migrated = BQX.runWith(there, "migrate");
    assertThat(migrated.code()).as(migrated.err()).isZero();
    assertThat(BQX.runWith(there, "doctor").out()).contains("as this program brings");
    String url = DATABASE.jdbcUrl().replace("/" + DATABASE.name() + "?", "/restored?");
    try (SqlSession original = new SqlSession(DATABASE.connect());
        SqlSession copy = new SqlSession(DriverManager.getConnection(url))) {
      assertSameAndWorking(original, copy, BQX, there);
    }
  }

  @Test
  void aStandbyThatIsPromotedAfterABackfill() throws Exception {
    PostgresCluster primary = DATABASE.assumeLocal();
    PostgresCluster standby = standbyOf(primary);
    try {
      ServerAddress address = standby.start();
      String url =
          "%s?user=%s&password=%s"
              .formatted(address.jdbcUrl(DATABASE.name()), address.user(), address.password());
      try (SqlSession original = new SqlSession(DATABASE.connect());
          SqlSession copy = new SqlSession(DriverManager.getConnection(url))) {
        assertThat(BQX.run("backfill", "--force").code()).isZero();
        String written = original.text("SELECT pg_current_wal_lsn()::text");
        copy.await(1, "SELECT (pg_last_wal_replay_lsn() >= ?::pg_lsn)::int", written);

        // Still a standby: it reads and runs functions, and refuses to write.
        assertThat(SmallMonths.digests(copy)).isEqualTo(SmallMonths.digests(original));
        assertThat(copy.text("SELECT bqx.functions_version('bqx')"))
            .isEqualTo(original.text("SELECT bqx.functions_version('bqx')"));
        SQLException refused =
            catchThrowableOfType(
                SQLException.class,
                () -> copy.execute("SELECT bqx.backfill('bqx', 'audcad', '2024-07-01', true)"));
        assertThat(refused.getSQLState()).isEqualTo("25006");

        assertThat(copy.value("SELECT pg_promote(true, 60)")).isEqualTo(true);
        assertSameAndWorking(
            original, copy, BQX, Map.of("PGPORT", Integer.toString(address.port())));
      }
    } finally {
      standby.delete();
    }
  }

  private static void assertSameAndWorking(
      SqlSession original, SqlSession copy, CommandLineRunner bqx, Map<String, String> environment)
      throws SQLException {
    Map<String, String> digests = SmallMonths.digests(original);
    assertThat(digests).hasSize(12);
    assertThat(SmallMonths.digests(copy)).isEqualTo(digests);
    Result nothing = bqx.runWith(environment, "backfill");
    assertThat(nothing.out()).as(nothing.err()).startsWith("nothing to compute");
    Result all = bqx.runWith(environment, "backfill", "--force");
    assertThat(all.out()).as(all.err()).startsWith("12 of 12 partitions computed");
    assertThat(SmallMonths.digests(copy)).isEqualTo(digests);
    assertThat(bqx.runWith(environment, "verify").code()).isZero();
    // New bars are noticed, and cost their own rows alone.
    copy.execute(
        """
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume)
        SELECT pair, max(time) + interval '1 min', 1, 1, 1, 1, 1 FROM bqx.m1 WHERE pair = 'audcad' GROUP BY pair
        """);
    Result appended = bqx.runWith(environment, "backfill");
    assertThat(appended.out()).as(appended.err()).startsWith("2 of 2 partitions computed, 2 rows");
  }

  /** Copies a cluster that runs, so that it can be started as its standby. */
  private static PostgresCluster standbyOf(PostgresCluster primary) throws Exception {
    Path home = primary.data().getParent();
    Path standby = home.resolveSibling(home.getFileName() + "standby");
    Files.createDirectory(
        standby,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
    Files.copy(
        home.resolve("pgpass"), standby.resolve("pgpass"), StandardCopyOption.COPY_ATTRIBUTES);
    Path data = standby.resolve("data");
    client(
        primary, "pg_basebackup", "--pgdata=" + data, "--write-recovery-conf", "--checkpoint=fast");
    run(List.of("chown", "-R", "--reference=" + primary.data(), data.toString()), Map.of());
    return PostgresCluster.at(standby, SETTINGS);
  }

  /** Runs one of PostgreSQL's client programs as the cluster's superuser. */
  static void client(PostgresCluster cluster, String program, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(cluster.installation().program(program).toString());
    command.addAll(List.of(arguments));
    run(command, environment(cluster));
  }

  /** Runs a command that a person types, as the cluster's superuser. */
  static void shell(PostgresCluster cluster, String command) throws Exception {
    run(List.of("sh", "-c", command), environment(cluster));
  }

  private static Map<String, String> environment(PostgresCluster cluster) {
    ServerAddress address = cluster.start();
    return Map.of(
        "PATH",
        cluster.installation().program("psql").getParent() + ":" + System.getenv("PATH"),
        "PGHOST",
        address.host(),
        "PGPORT",
        Integer.toString(address.port()),
        "PGUSER",
        address.user(),
        "PGPASSWORD",
        address.password());
  }

  private static void run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
    try {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("%s", command).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as("%s", command).isZero();
  }
}
