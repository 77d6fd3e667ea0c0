package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that answers and lets nobody in: to a command that is the same as none. And a migration
 * that is refused before its first stage.
 */
class RefusedIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  @ParameterizedTest
  @ValueSource(strings = {"migrate", "migrate --info", "status", "backfill", "verify", "doctor"})
  void aDatabaseThatIsNotThereExitsWith4(String command) {
    CommandLineRunner.Result result =
        BQX.runWith(Map.of("PGDATABASE", "bqx_test_nowhere"), command.split(" "));
    assertThat(result.code()).as(result.err()).isEqualTo(4);
    assertThat(result.err()).contains("cannot connect to").contains("[3D000]").contains("next: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"migrate", "migrate --info", "status", "backfill", "verify", "doctor"})
  void aPasswordThatIsWrongExitsWith4(String command) {
    DATABASE.assumeLocal();
    CommandLineRunner.Result result =
        BQX.runWith(Map.of("PGPASSWORD", "wrong"), command.split(" "));
    assertThat(result.code()).as(result.err()).isEqualTo(4);
    assertThat(result.err()).contains("cannot connect to").contains("[28P01]").contains("next: ");
  }

  @ParameterizedTest
  @CsvSource({
    "--target,9.9,--target 9.9 is no stage",
    "--placeholder,basline_date=2021-02-01,there is no placeholder basline_date",
    "--placeholder,baseline_date=yesterday,must be a date such as 2024-07-01",
    "--placeholder,engine=cloud,'must be server, client, nodes or auto'"
  })
  void aMigrationThatCannotBeIsWrongUsage(String option, String value, String why)
      throws SQLException {
    CommandLineRunner.Result result = BQX.run("migrate", option, value);
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err())
        .contains(why)
        .contains("next: ")
        .doesNotContain("Exception")
        .doesNotContain("--debug");
    assertNoStageIsThere();
  }

  @Test
  void aDatabaseThatIsReadOnlyHasAWayOut() throws SQLException {
    CommandLineRunner.Result result =
        BQX.runWith(Map.of("PGOPTIONS", "-c default_transaction_read_only=on"), "migrate");
    assertThat(result.code()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("[25006]").contains("next: ").contains("./bqx doctor");
    assertNoStageIsThere();
  }

  private static void assertNoStageIsThere() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      assertThat(sql.value("SELECT to_regclass('bqx.pair')")).isNull();
    }
  }
}
