package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the docs say of commands and options is what --help says of them. */
class HelpDocsTest {
  private static final Path ROOT = Path.of("..");
  private static final Path COMMANDS = ROOT.resolve("docs/commands.md");

  /** Those of the launcher and of psql are not picocli's. */
  private static final Set<String> OTHERS = Set.of("test", "jooq", "bench", "psql", "COMMAND");

  private static final Pattern CALL =
      Pattern.compile("\\./bqx ([a-zA-Z][a-zA-Z-]*)([^`|;&#>)\\n]*)");
  private static final Pattern OPTION = Pattern.compile("(?<=[\\s\\[])--[a-z][a-z-]*");

  /** {@code ./bqx jooq} writes it anew. */
  @Test
  void everyCommandsHelpIsInTheDocs() throws IOException {
    String generated = commands();
    if (System.getProperty("docs.generate") != null) {
      Files.writeString(COMMANDS, generated);
    }
    assertThat(COMMANDS).as("./bqx jooq writes it").hasContent(generated);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void callsInTheDocsAreOnesThatExist(Path document) throws IOException {
    CommandLine bqx = commandLine();
    List<String> wrong = new ArrayList<>();
    Matcher calls = CALL.matcher(Files.readString(document));
    while (calls.find()) {
      if (!OTHERS.contains(calls.group(1))) {
        check(bqx, calls.group(1), calls.group(2), calls.group(), wrong);
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** The list of commands has the first line of each. */
  @Test
  void theFirstLineOfAHelpIsAWholeSentence() {
    assertThat(commandLine().getSubcommands().values())
        .extracting(command -> command.getCommandSpec().usageMessage().description()[0])
        .allSatisfy(line -> assertThat(line).matches("[A-Z].*[.)]"));
  }

  /** Where a command comes first, it alone is described; after an option all are. */
  @Test
  void aCommandAloneHasTheSameHelp() {
    commandLine()
        .getSubcommands()
        .forEach(
            (name, command) -> {
              assertThat(help(name))
                  .startsWith("Usage: bqx " + name)
                  .isEqualTo(help("--debug", name));
              for (String each : command.getSubcommands().keySet()) {
                assertThat(help(name, each))
                    .contains("--dbname")
                    .isEqualTo(help("--debug", name, each));
              }
            });
  }

  private static String help(String... command) {
    String[] arguments = Arrays.copyOf(command, command.length + 1);
    arguments[command.length] = "--help";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(Main.run(arguments, Map.of(), InputStream.nullInputStream(), printed, printed))
        .isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void check(
      CommandLine bqx, String name, String arguments, String call, List<String> wrong) {
    CommandLine command = bqx.getSubcommands().get(name);
    if (command == null) {
      wrong.add(call);
      return;
    }
    String[] words = arguments.strip().split("\\s+");
    CommandLine called = command.getSubcommands().getOrDefault(words[0], command);
    Matcher options = OPTION.matcher(arguments);
    while (options.find()) {
      if (called.getCommandSpec().findOption(options.group()) == null) {
        wrong.add("%s: no %s".formatted(call, options.group()));
      }
    }
  }

  static Stream<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (Path folder : List.of(ROOT, ROOT.resolve("docs"), ROOT.resolve("docs/decisions"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
      }
    }
    return documents.stream();
  }

  /** Picocli sorts options by the letters of the default locale. */
  private static String commands() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.ROOT);
    try {
      return text();
    } finally {
      Locale.setDefault(before);
    }
  }

  private static String text() {
    StringBuilder text = new StringBuilder();
    text.append("# Commands\n\n")
        .append("What `--help` prints, written from it by `./bqx jooq`. The options of the first")
        .append(" section go with every command, those of a connection not with up, stop and")
        .append(" self-check.\n");
    CommandLine bqx = commandLine();
    add(text, bqx);
    for (CommandLine command : bqx.getSubcommands().values()) {
      add(text, command);
      command.getSubcommands().values().forEach(each -> add(text, each));
    }
    return text.toString();
  }

  private static void add(StringBuilder text, CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    for (OptionSpec option : List.copyOf(spec.options())) {
      if (option.inherited()) {
        spec.remove(option);
      }
    }
    text.append("\n## ").append(spec.qualifiedName()).append("\n");
    command
        .getUsageMessage(Ansi.OFF)
        .lines()
        .forEach(line -> text.append(("    " + line).stripTrailing()).append('\n'));
  }

  private static CommandLine commandLine() {
    CommandLine bqx =
        Main.commandLine(
            new Bqx(Map.of(), System.in, new PrintWriter(System.out), new PrintWriter(System.err)));
    bqx.setUsageHelpAutoWidth(false);
    bqx.setUsageHelpWidth(100);
    return bqx;
  }
}
