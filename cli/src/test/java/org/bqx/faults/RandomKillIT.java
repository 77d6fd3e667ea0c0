package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.bqx.cli.CommandLineRunner;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** While the server computes. */
@Tag("slow")
class RandomKillIT extends RandomKillContract {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.inOwnCluster(Map.of());

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  RandomKillIT() {
    super(DATABASE, BQX, 10);
  }

  @Override
  void migrate() {
    assertThat(BQX.run("migrate").code()).isZero();
  }
}
