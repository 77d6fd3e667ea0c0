package org.bqx.imports;

import java.io.InputStream;

/**
 * {@code 2022.08.15,10:06,open,high,low,close,volume}: what MetaTrader 4 exports, and HistData
 * makes for it.
 */
final class DottedReader extends TextReader {
  private final Zone zone;

  DottedReader(InputStream in, Zone zone) {
    super(in, ',');
    this.zone = zone;
  }

  @Override
  Bar bar(Row row) throws DefectException {
    long local = local(row.text(0), row.text(1));
    return row.bar(zone.toEpochSecond(local), 2, 6);
  }

  /** Returns the seconds of {@code 2022.08.15} and {@code 10:06} or {@code 10:06:00}. */
  static long local(String date, String time) throws DefectException {
    Stamp stamp = new Stamp(date + " " + time, "yyyy.MM.dd HH:mm");
    long local = stamp.date('.');
    stamp.skip(' ');
    local += stamp.hourAndMinute();
    if (stamp.take(':')) {
      local += stamp.seconds(0, 0, stamp.digits(2));
    }
    stamp.end();
    return local;
  }
}
