package org.bqx.imports;

import java.io.InputStream;
import java.time.LocalDate;

/**
 * QuantConnect Lean's bars: milliseconds of the day, then open, high, low, close and size: of
 * trades, or of the bid and after it of the ask. The day is in the file's name; the price of a
 * quote is the bid's.
 */
final class LeanReader extends TextReader {
  private static final int QUOTE_FIELDS = 11;
  private static final int ASK_CLOSE = 9;

  private final long day;
  private final Zone zone;

  LeanReader(InputStream in, LocalDate day, Zone zone) {
    super(in, ',');
    this.day = day.toEpochDay() * Stamp.SECONDS_PER_DAY;
    this.zone = zone;
  }

  @Override
  Bar bar(Row row) throws DefectException {
    long seconds = DukascopyNodeReader.seconds(row.text(0));
    if (seconds >= Stamp.SECONDS_PER_DAY) {
      throw new DefectException("time is past the day's end");
    }
    Bar bar = row.bar(zone.toEpochSecond(day + seconds), 1, 5);
    return row.size() < QUOTE_FIELDS
        ? bar
        : bar.withQuote(bar.close(), row.price(ASK_CLOSE, "ask close"));
  }
}
