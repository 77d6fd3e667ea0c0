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

  /** Returns the symbol of the bar read last, null where the source has no column of symbols. */
  default String symbol() {
    return null;
  }

  /** Returns whether the bars were made of ticks or seconds, so that gaps say nothing. */
  default boolean isMade() {
    return false;
  }

  /**
   * Returns how many flat bars without volume, of hours when the market was closed, were skipped.
   */
  default long fillers() {
    return 0;
  }
}
