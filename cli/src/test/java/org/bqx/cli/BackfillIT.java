package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Backfills of one server. */
class BackfillIT extends BackfillCommandContract {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  BackfillIT() {
    super(DATABASE);
  }

  @BeforeAll
  static void makeBars() {
    CommandLineRunner bqx = new CommandLineRunner(DATABASE);
    assertThat(bqx.run("migrate").code()).isZero();
    generate(bqx);
  }
}
