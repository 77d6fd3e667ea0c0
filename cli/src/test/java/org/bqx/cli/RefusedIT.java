package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that answers and lets nobody in: to a command that is the same as none. */
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
}
