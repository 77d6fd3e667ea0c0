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
    bqx.message(running ? "the embedded server runs already" : "the embedded server runs");
    bqx.print(settings.toString());
  }
}
