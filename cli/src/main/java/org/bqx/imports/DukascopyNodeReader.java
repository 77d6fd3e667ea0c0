package org.bqx.imports;

import java.io.InputStream;

/** dukascopy-node: {@code timestamp,open,high,low,close[,volume]}, milliseconds since 1970 UTC. */
final class DukascopyNodeReader extends TextReader {
  private static final long MILLIS = 1000;
  private static final int MOST_DIGITS = 14;

  DukascopyNodeReader(InputStream in) {
    super(in, ',');
  }

  @Override
  boolean isHeader(Row row) {
    return startsWithLetter(row.text(0));
  }

  @Override
  Bar bar(Row row) throws DefectException {
    return row.bar(seconds(row.text(0)), 1, 5);
  }

  /** Returns whole seconds of milliseconds. */
  static long seconds(String text) throws DefectException {
    Stamp stamp = new Stamp(text, "a count of milliseconds");
    if (text.isEmpty() || text.length() > MOST_DIGITS) {
      throw stamp.defect();
    }
    long millis = 0;
    while (!stamp.atEnd()) {
      millis = millis * 10 + stamp.digits(1);
    }
    if (millis % MILLIS != 0) {
      throw new DefectException(BarCheck.OFF_THE_MINUTE);
    }
    return millis / MILLIS;
  }
}
