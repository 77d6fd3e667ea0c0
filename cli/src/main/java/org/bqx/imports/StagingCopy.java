package org.bqx.imports;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes bars into the staging table by binary COPY: eight bytes a value, so that nothing is lost
 * to a decimal text and neither side formats or parses one. The layout is that of "Binary Format"
 * in PostgreSQL's documentation of COPY.
 */
final class StagingCopy implements AutoCloseable {
  /** Of the staging tables, in the order of {@link #write}. */
  static final String COLUMNS =
      "line, time, open, high, low, close, volume, bid_close, ask_close, symbol";

  /** The statement, but for the table's name. */
  static final String INTO = "COPY pg_temp.%s (" + COLUMNS + ") FROM STDIN (FORMAT binary)";

  private static final byte[] SIGNATURE =
      "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final short FIELDS = 10;
  private static final int ROW_BYTES = Short.BYTES + FIELDS * (Integer.BYTES + Long.BYTES);
  private static final long EPOCH_2000 = 946_684_800L;
  private static final long MICROS = 1_000_000L;

  private final CopyIn copy;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

  StagingCopy(Connection connection, String table) throws SQLException {
    copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(INTO.formatted(table));
    buffer.put(SIGNATURE).putInt(0).putInt(0);
  }

  /**
   * @param symbol the number of its symbol, negative where there is none
   */
  void write(long line, Bar bar, int symbol) throws SQLException {
    if (buffer.remaining() < ROW_BYTES) {
      flush();
    }
    buffer.putShort(FIELDS);
    putLong(line);
    putLong((bar.epochSecond() - EPOCH_2000) * MICROS);
    putDouble(bar.open());
    putDouble(bar.high());
    putDouble(bar.low());
    putDouble(bar.close());
    putKnown(bar.volume());
    putKnown(bar.bidClose());
    putKnown(bar.askClose());
    if (symbol < 0) {
      buffer.putInt(-1);
    } else {
      buffer.putInt(Integer.BYTES).putInt(symbol);
    }
  }

  /** Ends the COPY; without it {@link #close} abandons the rows. */
  void finish() throws SQLException {
    if (buffer.remaining() < Short.BYTES) {
      flush();
    }
    buffer.putShort((short) -1);
    flush();
    copy.endCopy();
  }

  @Override
  public void close() throws SQLException {
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }

  private void putLong(long value) {
    buffer.putInt(Long.BYTES).putLong(value);
  }

  private void putDouble(double value) {
    buffer.putInt(Double.BYTES).putDouble(value);
  }

  private void putKnown(double value) {
    if (Double.isNaN(value)) {
      buffer.putInt(-1);
    } else {
      putDouble(value);
    }
  }

  private void flush() throws SQLException {
    copy.writeToCopy(buffer.array(), 0, buffer.position());
    buffer.clear();
  }
}
