package org.bqx.imports;

import java.io.IOException;

/**
 * What is true of a whole file and not written in its lines: that a time is the bar's end, that
 * prices are the bid's, that the vendor fills closed hours with flat bars.
 */
final class AdjustedReader implements BarReader {
  private static final long MINUTE = 60;

  private final BarReader reader;
  private final long shift;
  private final Side side;
  private final boolean fillsClosedHours;
  private long fillers;

  /**
   * @param stamp which end of a bar its time is
   * @param side whose prices they are
   * @param fillsClosedHours whether flat bars without volume of closed hours are no bars
   */
  AdjustedReader(BarReader reader, StampAt stamp, Side side, boolean fillsClosedHours) {
    this.reader = reader;
    this.shift = stamp == StampAt.CLOSE ? MINUTE : 0;
    this.side = side;
    this.fillsClosedHours = fillsClosedHours;
  }

  @Override
  public BarLine next() throws IOException {
    while (true) {
      BarLine line = reader.next();
      if (line == null || line.bar() == null) {
        return line;
      }
      if (fillsClosedHours && isFiller(line.bar())) {
        fillers++;
      } else {
        return BarLine.of(line.line(), adjusted(line.bar()));
      }
    }
  }

  private Bar adjusted(Bar bar) {
    Bar at = shift == 0 ? bar : bar.at(bar.epochSecond() - shift);
    return switch (side) {
      case BID -> Double.isNaN(at.bidClose()) ? at.withQuote(at.close(), at.askClose()) : at;
      case ASK -> at.withQuote(Double.NaN, at.close());
      case NONE -> at;
    };
  }

  private static boolean isFiller(Bar bar) {
    return bar.volume() == 0
        && bar.high() == bar.low()
        && bar.open() == bar.close()
        && bar.open() == bar.low()
        && MarketWeek.isClosed(bar.epochSecond());
  }

  @Override
  public String text() {
    return reader.text();
  }

  @Override
  public String symbol() {
    return reader.symbol();
  }

  @Override
  public boolean isMade() {
    return reader.isMade();
  }

  @Override
  public long fillers() {
    return fillers;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
