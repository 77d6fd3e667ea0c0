package org.bqx.imports;

import java.io.IOException;

/**
 * Makes one-minute bars of ticks or of bars of seconds: the first open, the highest high, the
 * lowest low, the last close, bid and ask, the sum of the volumes. A part that is wrong in itself,
 * or before the one before it, is refused and leaves the others of its minute alone.
 */
final class MinuteBars implements BarReader {
  private static final long MINUTE = 60;

  private final BarReader parts;
  private BarLine ahead;
  private String symbol;
  private long last = Long.MIN_VALUE;
  private boolean lastWasDefect;

  MinuteBars(BarReader parts) {
    this.parts = parts;
  }

  @Override
  public BarLine next() throws IOException {
    BarLine minute = ahead;
    ahead = null;
    while (true) {
      BarLine part = parts.next();
      if (part == null) {
        lastWasDefect = false;
        return minute;
      }
      String defect = part.bar() == null ? part.defect() : defect(part.bar());
      if (defect != null) {
        ahead = minute;
        lastWasDefect = true;
        return BarLine.bad(part.line(), defect);
      }
      Bar bar = part.bar();
      last = bar.epochSecond();
      long start = Math.floorDiv(bar.epochSecond(), MINUTE) * MINUTE;
      if (minute == null) {
        minute = BarLine.of(part.line(), bar.at(start));
      } else if (minute.bar().epochSecond() == start) {
        minute = BarLine.of(minute.line(), joined(minute.bar(), bar));
      } else {
        ahead = BarLine.of(part.line(), bar.at(start));
        lastWasDefect = false;
        return minute;
      }
    }
  }

  private String defect(Bar part) throws IOException {
    String of = parts.symbol();
    if (symbol != null && !symbol.equals(of)) {
      throw new IOException("it has ticks of several pairs; make it a file a pair");
    }
    symbol = of;
    return part.epochSecond() < last
        ? "time is before that of the line before"
        : BarCheck.defectOfValues(part);
  }

  @Override
  public String text() {
    return lastWasDefect ? parts.text() : "";
  }

  @Override
  public String symbol() {
    return symbol;
  }

  @Override
  public boolean isMade() {
    return true;
  }

  @Override
  public void close() throws IOException {
    parts.close();
  }

  private static Bar joined(Bar minute, Bar part) {
    return new Bar(
        minute.epochSecond(),
        minute.open(),
        Math.max(minute.high(), part.high()),
        Math.min(minute.low(), part.low()),
        part.close(),
        minute.volume() + part.volume(),
        part.bidClose(),
        part.askClose());
  }
}
