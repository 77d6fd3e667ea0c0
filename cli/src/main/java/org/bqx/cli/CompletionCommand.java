package org.bqx.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = "Print a completion script for bash and zsh: source <(./bqx completion).")
final class CompletionCommand implements Runnable {
  /** Files that may be patterns or standard input, too, so that picocli has texts for them. */
  private static final String FILE = "FILE";

  /** The values of an option: Java's constants, which nobody types in upper case. */
  private static final Pattern VALUES = Pattern.compile("_option_args=\\(.*\\)");

  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    CommandLine root = spec.root().commandLine();
    root.getSubcommands().values().forEach(each -> completeFiles(each.getCommandSpec()));
    String script = AutoComplete.bash("bqx", root);
    bqx.out()
        .print(
            VALUES.matcher(script).replaceAll(values -> values.group().toLowerCase(Locale.ROOT)));
  }

  private static void completeFiles(CommandSpec command) {
    for (PositionalParamSpec argument : List.copyOf(command.positionalParameters())) {
      if (argument.paramLabel().equals(FILE)) {
        command.remove(argument);
        command.addPositional(
            PositionalParamSpec.builder()
                .type(Path[].class)
                .index(argument.index())
                .arity(argument.arity())
                .paramLabel(FILE)
                .build());
      }
    }
  }
}
