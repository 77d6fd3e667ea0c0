package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cluster.PostgresCluster;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who ends a statement, a session or the server is obeyed within two seconds, wherever a session
 * that runs the functions happens to be.
 */
class SignalsIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.inOwnCluster(Map.of());

  private static final long OBEY_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** The kernels, over more bars than anybody waits for. */
  private static final String COMPUTING =
      """
      SELECT count(*)
      FROM generate_series(1, 100000) AS months,
          LATERAL (SELECT bqx.feature_rows(
              'reg', array_fill(100.0::float8, '{32000}'), 32000, '{60,630}', months % 100, 0)) rows
      """;

  private static final String WAITING = "SELECT bqx.backfill('reg', 'audcad', '2024-07-01', true)";

  private SqlSession sql;
  private SqlSession target;
  private int pid;

  @BeforeAll
  static void makeBars() throws SQLException {
    assumeTrue(
        DATABASE.javaRuntime().isSqljrt(), "PL/Java's signals do not wake a session that waits");
    assertThat(new CommandLineRunner(DATABASE).run("migrate").code()).isZero();
    try (SqlSession session = new SqlSession(DATABASE.connect())) {
      SmallMonths.insert(session, 1, 1, 700);
    }
  }

  @BeforeEach
  void warmUp() throws SQLException {
    DATABASE.assumeLocal().start();
    sql = new SqlSession(DATABASE.connect());
    target = warm();
    pid = (int) target.number("SELECT pg_backend_pid()");
    sql.execute("BEGIN");
    sql.execute("LOCK TABLE bqx.m1_audcad IN ACCESS EXCLUSIVE MODE");
  }

  @AfterEach
  void disconnect() throws SQLException {
    target.close();
    sql.close();
  }

  static Stream<Arguments> statements() {
    return Stream.of(
        Arguments.of("while Java runs", COMPUTING, "wait_event IS NULL"),
        Arguments.of("while it waits for a lock", WAITING, "wait_event_type = 'Lock'"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("statements")
  void cancelEndsTheStatement(String name, String statement, String state) throws Exception {
    CompletableFuture<SQLException> outcome = start(target, statement, state);
    long start = System.nanoTime();
    sql.execute("SELECT pg_cancel_backend(?)", pid);
    assertThat(outcome.get(1, TimeUnit.MINUTES).getSQLState()).isEqualTo("57014");
    assertThat(System.nanoTime() - start).isLessThan(OBEY_NANOS);
    assertSessionGoesOn();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("statements")
  void statementTimeoutEndsTheStatement(String name, String statement, String state)
      throws Exception {
    target.execute("SET statement_timeout = '300ms'");
    long start = System.nanoTime();
    SQLException timeout =
        catchThrowableOfType(SQLException.class, () -> target.execute(statement));
    assertThat(System.nanoTime() - start - TimeUnit.MILLISECONDS.toNanos(300))
        .isLessThan(OBEY_NANOS);
    assertThat(timeout.getSQLState()).isEqualTo("57014");
    target.execute("RESET statement_timeout");
    assertSessionGoesOn();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("statements")
  void terminateEndsTheSession(String name, String statement, String state) throws Exception {
    CompletableFuture<SQLException> outcome = start(target, statement, state);
    long start = System.nanoTime();
    sql.execute("SELECT pg_terminate_backend(?)", pid);
    assertThat(outcome.get(1, TimeUnit.MINUTES).getSQLState()).isEqualTo("57P01");
    awaitGone();
    assertThat(System.nanoTime() - start).isLessThan(OBEY_NANOS);
  }

  @Test
  void terminateEndsAnIdleSession() throws Exception {
    long start = System.nanoTime();
    sql.execute("SELECT pg_terminate_backend(?)", pid);
    awaitGone();
    assertThat(System.nanoTime() - start).isLessThan(OBEY_NANOS);
  }

  @Test
  void cancelDoesNothingToAnIdleSession() throws Exception {
    sql.execute("SELECT pg_cancel_backend(?)", pid);
    assertSessionGoesOn();
  }

  @Test
  void fastStopEndsTheServerWhateverItsSessionsDo() throws Exception {
    PostgresCluster cluster = DATABASE.assumeLocal();
    SqlSession computing = warm();
    SqlSession waiting = warm();
    List<CompletableFuture<SQLException>> outcomes =
        List.of(
            start(computing, COMPUTING, "wait_event IS NULL"),
            start(waiting, WAITING, "wait_event_type = 'Lock'"));
    long start = System.nanoTime();
    assertThat(cluster.stop()).isTrue();
    assertThat(System.nanoTime() - start).isLessThan(OBEY_NANOS);
    for (CompletableFuture<SQLException> outcome : outcomes) {
      assertThat(outcome.get(1, TimeUnit.MINUTES).getSQLState()).isEqualTo("57P01");
    }
    assertThat(Files.readString(cluster.log()))
        .contains("received fast shutdown request")
        .contains("database system is shut down")
        .doesNotContain("received immediate shutdown request", "terminated by signal");
    computing.close();
    waiting.close();
  }

  private static SqlSession warm() throws SQLException {
    SqlSession session = new SqlSession(DATABASE.connect());
    assertThat(session.text("SELECT bqx.functions_version('bqx')")).isNotEmpty();
    return session;
  }

  /** Runs a statement in another thread, and returns when the server is in the middle of it. */
  private CompletableFuture<SQLException> start(SqlSession session, String statement, String state)
      throws Exception {
    int backend = (int) session.number("SELECT pg_backend_pid()");
    CompletableFuture<SQLException> outcome =
        CompletableFuture.supplyAsync(
            () -> catchThrowableOfType(SQLException.class, () -> session.execute(statement)));
    try (SqlSession observer = new SqlSession(DATABASE.connect())) {
      observer.await(
          1,
          "SELECT count(*) FROM pg_stat_activity WHERE pid = ? AND state = 'active' AND now() - query_start > '200ms' AND "
              + state,
          backend);
    }
    return outcome;
  }

  private void assertSessionGoesOn() throws SQLException {
    sql.execute("ROLLBACK");
    assertThat(target.number("SELECT pg_backend_pid()")).isEqualTo(pid);
    assertThat(target.number(WAITING)).isEqualTo(700);
  }

  private void awaitGone() throws Exception {
    sql.execute("ROLLBACK");
    sql.await(0, "SELECT count(*) FROM pg_stat_activity WHERE pid = ?", pid);
  }
}
