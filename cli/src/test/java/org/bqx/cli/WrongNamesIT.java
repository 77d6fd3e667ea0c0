package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Names that a single server does not know. */
class WrongNamesIT extends WrongNamesContract {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  WrongNamesIT() {
    super(DATABASE, new CommandLineRunner(DATABASE));
  }

  @BeforeAll
  static void migrate() {
    assertThat(new CommandLineRunner(DATABASE).run("migrate").code()).isZero();
  }
}
