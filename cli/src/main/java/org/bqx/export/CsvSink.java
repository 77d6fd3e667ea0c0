package org.bqx.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

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

  /**
   * Returns a field of a line. Names of pairs and splits, times and numbers need no quotes.
   *
   * @param following how many fields come after it
   * @return null where it is empty, which is NULL
   */
  static String field(byte[] line, int following) {
    int end = line.length;
    while (end > 0 && (line[end - 1] == '\n' || line[end - 1] == '\r')) {
      end--;
    }
    int start = end;
    for (int left = following; ; left--) {
      start = end;
      while (start > 0 && line[start - 1] != ',') {
        start--;
      }
      if (left == 0) {
        break;
      }
      end = start - 1;
    }
    return start == end ? null : new String(line, start, end - start, StandardCharsets.US_ASCII);
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
