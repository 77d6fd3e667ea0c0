package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A role's or a database's statement_timeout is no limit for what takes its time. */
class StatementTimeoutIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  @Test
  void importAndVerifyAreNotCancelledByIt() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    assertThat(
            BQX.run("generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07").code())
        .isZero();
    assertThat(BQX.run("backfill").code()).isZero();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      // What the commands read of the catalogue first takes less, their work more.
      sql.execute("ALTER DATABASE " + DATABASE.name() + " SET statement_timeout = '300ms'");
    }
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      assertThat(sql.text("SHOW statement_timeout")).isEqualTo("300ms");
    }

    StringBuilder bars = new StringBuilder();
    for (int i = 0; i < 40_000; i++) {
      bars.append(
          "202408%02d %02d%02d00;1.1;1.1;1.1;1.1;0%n".formatted(1 + i / 1440, i / 60 % 24, i % 60));
    }
    Result imported =
        BQX.runWithInput(
            bars.toString().getBytes(StandardCharsets.US_ASCII),
            "import",
            "-",
            "--pair",
            "gbpusd",
            "--format",
            "histdata-ascii",
            "--weekend",
            "keep");
    assertThat(imported.code()).as(imported.err()).isZero();

    Result verified = BQX.run("verify", "--full", "--pairs", "eurusd");
    assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
  }
}
