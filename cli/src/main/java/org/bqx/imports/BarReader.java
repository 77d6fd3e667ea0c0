package org.bqx.imports;

import java.io.Closeable;
import java.io.IOException;

/** A source of bars: one implementation a format, read once from begin to end. */
public interface BarReader extends Closeable {
  /**
   * Returns the next line's bar or defect, null at the end. Lines without content are skipped.
   *
   * @throws IOException when the source itself cannot be read on
   */
  BarLine next() throws IOException;

  /** Returns the text of the line read last, empty where a bar is not one line of text. */
  default String text() {
    return "";
  }
}
