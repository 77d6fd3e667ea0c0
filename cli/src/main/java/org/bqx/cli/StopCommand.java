package org.bqx.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "stop", description = "Stop the embedded server; its data stays.")
final class StopCommand implements Runnable {
  @ParentCommand private Bqx bqx;

  @Override
  public void run() {
    bqx.message(
        bqx.embedded().stop()
            ? "the embedded server is stopped"
            : "the embedded server was not running");
  }
}
