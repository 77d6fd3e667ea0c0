package org.bqx.imports;

import java.io.InputStream;
import java.util.List;
import java.util.Locale;

/**
 * {@code time,open,high,low,close[,volume]} with ISO-8601 times, as Oanda's and nautilus's files
 * have it too. A header may name the columns, in any order and with others among them; where it
 * names {@code complete}, as Oanda's candles do, a candle that is not is none yet.
 */
final class IsoReader extends TextReader {
  private static final List<String> COLUMNS =
      List.of("time", "open", "high", "low", "close", "volume", "complete");
  private static final int REQUIRED = 5;
  private static final int COMPLETE = 6;

  private final Zone zone;
  private int[] positions = {0, 1, 2, 3, 4, 5, -1};

  IsoReader(InputStream in, Zone zone) {
    super(in, ',');
    this.zone = zone;
  }

  @Override
  boolean isHeader(Row row) throws DefectException {
    if (!startsWithLetter(row.text(0))) {
      return false;
    }
    List<String> names =
        row.texts().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .map(name -> name.equals("timestamp") ? "time" : name)
            .toList();
    positions = COLUMNS.stream().mapToInt(names::indexOf).toArray();
    for (int i = 0; i < REQUIRED; i++) {
      if (positions[i] < 0) {
        throw new DefectException("header has no column " + COLUMNS.get(i));
      }
    }
    return true;
  }

  @Override
  Bar bar(Row row) throws DefectException {
    for (int i = 0; i < REQUIRED; i++) {
      row.required(positions[i], COLUMNS.get(i));
    }
    double open = row.price(positions[1], "open");
    double high = row.price(positions[2], "high");
    double low = row.price(positions[3], "low");
    double close = row.price(positions[4], "close");
    double volume = row.volume(positions[5]);
    if (row.text(positions[COMPLETE]).equalsIgnoreCase("false")) {
      throw new DefectException("the candle is not complete");
    }
    return new Bar(time(row.text(positions[0]), zone), open, high, low, close, volume);
  }

  private static long time(String text, Zone zone) throws DefectException {
    Stamp stamp = new Stamp(text, "ISO-8601");
    long local = stamp.date('-');
    if (!stamp.take('T')) {
      stamp.skip(' ');
    }
    local += stamp.hourAndMinute();
    boolean fraction = false;
    if (stamp.take(':')) {
      local += stamp.seconds(0, 0, stamp.digits(2));
      fraction = stamp.hasFraction();
    }
    long time;
    if (stamp.atEnd()) {
      time = zone.toEpochSecond(local);
    } else if (stamp.take('Z')) {
      time = local;
    } else {
      time = local - stamp.offset();
    }
    stamp.end();
    if (fraction) {
      throw new DefectException(BarCheck.OFF_THE_MINUTE);
    }
    return time;
  }
}
