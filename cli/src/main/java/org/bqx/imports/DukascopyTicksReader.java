package org.bqx.imports;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;

/**
 * Dukascopy's {@code 00h_ticks.bi5} once LZMA is undone: records of 20 bytes, big-endian:
 * millisecond of the hour, ask, bid in points, their volumes as floats. Day and hour are in the
 * file's name. The price is the bid, and so is the volume.
 */
final class DukascopyTicksReader extends DukascopyRecords {
  private static final int MILLIS_PER_HOUR = 3_600_000;

  private final long hour;
  private final double points;

  DukascopyTicksReader(InputStream in, LocalDate day, int hour, double points) {
    super(in);
    this.hour = day.toEpochDay() * Stamp.SECONDS_PER_DAY + hour * 3600L;
    this.points = points;
  }

  @Override
  BarLine read(long record, int millis, DataInputStream values) throws IOException {
    double ask = values.readInt() / points;
    double bid = values.readInt() / points;
    values.readFloat();
    double volume = values.readFloat();
    if (millis < 0 || millis >= MILLIS_PER_HOUR) {
      return BarLine.bad(record, "millisecond " + millis + " is not of one hour");
    }
    return BarLine.of(record, new Bar(hour + millis / 1000, bid, bid, bid, bid, volume, bid, ask));
  }
}
