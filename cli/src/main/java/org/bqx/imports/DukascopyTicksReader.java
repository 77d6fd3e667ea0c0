package org.bqx.imports;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;

/**
 * Dukascopy's {@code 00h_ticks.bi5} once LZMA is undone: records of 20 bytes, big-endian:
 * millisecond of the hour, ask, bid in points, their volumes as floats. Day and hour are in the
 * file's name. The price is the bid, and so is the volume.
 */
final class DukascopyTicksReader implements BarReader {
  private static final int MILLIS_PER_HOUR = 3_600_000;

  private final DataInputStream in;
  private final long hour;
  private final double points;
  private long line;

  DukascopyTicksReader(InputStream in, LocalDate day, int hour, double points) {
    this.in = new DataInputStream(in);
    this.hour = day.toEpochDay() * Stamp.SECONDS_PER_DAY + hour * 3600L;
    this.points = points;
  }

  @Override
  public BarLine next() throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    line++;
    try {
      int millis = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
      double ask = in.readInt() / points;
      double bid = in.readInt() / points;
      in.readFloat();
      double volume = in.readFloat();
      if (millis < 0 || millis >= MILLIS_PER_HOUR) {
        return BarLine.bad(line, "millisecond " + millis + " is not of one hour");
      }
      return BarLine.of(line, new Bar(hour + millis / 1000, bid, bid, bid, bid, volume, bid, ask));
    } catch (EOFException cut) {
      throw new IOException("it ends within record " + line, cut);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
