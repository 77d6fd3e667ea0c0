package org.bqx.failure;

/** How a command ended, as the number its process returns. */
public enum ExitCode {
  /** All that was asked is done. */
  DONE(0),
  /** Some work failed; the rest is done. */
  FAILED(1),
  /** The command line is wrong. */
  USAGE(2),
  /** Verification found differences. */
  DIFFERENT(3),
  /** No connection to the server. */
  NO_CONNECTION(4),
  /** Somebody else holds what remains to be done. */
  HELD(5),
  /** Interrupted by Ctrl-C: 128 + SIGINT. */
  INTERRUPTED(130);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** Returns the process's exit code. */
  public int code() {
    return code;
  }
}
