package org.bqx.imports;

import java.io.InputStream;

/** HistData ASCII: {@code 20230601 000000;open;high;low;close;volume}. */
final class HistDataAsciiReader extends TextReader {
  private final Zone zone;

  HistDataAsciiReader(InputStream in, Zone zone) {
    super(in, ';');
    this.zone = zone;
  }

  @Override
  Bar bar(Row row) throws DefectException {
    Stamp stamp = new Stamp(row.text(0), "yyyyMMdd HHmmss");
    long local = stamp.day(stamp.digits(4), stamp.digits(2), stamp.digits(2));
    stamp.skip(' ');
    local += stamp.seconds(stamp.digits(2), stamp.digits(2), stamp.digits(2));
    stamp.end();
    return row.bar(zone.toEpochSecond(local), 1, 5);
  }
}
