package org.bqx.functions;

import java.sql.SQLException;

/**
 * How arguments are refused. A class that throws an exception has that one's class loaded before it
 * can run at all, and {@link SQLException} is not among those that a JVM keeps in its archive: 7
 * milliseconds of a session's first call. So it is thrown here, by a class that others do not need.
 */
final class Refusal {

  private Refusal() {}

  /**
   * Throws; what it returns is for callers that have to return something.
   *
   * @throws SQLException with the message and the SQLSTATE, always
   */
  static <T> T raise(String message, String state) throws SQLException {
    throw new SQLException(message, state);
  }
}
