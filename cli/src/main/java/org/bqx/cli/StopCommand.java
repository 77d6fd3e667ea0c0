package org.bqx.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.bqx.connection.EmbeddedServer;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "stop",
    description = "Stop the embedded server; its data stays, unless --delete is given.")
final class StopCommand implements Callable<Integer> {
  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;

  @Option(
      names = "--delete",
      description = "delete its data, too: bars, features, everything in it; asks first")
  private boolean delete;

  @Option(names = "--yes", description = "do not ask")
  private boolean yes;

  @Override
  public Integer call() {
    bqx.requireNoServer(spec);
    if (yes && !delete) {
      throw new ParameterException(spec.commandLine(), "--yes goes with --delete");
    }
    EmbeddedServer server = bqx.embedded();
    if (delete) {
      delete(server);
      return ExitCode.DONE.code();
    }
    bqx.message(
        server.stop() ? "the embedded server is stopped" : "the embedded server was not running");
    return ExitCode.DONE.code();
  }

  private void delete(EmbeddedServer server) {
    String data = server.data().stream().map(Path::toString).collect(Collectors.joining(", "));
    if (data.isEmpty()) {
      bqx.message("the embedded server has no data, nothing was deleted");
      return;
    }
    if (!yes
        && !bqx.confirms("Delete the embedded server's data in %s? Type yes: ".formatted(data))) {
      throw new Failure(
          ExitCode.USAGE,
          "the data in %s stays: nobody said yes".formatted(data),
          "./bqx stop --delete --yes",
          null);
    }
    server.delete();
    bqx.message("the embedded server is stopped, its data in %s deleted".formatted(data));
  }
}
