package org.bqx.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.bqx.failure.ExitCode;
import org.bqx.terminal.StandardInput;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The program {@code bqx}. */
public final class Main {
  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    int code = run(arguments, System.getenv(), new StandardInput(), System.out, System.err);
    System.exit(code);
  }

  /**
   * Runs a command.
   *
   * @return its exit code
   */
  static int run(
      String[] arguments,
      Map<String, String> environment,
      InputStream in,
      PrintStream out,
      PrintStream err) {
    PrintWriter data = new PrintWriter(out, true, StandardCharsets.UTF_8);
    PrintWriter messages = new PrintWriter(err, true, StandardCharsets.UTF_8);
    try (Bqx bqx = new Bqx(environment, in, data, messages)) {
      return commandLine(bqx).execute(arguments);
    } finally {
      data.flush();
      messages.flush();
    }
  }

  static CommandLine commandLine(Bqx bqx) {
    // It warns of quotes in an argument by printing that as it is.
    CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
    CommandLine commandLine = new CommandLine(bqx);
    commandLine.setOut(bqx.out());
    commandLine.setErr(bqx.err());
    commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExpandAtFiles(false);
    commandLine.registerConverter(java.time.YearMonth.class, Months::parse);
    commandLine.setParameterExceptionHandler(
        (wrong, ignored) -> {
          String name = wrong.getCommandLine().getCommandSpec().qualifiedName();
          bqx.printError(wrong.getMessage(), "./" + name + " --help");
          return ExitCode.USAGE.code();
        });
    commandLine.setExecutionExceptionHandler(new FailureReport(bqx));
    commandLine.getSubcommands().get("psql").setStopAtPositional(true);
    commandLine.getSubcommands().get("psql").setUnmatchedOptionsArePositionalParams(true);
    return commandLine;
  }
}
