package org.bqx.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns whatever a command throws into a message, the next command to type and an exit code. */
final class FailureReport implements IExecutionExceptionHandler {
  private static final Map<String, String> NEXT =
      Map.of(
          "3F000", "./bqx migrate",
          "42P01", "./bqx migrate",
          "42883", "./bqx migrate",
          "42501", "connect as a member of bqx_runner or as the owner (-U)");

  private final Bqx bqx;

  FailureReport(Bqx bqx) {
    this.bqx = bqx;
  }

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine commandLine, ParseResult parsed) {
    if (bqx.debug()) {
      exception.printStackTrace(bqx.err());
    }
    if (bqx.interrupted()) {
      bqx.printError("interrupted", null);
      return ExitCode.INTERRUPTED.code();
    }
    if (exception instanceof Failure failure) {
      bqx.printError(failure.getMessage() + state(failure.getCause()), failure.hint());
      return failure.exitCode().code();
    }
    SQLException refused = refusal(exception);
    if (refused != null) {
      bqx.printError(message(refused), next(refused));
      return exitCode(refused).code();
    }
    String message =
        exception instanceof IOException || exception instanceof FlywayException
            ? exception.getMessage()
            : exception.toString();
    bqx.printError(message, bqx.debug() ? null : "the same with --debug shows where");
    return ExitCode.FAILED.code();
  }

  /** Returns the server's own words where there are any, with the SQLSTATE. */
  static String message(SQLException refused) {
    ServerErrorMessage server = server(refused);
    String text = server == null ? refused.getMessage() : server.getMessage();
    return text + state(refused);
  }

  private static SQLException refusal(Throwable exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException refused) {
        return refused;
      }
    }
    return null;
  }

  private static String state(Throwable cause) {
    return cause instanceof SQLException refused && refused.getSQLState() != null
        ? " [" + refused.getSQLState() + "]"
        : "";
  }

  private static String next(SQLException refused) {
    ServerErrorMessage server = server(refused);
    return server != null && server.getHint() != null
        ? server.getHint()
        : NEXT.get(String.valueOf(refused.getSQLState()));
  }

  private static ServerErrorMessage server(SQLException refused) {
    return refused instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
  }

  private static ExitCode exitCode(SQLException refused) {
    String state = String.valueOf(refused.getSQLState());
    if (state.startsWith("08") || state.startsWith("57P")) {
      return ExitCode.NO_CONNECTION;
    }
    return state.equals("55P03") ? ExitCode.HELD : ExitCode.FAILED;
  }
}
