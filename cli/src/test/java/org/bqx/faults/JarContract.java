package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jars put in place of the functions' own: no partition ever holds rows of two versions. A session
 * that is warm takes the classes of the new jar at its next statement, or keeps those that it has.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class JarContract {
  private static final String NO_JAR = "no jar at all";
  private static final String JULY = "SELECT bqx.backfill('bqx', 'audcad', '2024-07-01')";

  private final TestDatabase database;
  private final CommandLineRunner bqx;

  @TempDir private Path folder;
  private boolean warmSessionsKeepTheirClasses;
  private SqlSession sql;
  private SqlSession worker;
  private Map<String, String> before;

  JarContract(TestDatabase database) {
    this.database = database;
    bqx = new CommandLineRunner(database);
  }

  @BeforeAll
  void makeBars() throws SQLException {
    assertThat(bqx.run("migrate").code()).isZero();
    try (SqlSession session = new SqlSession(database.connect())) {
      SmallMonths.insert(session, 1, 1, 1000);
      session.text("SELECT bqx.functions_version('bqx')");
      warmSessionsKeepTheirClasses =
          !isSqljrt() || session.text("SHOW sqljrt.keep_classes").equals("on");
    }
  }

  @BeforeEach
  void computeWithTheCurrentJar() throws SQLException {
    sql = new SqlSession(database.connect());
    worker = new SqlSession(database.connect());
    SmallMonths.forgetRows(sql);
    sql.execute(
        "DELETE FROM bqx.m1 WHERE time >= bqx.month_start('2024-07-01') + interval '1000 min'");
    assertThat(worker.number(JULY)).isEqualTo(1000);
    before = SmallMonths.digests(sql);
  }

  @AfterEach
  void putTheCurrentJarBack() throws SQLException, IOException {
    sql.execute("ROLLBACK");
    install(FunctionsJars.current());
    sql.execute("UPDATE bqx.feature SET functions_version = bqx.functions_version(family)");
    assertThat(worker.number(JULY.replace("')", "', true)"))).isGreaterThanOrEqualTo(1000);
    worker.close();
    sql.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aJarReplacedInTheMiddleOfAPartitionLeavesOneVersion(boolean appended) throws Exception {
    if (appended) {
      appendBars();
    } else {
      SmallMonths.forgetRows(sql);
    }
    CompletableFuture<SQLException> outcome = computeUntilTheBarsAreRead();
    install(FunctionsJars.older(folder));
    sql.execute("COMMIT");
    SQLException refused = outcome.get(1, TimeUnit.MINUTES);
    assertOneVersion();
    if (warmSessionsKeepTheirClasses) {
      assertThat((Throwable) refused).isNull();
    } else {
      assertThat(refused.getSQLState()).isEqualTo("55000");
      assertThat(refused.getMessage()).contains(FunctionsJars.OLDER_VERSION);
    }
  }

  @Test
  void aJarReplacedAndRegisteredInTheMiddleOfAPartitionLeavesOneVersion() throws Exception {
    appendBars();
    CompletableFuture<SQLException> outcome = computeUntilTheBarsAreRead();
    install(FunctionsJars.older(folder));
    sql.execute("UPDATE bqx.feature SET functions_version = ?", FunctionsJars.OLDER_VERSION);
    sql.execute("COMMIT");
    outcome.get(1, TimeUnit.MINUTES);
    assertOneVersion();
    assertThat(sql.text("SELECT state || ' ' || reason FROM bqx.progress WHERE family = 'bqx'"))
        .isEqualTo(
            warmSessionsKeepTheirClasses
                ? "stale functions changed"
                : "stale bars changed, functions changed");
    Result again = bqx.run("backfill", "--family=bqx");
    assertThat(again.code()).as(again.err()).isZero();
    assertOneVersion();
    assertThat(sql.text("SELECT functions_version FROM bqx.partition_state"))
        .isEqualTo(FunctionsJars.OLDER_VERSION);
  }

  @Test
  void anOlderJarThanTheSchemasIsRefused() throws Exception {
    install(FunctionsJars.older(folder));
    appendBars();
    if (!warmSessionsKeepTheirClasses) {
      SQLException refused = catchThrowableOfType(SQLException.class, () -> worker.execute(JULY));
      assertThat(refused.getSQLState()).isEqualTo("55000");
    }
    Result result = bqx.run("backfill", "--family=bqx");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains(FunctionsJars.OLDER_VERSION).contains("[55000]");
    assertThat(SmallMonths.digests(sql)).isEqualTo(before);
    Result doctor = bqx.run("doctor");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(doctor.out().replaceAll("\\s+", " "))
        .contains("somebody put another in its place")
        .contains("bqx is of %s, not of revision 1".formatted(FunctionsJars.OLDER_VERSION));

    sql.execute("DELETE FROM bqx.flyway_schema_history WHERE script LIKE '%functions_jar'");
    assertThat(bqx.run("migrate").code()).isZero();
    assertThat(bqx.run("backfill", "--family=bqx").out()).startsWith("1 of 1 partition computed");
    assertOneVersion();
  }

  static Stream<Arguments> badJars() throws IOException {
    return Stream.of(
        Arguments.of("corrupt", FunctionsJars.corrupt()),
        Arguments.of("truncated", FunctionsJars.truncated()),
        Arguments.of(NO_JAR, "not a jar".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
        Arguments.of("without a descriptor", FunctionsJars.withoutDescriptor()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badJars")
  void aBadJarIsRefusedAndTheOneThatIsThereWorks(String name, byte[] jar) throws Exception {
    assumeTrue(isSqljrt() || !name.equals(NO_JAR), "PL/Java takes what is no jar for an empty one");
    SQLException refused =
        catchThrowableOfType(
            SQLException.class,
            () -> sql.execute("SELECT sqlj.replace_jar(?, 'bqx_functions', true)", (Object) jar));
    // PL/Java's code is that of a file that cannot be read.
    assertThat(refused.getSQLState())
        .isIn(isSqljrt() ? List.of("46001") : List.of("46001", "58030"));
    for (SqlSession session : List.of(worker, new SqlSession(database.connect()))) {
      session.number(JULY.replace("')", "', true)"));
      assertThat(SmallMonths.digests(sql)).isEqualTo(before);
    }
  }

  @Test
  void aJarWithoutTheFunctionsFailsThePartitionAndKeepsItsRows() throws Exception {
    install(FunctionsJars.empty());
    appendBars();
    Result result = bqx.run("backfill", "--family=bqx");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("org.bqx.functions.FeatureFunctions");
    if (isSqljrt()) {
      assertThat(result.err()).contains("is not on the class path").contains("[46103]");
    }
    assertThat(SmallMonths.digests(sql)).isEqualTo(before);
    install(FunctionsJars.current());
    assertThat(bqx.run("backfill", "--family=bqx").out()).startsWith("1 of 1 partition computed");
    assertOneVersion();
  }

  private boolean isSqljrt() throws SQLException {
    return database.javaRuntime().isSqljrt();
  }

  private void install(byte[] jar) throws SQLException {
    try (SqlSession superuser = new SqlSession(database.connect())) {
      superuser.execute("SELECT sqlj.replace_jar(?, 'bqx_functions', false)", (Object) jar);
    }
  }

  private void appendBars() throws SQLException {
    sql.execute(
        """
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume)
        SELECT pair, time + interval '1000 min', open, high, low, close, volume FROM bqx.m1
        """);
  }

  /**
   * Starts to compute in the warm session, which has looked at its jar when this returns, and waits
   * for the bars until this session commits.
   */
  private CompletableFuture<SQLException> computeUntilTheBarsAreRead() throws Exception {
    sql.execute("BEGIN");
    sql.execute("LOCK TABLE bqx.m1_audcad IN ACCESS EXCLUSIVE MODE");
    long pid = worker.number("SELECT pg_backend_pid()");
    CompletableFuture<SQLException> outcome =
        CompletableFuture.supplyAsync(
            () -> catchThrowableOfType(SQLException.class, () -> worker.execute(JULY)));
    try (SqlSession observer = new SqlSession(database.connect())) {
      observer.await(
          1,
          "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid = ?",
          (int) pid);
    }
    return outcome;
  }

  /** The rows that have features are all of one jar, the one that the state names. */
  private void assertOneVersion() throws SQLException {
    List<String> versions =
        sql.column(
            """
            SELECT DISTINCT CASE WHEN w60_bqx_return = ? THEN ? ELSE 'current' END
            FROM bqx.bqx WHERE w60_bqx_return IS NOT NULL
            """,
            FunctionsJars.OLDER_FEATURE,
            FunctionsJars.OLDER_VERSION);
    List<String> states =
        sql.column(
            "SELECT CASE functions_version WHEN ? THEN functions_version ELSE 'current' END FROM bqx.partition_state",
            FunctionsJars.OLDER_VERSION);
    assertThat(versions).isEqualTo(states).hasSizeLessThanOrEqualTo(1);
  }
}
