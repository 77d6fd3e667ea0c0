package org.bqx.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = "Print a completion script for bash and zsh: source <(./bqx completion).")
final class CompletionCommand implements Runnable {
  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    bqx.out().print(AutoComplete.bash("bqx", spec.root().commandLine()));
  }
}
