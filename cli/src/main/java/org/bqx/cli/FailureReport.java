package org.bqx.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Turns wrong arguments, and whatever a command throws, into a message, the next command to type
 * and an exit code.
 */
final class FailureReport implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final Bqx bqx;

  FailureReport(Bqx bqx) {
    this.bqx = bqx;
  }

  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    bqx.printError(wrong.getMessage(), help(wrong.getCommandLine()));
    return ExitCode.USAGE.code();
  }

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine commandLine, ParseResult parsed) {
    if (bqx.debug()) {
      StringWriter trace = new StringWriter();
      exception.printStackTrace(new PrintWriter(trace));
      bqx.message(trace.toString().replace("\t", "    "));
    }
    if (bqx.interrupted()) {
      bqx.printError("interrupted", null);
      return ExitCode.INTERRUPTED.code();
    }
    Failure failure = Failure.of(exception);
    bqx.printError(failure.getMessage(), next(failure, commandLine));
    return failure.exitCode().code();
  }

  private String next(Failure failure, CommandLine commandLine) {
    if (failure.isDenied()) {
      return bqx.remedy(commandLine.getCommandName(), isOwners(commandLine), failure.getMessage());
    }
    return failure.hint() == null && failure.exitCode() == ExitCode.USAGE
        ? help(commandLine)
        : failure.hint();
  }

  /** Returns whether a command, or one of its options, is the schema owner's alone. */
  private static boolean isOwners(CommandLine commandLine) {
    String typed = "./" + commandLine.getCommandSpec().qualifiedName() + " ";
    return NextCommands.isOwners(typed)
        || commandLine.getParseResult().matchedOptions().stream()
            .anyMatch(option -> NextCommands.isOwners(typed + option.longestName()));
  }

  /** Returns what says how a command is used. */
  private static String help(CommandLine commandLine) {
    return "./%s --help".formatted(commandLine.getCommandSpec().qualifiedName());
  }
}
