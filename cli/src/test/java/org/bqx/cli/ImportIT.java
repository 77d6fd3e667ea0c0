package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Imports into one server. */
class ImportIT extends ImportContract {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  ImportIT() {
    super(DATABASE);
  }

  @BeforeAll
  static void migrate() {
    Result unmigrated = BQX.run("backfill");
    assertThat(unmigrated.code()).isEqualTo(1);
    assertThat(unmigrated.err())
        .contains("the schema is not there, stage 1.5.1 is needed")
        .contains("next: ./bqx migrate");

    Result first = BQX.run("migrate");
    assertThat(first.err()).contains("migrations done");
    assertThat(first.code()).isZero();
    Result second = BQX.run("migrate");
    assertThat(second.err()).contains("the schema is up to date");
    assertThat(second.code()).isZero();
    assertThat(BQX.run("migrate", "--info").out()).containsPattern("1\\.5\\.2 .* Success");
  }
}
