package org.bqx.doctor;

import java.sql.SQLException;
import org.bqx.failure.Failure;

/** Why a check failed, in one line. */
final class Reason {
  private Reason() {}

  /** Returns what the server refused, null when it was not the server. */
  static SQLException refusal(Throwable failed) {
    Throwable cause = failed;
    while (cause != null && !(cause instanceof SQLException)) {
      cause = cause.getCause();
    }
    return (SQLException) cause;
  }

  /** Returns what the server said, with its SQLSTATE; else the first line of what was thrown. */
  static String of(Throwable failed) {
    SQLException refused = refusal(failed);
    return refused == null
        ? String.valueOf(failed.getMessage()).lines().findFirst().orElse("")
        : "%s [%s]"
            .formatted(Failure.message(refused).replaceAll("\\s+", " "), refused.getSQLState());
  }
}
