package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.bqx.cli.CommandLineRunner;
import org.bqx.testkit.Computing;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kills while Java in the server computes. */
@Tag("slow")
class ResumeIT extends ResumeContract {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  ResumeIT() {
    super(DATABASE, BQX, Computing.byServer());
  }

  @Override
  void migrate() {
    assertThat(BQX.run("migrate").code()).isZero();
  }
}
