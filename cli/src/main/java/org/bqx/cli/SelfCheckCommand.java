package org.bqx.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bqx.connection.EmbeddedServer;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "self-check",
    description = {
      "Check that this installation works, on a server of its own that is deleted at the end.",
      "Migrates, makes a month of bars of a pair, computes and verifies its features, and asks the",
      "doctor. Neither the embedded server nor another one is touched."
    })
final class SelfCheckCommand implements Callable<Integer> {
  private static final String HOME = "BQX_HOME";

  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    bqx.requireNoServer(spec);
    Path folder = Files.createTempDirectory("bqx-self-check-");
    EmbeddedServer server = new EmbeddedServer(folder);
    try {
      bqx.message("making a server in " + folder + " (a minute)");
      run(folder, "demo", "--pairs", "1", "--months", "1", "--families", "bqx,reg");
      // Else the doctor would ask for it, of a server that is about to go.
      run(folder, "psql", "-qXc", "ANALYZE");
      run(folder, "doctor", "--color", "never").lines().forEach(bqx::print);
      bqx.print("bqx %s works".formatted(VersionText.version()));
      return ExitCode.DONE.code();
    } finally {
      server.delete();
      delete(folder);
    }
  }

  /** Runs a command there and returns what it prints; what it says is shown when it fails. */
  private String run(Path folder, String... arguments) {
    Map<String, String> environment = new HashMap<>(bqx.environment());
    // A server that these name is not to be checked.
    environment.keySet().removeIf(name -> name.startsWith("PG"));
    environment.put(HOME, folder.toString());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            arguments,
            environment,
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    String printed = out.toString(StandardCharsets.UTF_8);
    if (code != ExitCode.DONE.code()) {
      err.toString(StandardCharsets.UTF_8).lines().forEach(bqx::message);
      printed.lines().forEach(bqx::message);
      throw new Failure(
          ExitCode.FAILED, "%s failed with exit code %d".formatted(arguments[0], code), null, null);
    }
    return printed;
  }

  /** Deletes what the commands have left beside the server: the demo's report. */
  private static void delete(Path folder) throws IOException {
    Path own = folder.resolve(".bqx");
    Files.deleteIfExists(own.resolve("report.html"));
    Files.deleteIfExists(own);
    Files.deleteIfExists(folder);
  }
}
