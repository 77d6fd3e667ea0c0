package org.bqx.sqljrt;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Iterator;

/** What the C side of sqljrt is glad to leave to Java. Every method is called through JNI. */
final class Support {
  /** What {@link #next} returns after the last element, because null is an element. */
  static final Object END = new Object();

  /** 2000-01-01 00:00 UTC, from where PostgreSQL counts microseconds, in Unix seconds. */
  private static final long POSTGRES_EPOCH = 946_684_800L;

  private static final int LONGEST_TRACE = 50;

  private Support() {}

  /** Steps an iterator by one call instead of two. */
  static Object next(Iterator<?> rows) {
    return rows.hasNext() ? rows.next() : END;
  }

  /** Lets an exception that is on its way to this thread arrive. */
  static void settle() {
    for (int i = 0; i < 10_000; i++) {
      Thread.onSpinWait();
    }
    Thread.interrupted();
  }

  /** The moment {@code micros} microseconds after 2000-01-01 00:00 UTC, at offset zero. */
  static OffsetDateTime moment(long micros) {
    return Instant.ofEpochSecond(
            POSTGRES_EPOCH + Math.floorDiv(micros, 1_000_000L),
            Math.floorMod(micros, 1_000_000L) * 1_000L)
        .atOffset(ZoneOffset.UTC);
  }

  /**
   * The microseconds from 2000-01-01 00:00 UTC to a moment, nanoseconds cut off towards the past.
   *
   * @throws SQLException 22008 if they do not fit a long
   */
  static long micros(OffsetDateTime moment) throws SQLException {
    try {
      return Math.addExact(
          Math.multiplyExact(moment.toEpochSecond() - POSTGRES_EPOCH, 1_000_000L),
          moment.getNano() / 1_000);
    } catch (ArithmeticException e) {
      return OutOfRange.raise(moment, e);
    }
  }

  /** The class's name as Java source has it: {@code double[]}, not {@code [D}. */
  static String typeName(Object value) {
    return value.getClass().getTypeName();
  }

  /**
   * What an error report needs: SQLSTATE (null if the exception has none), the exception as text
   * starting with its class, its message alone, and the stack trace.
   *
   * @param ascii whether other characters must be written as escapes
   */
  static String[] describe(Throwable thrown, boolean ascii) {
    String state = null;
    if (thrown instanceof SQLException) {
      state = ((SQLException) thrown).getSQLState();
    } else if (thrown instanceof StackOverflowError) {
      state = "54001";
    } else if (thrown instanceof OutOfMemoryError) {
      state = "53200";
    }
    String text = thrown.getClass().getName();
    String message = null;
    String trace = null;
    try {
      text = thrown.toString();
      message = thrown.getMessage();
      trace = trace(thrown);
    } catch (RuntimeException e) {
      trace = "It failed when asked what it is: " + e.getClass().getName();
    }
    return new String[] {
      clean(state, true), clean(text, ascii), clean(message, ascii), clean(trace, ascii)
    };
  }

  private static String trace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    String[] lines = trace.toString().split("\n", LONGEST_TRACE + 1);
    if (lines.length > LONGEST_TRACE) {
      lines[LONGEST_TRACE] = "\t...";
    }
    return String.join("\n", lines).strip();
  }

  /** Writes as escapes what the server's encoding cannot hold: NUL, lone surrogates. */
  private static String clean(String text, boolean ascii) {
    if (text == null) {
      return null;
    }
    StringBuilder clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!ascii
          && Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        clean.append(c).append(text.charAt(++i));
      } else if (c == 0 || Character.isSurrogate(c) || (ascii && c > 126)) {
        clean.append(String.format("\\u%04x", (int) c));
      } else {
        clean.append(c);
      }
    }
    return clean.toString();
  }
}
