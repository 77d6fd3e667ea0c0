package org.bqx.engine;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One-dimensional arrays as PostgreSQL's {@code array_send} writes them: dimensions, flags and type
 * (4 bytes each), length and lower bound, then each element's length and bytes. The bits of a
 * double survive it, and nothing is boxed.
 */
final class BinaryArray {
  /** The driver's threshold for results in binary from the first execution on. */
  static final int BINARY = -1;

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int HEADER = 12;
  private static final String NULL_VALUE_NOT_ALLOWED = "22004";

  private BinaryArray() {}

  /** Returns the elements of an array of 8-byte values: doubles by their bits, times in µs. */
  static long[] longs(byte[] sent) throws SQLException {
    ByteBuffer buffer = ByteBuffer.wrap(sent);
    if (buffer.getInt() == 0) {
      return new long[0];
    }
    buffer.position(HEADER);
    long[] elements = new long[buffer.getInt()];
    buffer.getInt();
    for (int i = 0; i < elements.length; i++) {
      if (buffer.getInt() != Long.BYTES) {
        throw new SQLException("element %d is null".formatted(i + 1), NULL_VALUE_NOT_ALLOWED);
      }
      elements[i] = buffer.getLong();
    }
    return elements;
  }

  /** Returns the time that an element of an array of times is. */
  static Instant time(long element) {
    return EPOCH.plus(element, ChronoUnit.MICROS);
  }

  /** Returns the elements of an array of double precision. */
  static double[] doubles(byte[] sent) throws SQLException {
    long[] bits = longs(sent);
    double[] elements = new double[bits.length];
    for (int i = 0; i < bits.length; i++) {
      elements[i] = Double.longBitsToDouble(bits[i]);
    }
    return elements;
  }
}
