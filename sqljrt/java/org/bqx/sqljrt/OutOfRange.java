package org.bqx.sqljrt;

import java.sql.SQLException;
import java.time.OffsetDateTime;

/**
 * Apart from {@link Support}, since a class that throws an exception has that one's class loaded
 * before it can run at all: of {@link SQLException} that takes 7 milliseconds, at the start.
 */
final class OutOfRange {
  private OutOfRange() {}

  /**
   * Throws; it returns a number for its caller.
   *
   * @throws SQLException 22008, always
   */
  static long raise(OffsetDateTime moment, ArithmeticException cause) throws SQLException {
    throw new SQLException("timestamp out of range: " + moment, "22008", cause);
  }
}
