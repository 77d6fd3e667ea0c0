package org.bqx.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A row as COPY sends it in binary: the number of fields, then each field's length, -1 for NULL,
 * and its bytes. The same object holds one row after the other.
 */
final class BinaryRow implements Row {
  /** The signature, flags, and the length of an extension that no version has. */
  private static final int HEADER_BYTES = 19;

  private static final int SIGNATURE_BYTES = 11;
  private static final short END = -1;

  /** From 1970 to 2000, where PostgreSQL's time begins. */
  private static final long EPOCH_MICROS = 946_684_800_000_000L;

  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0
  };

  private final int[] starts;
  private final int[] lengths;
  private ByteBuffer message;
  private boolean begun;

  BinaryRow(int columns) {
    starts = new int[columns];
    lengths = new int[columns];
  }

  /** Expects the beginning of another COPY. */
  void begin() {
    begun = false;
  }

  /**
   * Takes a message of COPY's.
   *
   * @return whether it is a row; if not, it is the end
   * @throws IOException when it is neither
   */
  boolean read(byte[] bytes) throws IOException {
    message = ByteBuffer.wrap(bytes);
    int at = 0;
    if (!begun) {
      begun = true;
      if (bytes.length < HEADER_BYTES
          || !Arrays.equals(bytes, 0, SIGNATURE_BYTES, SIGNATURE, 0, SIGNATURE_BYTES)) {
        throw new IOException("the server sent no binary rows");
      }
      at = HEADER_BYTES;
    }
    int fields = message.getShort(at);
    if (fields == END) {
      return false;
    }
    if (fields != starts.length) {
      throw new IOException("a row has %d fields, not %d".formatted(fields, starts.length));
    }
    at += Short.BYTES;
    for (int i = 0; i < fields; i++) {
      int length = message.getInt(at);
      at += Integer.BYTES;
      starts[i] = at;
      lengths[i] = length;
      at += Math.max(length, 0);
    }
    if (at != bytes.length) {
      throw new IOException("a row ends after %d of %d bytes".formatted(at, bytes.length));
    }
    return true;
  }

  @Override
  public boolean isNull(int column) {
    return lengths[column] < 0;
  }

  @Override
  public double getDouble(int column) {
    return message.getDouble(starts[column]);
  }

  short getShort(int column) {
    return message.getShort(starts[column]);
  }

  int getInt(int column) {
    return message.getInt(starts[column]);
  }

  long getLong(int column) {
    return message.getLong(starts[column]);
  }

  /** Returns a time in microseconds since 1970. */
  long getMicros(int column) {
    return getLong(column) + EPOCH_MICROS;
  }

  byte[] getBytes(int column) {
    return Arrays.copyOfRange(message.array(), starts[column], starts[column] + lengths[column]);
  }

  String getText(int column) {
    return new String(message.array(), starts[column], lengths[column], StandardCharsets.UTF_8);
  }
}
