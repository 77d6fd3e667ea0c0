package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A database that lets nobody make temporary tables: the right is named, or done without. */
class TemporaryTablesIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final String ROLE = "no \"temporary";
  private static final String QUOTED = "\"no \"\"temporary\"";
  private static final String DAY = "2024-07-01T00:00Z,1.1,1.1,1.1,1.1,1\n";
  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final CommandLineRunner HERS = new CommandLineRunner(DATABASE, ROLE, "hers");

  @BeforeAll
  static void revoke() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("REVOKE TEMPORARY ON DATABASE " + DATABASE.name() + " FROM PUBLIC");
      sql.execute("CREATE ROLE " + QUOTED + " LOGIN PASSWORD 'hers' IN ROLE bqx_runner");
    }
  }

  @AfterAll
  static void drop() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("DROP OWNED BY " + QUOTED);
      sql.execute("DROP ROLE " + QUOTED);
    }
  }

  @Test
  void importAndGenerateNameTheRightAndVerifyDoesWithout() throws SQLException {
    String[] generate = {"generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07"};
    String grant = "GRANT TEMPORARY ON DATABASE %s TO %s".formatted(DATABASE.name(), QUOTED);
    for (Result refused :
        new Result[] {
          HERS.runWithInput(
              DAY.getBytes(StandardCharsets.US_ASCII), "import", "-", "--pair", "eurusd"),
          HERS.run(generate)
        }) {
      assertThat(refused.code()).as(refused.err()).isEqualTo(1);
      assertThat(refused.err())
          .contains("role no \"temporary may not create temporary tables in database")
          .contains("next: " + grant);
    }
    assertThat(BQX.run(generate).code()).isZero();
    for (String command : new String[] {"backfill", "verify"}) {
      Result done = HERS.run(command);
      assertThat(done.code()).as("%s: %s", command, done.err()).isZero();
    }

    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute(grant);
    }
    Result imported =
        HERS.runWithInput(
            DAY.getBytes(StandardCharsets.US_ASCII),
            "import",
            "-",
            "--pair",
            "gbpusd",
            "--period",
            "m1");
    assertThat(imported.code()).as(imported.err()).isZero();
  }
}
