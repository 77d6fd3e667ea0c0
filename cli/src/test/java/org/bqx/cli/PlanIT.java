package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Plans of one server. */
class PlanIT extends PlanContract {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  PlanIT() {
    super(DATABASE);
  }

  @BeforeAll
  static void migrate() {
    assertThat(new CommandLineRunner(DATABASE).run("migrate").code()).isZero();
  }
}
