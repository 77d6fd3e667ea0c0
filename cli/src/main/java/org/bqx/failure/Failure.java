package org.bqx.failure;

/**
 * What a command reports instead of a stack trace: what failed on which object and why (the
 * message), the command to type next (the hint), and the exit code.
 */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

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
    super(message, cause);
    this.exitCode = exitCode;
    this.hint = hint;
  }

  /** Returns how the process ends. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** Returns the next command to type, or null. */
  public String hint() {
    return hint;
  }
}
