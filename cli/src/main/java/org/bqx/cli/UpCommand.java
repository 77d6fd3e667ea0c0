package org.bqx.cli;

import org.bqx.connection.ConnectionSettings;
import org.bqx.connection.EmbeddedServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "up", description = "Start the embedded server.")
final class UpCommand implements Runnable {
  @ParentCommand private Bqx bqx;

  @Override
  public void run() {
    EmbeddedServer server = bqx.embedded();
    boolean running = server.isRunning();
    ConnectionSettings settings = server.start();
    bqx.message(
        "the embedded server runs%s, its data is in %s"
            .formatted(running ? " already" : "", server.data().get(0)));
    bqx.print(settings.toString());
  }
}
