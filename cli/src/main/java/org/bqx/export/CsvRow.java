package org.bqx.export;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A line as COPY sends it in CSV, of names of pairs and splits, times and numbers: none of them
 * needs quotes. The same object holds one line after the other.
 */
final class CsvRow implements Row {
  private final int[] starts;
  private byte[] line;
  private int end;

  CsvRow(int columns) {
    starts = new int[columns + 1];
  }

  /**
   * Takes a line.
   *
   * @throws IOException when it has more or fewer fields than there are columns
   */
  void read(byte[] bytes) throws IOException {
    line = bytes;
    end = bytes.length;
    while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
      end--;
    }
    int fields = 1;
    for (int at = 0; at < end; at++) {
      if (bytes[at] == ',') {
        if (fields < starts.length) {
          starts[fields] = at + 1;
        }
        fields++;
      }
    }
    if (fields != starts.length - 1) {
      throw new IOException("a line has %d fields, not %d".formatted(fields, starts.length - 1));
    }
    starts[fields] = end + 1;
  }

  @Override
  public boolean isNull(int column) {
    return length(column) == 0;
  }

  /** PostgreSQL writes as many digits as give the same double back. */
  @Override
  public double getDouble(int column) {
    return Double.parseDouble(getText(column));
  }

  String getText(int column) {
    return new String(line, starts[column], length(column), StandardCharsets.US_ASCII);
  }

  private int length(int column) {
    return starts[column + 1] - 1 - starts[column];
  }
}
