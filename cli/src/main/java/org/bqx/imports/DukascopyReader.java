package org.bqx.imports;

import java.io.InputStream;

/**
 * Dukascopy's web export: {@code Gmt time,Open,…} with times in UTC, or {@code Local time,Open,…}
 * with the offset behind each: {@code 16.08.2025 00:00:00.000 GMT+0900}.
 */
final class DukascopyReader extends TextReader {
  private final Zone zone;

  DukascopyReader(InputStream in, Zone zone) {
    super(in, ',');
    this.zone = zone;
  }

  @Override
  boolean isHeader(Row row) {
    return startsWithLetter(row.text(0));
  }

  @Override
  Bar bar(Row row) throws DefectException {
    return row.bar(time(row.text(0), zone), 1, 5);
  }

  static long time(String text, Zone zone) throws DefectException {
    Stamp stamp = new Stamp(text, "dd.MM.yyyy HH:mm:ss.SSS");
    int day = stamp.digits(2);
    stamp.skip('.');
    int month = stamp.digits(2);
    stamp.skip('.');
    long local = stamp.day(stamp.digits(4), month, day);
    stamp.skip(' ');
    local += stamp.hourAndMinute();
    stamp.skip(':');
    local += stamp.seconds(0, 0, stamp.digits(2));
    boolean fraction = stamp.hasFraction();
    long time;
    if (stamp.atEnd()) {
      time = zone.toEpochSecond(local);
    } else {
      for (char c : " GMT".toCharArray()) {
        stamp.skip(c);
      }
      time = local - stamp.offset();
      stamp.end();
    }
    if (fraction) {
      throw new DefectException(BarCheck.OFF_THE_MINUTE);
    }
    return time;
  }
}
