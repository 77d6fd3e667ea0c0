package org.bqx.cli;

import org.bqx.connection.ConnectionSettings;
import org.bqx.connection.EmbeddedServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "up", description = "Start the embedded server.")
final class UpCommand implements Runnable {
  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    bqx.requireNoServer(spec);
    EmbeddedServer server = bqx.embedded();
    boolean running = server.isRunning();
    ConnectionSettings settings = server.start();
    bqx.message(
        "the embedded server runs%s, its data is in %s"
            .formatted(running ? " already" : "", server.data().get(0)));
    bqx.print(settings.toString());
  }
}
