package org.bqx.imports;

import java.io.InputStream;

/** HistData's ticks: {@code 20240701 080000123,bid,ask,0}. The last column is always 0. */
final class HistDataTickReader extends TextReader {
  private final Zone zone;

  HistDataTickReader(InputStream in, Zone zone) {
    super(in, ',');
    this.zone = zone;
  }

  @Override
  Bar bar(Row row) throws DefectException {
    Stamp stamp = new Stamp(row.text(0), "yyyyMMdd HHmmssSSS");
    long local = stamp.day(stamp.digits(4), stamp.digits(2), stamp.digits(2));
    stamp.skip(' ');
    local += stamp.seconds(stamp.digits(2), stamp.digits(2), stamp.digits(2));
    stamp.digits(3);
    stamp.end();
    double bid = row.price(1, "bid");
    double ask = row.price(2, "ask");
    return new Bar(zone.toEpochSecond(local), bid, bid, bid, bid, Double.NaN, bid, ask);
  }
}
