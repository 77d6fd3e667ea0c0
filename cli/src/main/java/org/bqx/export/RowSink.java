package org.bqx.export;

import java.io.Closeable;
import java.io.IOException;

/** What rows are written to. Closing it ends the file, whole or not. */
interface RowSink extends Closeable {
  /**
   * Writes a row.
   *
   * @param message of COPY's, the row
   */
  void write(byte[] message) throws IOException;
}
