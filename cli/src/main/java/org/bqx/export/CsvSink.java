package org.bqx.export;

import java.io.IOException;
import java.io.OutputStream;

/** Rows as PostgreSQL writes them in CSV: a double has as many digits as give it back. */
final class CsvSink implements RowSink {
  private final OutputStream file;

  /**
   * @param header of COPY's, the names
   */
  CsvSink(OutputStream file, byte[] header) throws IOException {
    this.file = file;
    file.write(header);
  }

  @Override
  public void write(byte[] message) throws IOException {
    file.write(message);
  }

  @Override
  public void close() {
    // The part file is its owner's.
  }
}
