package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Commands that take long, besides backfill and verify: they go on when their backend is killed.
 */
class KilledBackendIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  @TempDir private static Path folder;

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  /**
   * A command.
   *
   * @param lock what keeps it waiting where it takes long
   */
  private record Case(String lock, String... command) {
    @Override
    public String toString() {
      return String.join(" ", command);
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("bqx.reg_audcad_2024_08 IN ACCESS EXCLUSIVE MODE", "matrix", "check", "small"),
        new Case("bqx.bar_gap IN SHARE MODE", "gaps", "--all"),
        new Case("bqx.pair_corr_day IN SHARE MODE", "correlate", "--pair-days", "--force"),
        new Case(
            "bqx.reg_audcad_2024_08 IN ACCESS EXCLUSIVE MODE",
            "report",
            "--no-verify",
            "--html",
            folder.resolve("report.html").toString()));
  }

  @BeforeAll
  static void compute() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      SmallMonths.insert(sql, 2, 2, 700);
      assertThat(BQX.run("backfill").code()).isZero();
      sql.execute(
          """
          SELECT bqx.define_matrix('small', '{audcad,audchf}', '{bqx.w60_*,reg.w60_*}',
              train_until => '2024-07-01 08:00Z', validate_until => '2024-08-01 06:00Z')
          """);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void itGoesOn(Case one) throws Exception {
    Result undisturbed = BQX.run(one.command());
    assertThat(undisturbed.code()).as(undisturbed.err()).isZero();
    try (SqlSession holder = new SqlSession(DATABASE.connect());
        SqlSession killer = new SqlSession(DATABASE.connect())) {
      holder.connection().setAutoCommit(false);
      holder.execute("LOCK TABLE " + one.lock());
      CompletableFuture<Result> command =
          CompletableFuture.supplyAsync(() -> BQX.run(one.command()));
      killer.await(
          1,
          "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '%s'::regclass"
              .formatted(one.lock().substring(0, one.lock().indexOf(' '))));
      assertThat(
              killer.number(
                  "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                      + " WHERE application_name LIKE 'bqx %' AND datname = current_database()"))
          .isPositive();
      holder.connection().rollback();
      Result result = command.get(60, TimeUnit.SECONDS);
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.out()).isEqualTo(undisturbed.out());
    }
  }
}
