package org.bqx.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.bqx.connection.Sql;
import org.bqx.failure.ExitCode;
import org.bqx.terminal.StandardInput;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** The program {@code bqx}. */
public final class Main {
  /** In the order of the help. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          DemoCommand.class,
          UpCommand.class,
          StopCommand.class,
          PsqlCommand.class,
          MigrateCommand.class,
          ImportCommand.class,
          GenerateCommand.class,
          PlanCommand.class,
          BackfillCommand.class,
          CorrelateCommand.class,
          MonitorCommand.class,
          NodeCommand.class,
          StatusCommand.class,
          FamiliesCommand.class,
          GapsCommand.class,
          MatrixCommand.class,
          StagesCommand.class,
          ExportCommand.class,
          DoctorCommand.class,
          VerifyCommand.class,
          ReportCommand.class,
          ServeCommand.class,
          SelfCheckCommand.class,
          CompletionCommand.class);

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Else each jar is opened in search of it.
    System.setProperty("slf4j.provider", "org.slf4j.simple.SimpleServiceProvider");
    System.setProperty("slf4j.internal.verbosity", "WARN");
    if (arguments.length > 0 && NeededStages.of(arguments[0]) != null) {
      Sql.prepare();
    }
    int code = run(arguments, System.getenv(), new StandardInput(), System.out, System.err);
    if (code == ExitCode.DONE.code() && Boolean.getBoolean("bqx.archive")) {
      loadFurther(arguments);
    }
    System.exit(code);
  }

  /**
   * Loads the classes of another command that only reads, of the same server: the launcher keeps
   * those of this process for all that follow.
   */
  private static void loadFurther(String[] arguments) {
    String[] other = arguments.clone();
    other[0] = other[0].equals("status") ? "plan" : "status";
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    run(other, System.getenv(), InputStream.nullInputStream(), nowhere, nowhere);
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
      CommandLine commandLine =
          asksOfAll(arguments) ? outline(bqx) : commandLine(bqx, needed(arguments));
      return commandLine.execute(arguments);
    } finally {
      data.flush();
      messages.flush();
    }
  }

  /**
   * Returns the command that the first argument names, since to describe all takes a while; all
   * where it names none.
   */
  private static List<Class<?>> needed(String[] arguments) {
    if (arguments.length > 0) {
      // Words are written together in a class's name; to read each annotation takes a while, too.
      String name = arguments[0].replace("-", "") + "Command";
      for (Class<?> command : COMMANDS) {
        if (command.getSimpleName().equalsIgnoreCase(name)
            && command.getAnnotation(Command.class).name().equals(arguments[0])
            && command != CompletionCommand.class) {
          return List.of(command);
        }
      }
    }
    return COMMANDS;
  }

  private static boolean asksOfAll(String[] arguments) {
    return arguments.length == 1
        && (arguments[0].equals("--help") || arguments[0].equals("--version"));
  }

  /** Returns the program with what its help says of its commands, and no more of them. */
  private static CommandLine outline(Bqx bqx) {
    CommandLine commandLine = commandLine(bqx, List.of());
    for (Class<?> type : COMMANDS) {
      Command command = type.getAnnotation(Command.class);
      CommandSpec outline = CommandSpec.create().name(command.name());
      outline.usageMessage().description(command.description());
      commandLine.addSubcommand(outline.name(), outline);
    }
    return commandLine;
  }

  /** Returns the program with all its commands. */
  static CommandLine commandLine(Bqx bqx) {
    return commandLine(bqx, COMMANDS);
  }

  private static CommandLine commandLine(Bqx bqx, List<Class<?>> commands) {
    // It warns of quotes in an argument by printing that as it is.
    CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
    CommandLine commandLine = new CommandLine(bqx);
    for (Class<?> command : commands) {
      commandLine.addSubcommand(command);
    }
    commandLine.setOut(bqx.out());
    commandLine.setErr(bqx.err());
    commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExpandAtFiles(false);
    commandLine.registerConverter(java.time.YearMonth.class, new Months());
    FailureReport failureReport = new FailureReport(bqx);
    commandLine.setParameterExceptionHandler(failureReport);
    commandLine.setExecutionExceptionHandler(failureReport);
    CommandLine psql = commandLine.getSubcommands().get("psql");
    if (psql != null) {
      psql.setStopAtPositional(true);
      psql.setUnmatchedOptionsArePositionalParams(true);
    }
    return commandLine;
  }
}
