package org.bqx.imports;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.regex.Pattern;

/**
 * Dukascopy's {@code BID_candles_min_1.bi5} once LZMA is undone: records of 24 bytes, big-endian:
 * second of the day, open, close, low, high in points (that order), volume as a float. The day is
 * in the file's name.
 */
final class DukascopyCandlesReader extends DukascopyRecords {
  private static final Pattern YEN = Pattern.compile("(aud|cad|chf|eur|gbp|nzd|sgd|usd)jpy");
  private static final Pattern MAJOR = Pattern.compile("((aud|cad|chf|eur|gbp|nzd|sgd|usd)){2}");
  private static final double POINTS = 1e5;
  private static final double YEN_POINTS = 1e3;

  private final long day;
  private final double points;

  DukascopyCandlesReader(InputStream in, LocalDate day, double points) {
    super(in);
    this.day = day.toEpochDay() * Stamp.SECONDS_PER_DAY;
    this.points = points;
  }

  /**
   * Returns how many of Dukascopy's points are one: a point is the last digit of a quote.
   *
   * @throws IOException when nobody knows: another number would make other prices
   */
  static double pointsPerUnit(String pair) throws IOException {
    if (YEN.matcher(pair).matches()) {
      return YEN_POINTS;
    }
    if (MAJOR.matcher(pair).matches()) {
      return POINTS;
    }
    throw new IOException(
        "how many digits Dukascopy's quotes of %s have is not known; export them as CSV"
            .formatted(pair));
  }

  @Override
  BarLine read(long record, int second, DataInputStream values) throws IOException {
    double open = values.readInt() / points;
    double close = values.readInt() / points;
    double low = values.readInt() / points;
    double high = values.readInt() / points;
    float volume = values.readFloat();
    if (second < 0 || second >= Stamp.SECONDS_PER_DAY) {
      return BarLine.bad(record, "second " + second + " is not of one day");
    }
    if (Float.isNaN(volume)) {
      return BarLine.bad(record, "volume NaN is not a count");
    }
    return BarLine.of(record, new Bar(day + second, open, high, low, close, volume));
  }
}
