package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A password is asked for on a terminal, and nowhere else; script of util-linux makes one. */
class PasswordPromptIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final String PROMPT = "Password for user ";
  private static final long LIMIT_SECONDS = 60;

  @TempDir private Path folder;

  @BeforeAll
  static void migrate() {
    DATABASE.assumeLocal();
    assertThat(BQX.run("migrate").code()).isZero();
  }

  @Test
  void thePasswordThatIsTypedOpensAndIsNotShown() throws Exception {
    String password = BQX.environment().get("PGPASSWORD");
    Path output = folder.resolve("right");
    assertThat(onATerminal(output, password)).as(Files.readString(output)).isZero();
    assertThat(Files.readString(output))
        .containsOnlyOnce(PROMPT + BQX.environment().get("PGUSER") + ": ")
        .doesNotContain(password);
  }

  @Test
  void aWrongOneIsRefusedWithoutAskingAgain() throws Exception {
    Path output = folder.resolve("wrong");
    assertThat(onATerminal(output, "not this one")).isEqualTo(4);
    assertThat(Files.readString(output))
        .containsOnlyOnce(PROMPT)
        .contains("password authentication failed")
        .doesNotContain("not this one");
  }

  @Test
  void withoutATerminalNobodyIsAsked() throws Exception {
    Path output = folder.resolve("none");
    Process process = start(BQX.command("status"), output.toFile());
    process.getOutputStream().close();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(4);
    assertThat(Files.readString(output)).contains("cannot connect to").doesNotContain(PROMPT);
  }

  private static int onATerminal(Path output, String typed) throws Exception {
    assumeThat(
            List.of("/usr/bin/script", "/bin/script").stream()
                .map(Path::of)
                .anyMatch(Files::exists))
        .as("script, which makes a terminal, is installed")
        .isTrue();
    List<String> quoted = new ArrayList<>();
    for (String argument : BQX.command("status")) {
      quoted.add("'" + argument + "'");
    }
    Process process =
        start(List.of("script", "-qefc", String.join(" ", quoted), "/dev/null"), output.toFile());
    try (OutputStream keys = process.getOutputStream()) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      while (!Files.readString(output).contains(PROMPT) && process.isAlive()) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        TimeUnit.MILLISECONDS.sleep(50);
      }
      keys.write((typed + "\n").getBytes(StandardCharsets.UTF_8));
      keys.flush();
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }

  private static Process start(List<String> command, File output) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PG"));
    environment.putAll(BQX.environment());
    environment.remove("PGPASSWORD");
    environment.put("PGPASSFILE", "/nowhere");
    return builder.redirectErrorStream(true).redirectOutput(output).start();
  }
}
