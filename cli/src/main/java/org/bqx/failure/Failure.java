package org.bqx.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a command reports instead of a stack trace: what failed on which object and why (the
 * message), the command to type next (the hint), and the exit code.
 */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final Map<String, String> HINTS =
      Map.of(
          "25006",
          "name the primary server (-h); ./bqx doctor says what else makes it read-only",
          "2F003",
          "give the password of the node's role: a line in ~/.pgpass for its host, port, database and role (chmod 600)",
          "3F000",
          "./bqx migrate",
          "42P01",
          "./bqx migrate",
          "42703",
          "./bqx migrate",
          "42883",
          "./bqx migrate");

  /** A server says this of another: a front of its node. */
  private static final String LOST_NODE = "08001";

  /** A right is missing; which, the server says at times. */
  private static final String DENIED = "42501";

  /**
   * An argument that a routine of bqx refuses, such as the name of a pair, a family, a node, a
   * matrix or a target that there is none of: whoever typed it has to type another.
   */
  private static final Set<String> WRONG_ARGUMENTS = Set.of("QX001", "QX002", "22023");

  /** What a Java function throws has this before its message. */
  private static final Pattern JAVAS_NAME = Pattern.compile("^java\\.sql\\.SQLException: ");

  /** Notices are warnings to JDBC, without a code of their own. */
  private static final String NOTICE = "00000";

  private final ExitCode exitCode;
  private final String hint;

  /**
   * @param exitCode how the process ends
   * @param message what failed, on which object, why
   * @param hint the next command, or null
   */
  public Failure(ExitCode exitCode, String message, String hint) {
    this(exitCode, message, hint, null);
  }

  /**
   * @param exitCode how the process ends
   * @param message what failed, on which object, why
   * @param hint the next command, or null
   * @param cause kept for its SQLSTATE and for {@code --debug}
   */
  public Failure(ExitCode exitCode, String message, String hint, Throwable cause) {
    super(message + state(cause), cause);
    this.exitCode = exitCode;
    this.hint = hint;
  }

  /**
   * Returns what to report for an exception: a failure as it is, the server's own message and hint
   * for what the server refused, wherever it is in the chain of causes.
   */
  public static Failure of(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof Failure failure) {
        return failure;
      } else if (cause instanceof SQLException refused) {
        return refused(refused);
      }
    }
    Throwable told = thrown instanceof UncheckedIOException ? thrown.getCause() : thrown;
    return told instanceof IOException unread
        ? new Failure(ExitCode.FAILED, IoReason.of(unread), null, thrown)
        : new Failure(
            ExitCode.FAILED, thrown.toString(), "the same with --debug shows where", thrown);
  }

  /** Returns how the process ends. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** Returns the next command to type, or null. */
  public String hint() {
    return hint;
  }

  /** Returns whether the role lacks a right, and nothing yet says how it gets it. */
  public boolean isDenied() {
    return hint == null
        && getCause() instanceof SQLException refused
        && DENIED.equals(refused.getSQLState());
  }

  /** Returns the server's own message, and what it warned of before it failed. */
  public static String message(SQLException refused) {
    ServerErrorMessage server =
        refused instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
    String told = server == null ? refused.getMessage() : server.getMessage();
    StringBuilder message =
        new StringBuilder(told == null ? "" : JAVAS_NAME.matcher(told).replaceFirst(""));
    for (Throwable suppressed : refused.getSuppressed()) {
      if (suppressed instanceof SQLWarning warning && !NOTICE.equals(warning.getSQLState())) {
        message.append("; warning: ").append(warning.getMessage());
      }
    }
    return message.toString();
  }

  private static Failure refused(SQLException refused) {
    ServerErrorMessage server =
        refused instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
    String state = String.valueOf(refused.getSQLState());
    String hint = HINTS.get(state);
    if (server != null && server.getHint() != null && hint == null) {
      hint = server.getHint();
    }
    if (server != null && hint == null && state.equals(LOST_NODE)) {
      hint = "./bqx node list";
    }
    return new Failure(exitCode(state), message(refused), hint, refused);
  }

  /**
   * Classes 08 and 57P: the connection broke, or the server is going down. The others are why a
   * server refuses a session: the role or its password, the database, too many connections.
   */
  private static ExitCode exitCode(String state) {
    if (state.startsWith("08")
        || state.startsWith("57P")
        || state.startsWith("28")
        || state.equals("3D000")
        || state.equals("53300")) {
      return ExitCode.NO_CONNECTION;
    }
    if (WRONG_ARGUMENTS.contains(state)) {
      return ExitCode.USAGE;
    }
    return state.equals("55P03") ? ExitCode.HELD : ExitCode.FAILED;
  }

  private static String state(Throwable cause) {
    return cause instanceof SQLException refused && refused.getSQLState() != null
        ? " [" + refused.getSQLState() + "]"
        : "";
  }
}
