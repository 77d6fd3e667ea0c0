package org.bqx.imports;

import java.io.InputStream;
import java.util.Locale;
import org.bqx.terminal.Printable;

/**
 * TrueFX ticks: {@code EUR/USD,20160502 00:00:00.959,bid,ask}. Each is a bar of the bid at its
 * second; {@link MinuteBars} makes minutes of them. There is no volume.
 */
final class TrueFxReader extends TextReader {
  private final String pair;
  private final Zone zone;

  TrueFxReader(InputStream in, String pair, Zone zone) {
    super(in, ',');
    this.pair = pair;
    this.zone = zone;
  }

  @Override
  Bar bar(Row row) throws DefectException {
    String name = row.text(0);
    if (!name.replace("/", "").toLowerCase(Locale.ROOT).equals(pair)) {
      throw new DefectException("pair " + Printable.quoted(name) + " is not " + pair);
    }
    Stamp stamp = new Stamp(row.required(1, "time"), "yyyyMMdd HH:mm:ss.SSS");
    long local = stamp.day(stamp.digits(4), stamp.digits(2), stamp.digits(2));
    stamp.skip(' ');
    local += stamp.hourAndMinute();
    stamp.skip(':');
    local += stamp.seconds(0, 0, stamp.digits(2));
    stamp.hasFraction();
    stamp.end();
    double bid = row.price(2, "bid");
    double ask = row.price(3, "ask");
    return new Bar(zone.toEpochSecond(local), bid, bid, bid, bid, Double.NaN, bid, ask);
  }
}
