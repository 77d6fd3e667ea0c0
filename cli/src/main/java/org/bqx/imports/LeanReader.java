package org.bqx.imports;

import java.io.InputStream;
import java.time.LocalDate;

/**
 * QuantConnect Lean's quote bars: milliseconds of the day, open, high, low, close and size of the
 * bid, then of the ask. The day is in the file's name; the bars are the bid's.
 */
final class LeanReader extends TextReader {
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
    return row.bar(zone.toEpochSecond(day + seconds), 1, 5);
  }
}
