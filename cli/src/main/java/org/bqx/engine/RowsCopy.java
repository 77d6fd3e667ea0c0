package org.bqx.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.postgresql.copy.CopyIn;

/**
 * Rows of one pair in the binary format of COPY, sent as they are made: a buffer's worth at a time,
 * so that the server writes some while others are computed.
 */
final class RowsCopy {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0
  };

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int NULL = -1;
  private static final int FIELD_BYTES = Integer.BYTES + Long.BYTES;

  private final CopyIn copy;
  private final byte[] pair;
  private final boolean[] canBeUndefined;
  private final int rowBytes;
  private final ByteBuffer buffer;

  /**
   * @param copy of the columns pair, ts_utc, rate_index and the family's
   * @param canBeUndefined for each of the family's columns, whether a NaN is a NULL
   */
  RowsCopy(CopyIn copy, String pair, boolean[] canBeUndefined) {
    this.copy = copy;
    this.pair = pair.getBytes(StandardCharsets.UTF_8);
    this.canBeUndefined = canBeUndefined;
    rowBytes =
        Short.BYTES + Integer.BYTES + this.pair.length + FIELD_BYTES * (2 + canBeUndefined.length);
    buffer = ByteBuffer.allocate(Math.max(BUFFER_BYTES, 2 * rowBytes));
    buffer.put(SIGNATURE).putInt(0).putInt(0);
  }

  /**
   * Writes a row.
   *
   * @param time in microseconds since 2000
   * @param row rate_index, then as many of the columns as there is history for
   */
  void write(long time, double[] row) throws SQLException {
    if (buffer.remaining() < rowBytes) {
      flush();
    }
    buffer.putShort((short) (canBeUndefined.length + 3));
    buffer.putInt(pair.length).put(pair);
    buffer.putInt(Long.BYTES).putLong(time);
    putDouble(row[0]);
    for (int i = 0; i < canBeUndefined.length; i++) {
      if (i + 1 >= row.length || (canBeUndefined[i] && Double.isNaN(row[i + 1]))) {
        buffer.putInt(NULL);
      } else {
        putDouble(row[i + 1]);
      }
    }
  }

  /** Writes the end, and waits for the server to have taken all. */
  void end() throws SQLException {
    if (buffer.remaining() < Short.BYTES) {
      flush();
    }
    buffer.putShort((short) -1);
    flush();
    copy.endCopy();
  }

  private void putDouble(double value) {
    buffer.putInt(Double.BYTES).putLong(Double.doubleToRawLongBits(value));
  }

  private void flush() throws SQLException {
    copy.writeToCopy(buffer.array(), 0, buffer.position());
    buffer.clear();
  }
}
