package org.bqx.imports;

import java.io.IOException;

/**
 * Makes one-minute bars of ticks or of bars of seconds: the first open, the highest high, the
 * lowest low, the last close, the sum of the volumes. One that is wrong in itself is refused and
 * leaves the others of its minute alone.
 */
final class MinuteBars implements BarReader {
  private static final long MINUTE = 60;

  private final BarReader parts;
  private BarLine ahead;
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
      String defect = part.bar() == null ? part.defect() : BarCheck.defectOfValues(part.bar());
      if (defect != null) {
        ahead = minute;
        lastWasDefect = true;
        return BarLine.bad(part.line(), defect);
      }
      Bar bar = part.bar();
      long start = Math.floorDiv(bar.epochSecond(), MINUTE) * MINUTE;
      if (minute == null) {
        minute = BarLine.of(part.line(), at(start, bar));
      } else if (minute.bar().epochSecond() == start) {
        minute = BarLine.of(minute.line(), joined(minute.bar(), bar));
      } else {
        ahead = BarLine.of(part.line(), at(start, bar));
        lastWasDefect = false;
        return minute;
      }
    }
  }

  @Override
  public String text() {
    return lastWasDefect ? parts.text() : "";
  }

  @Override
  public void close() throws IOException {
    parts.close();
  }

  private static Bar at(long time, Bar bar) {
    return new Bar(time, bar.open(), bar.high(), bar.low(), bar.close(), bar.volume());
  }

  private static Bar joined(Bar minute, Bar part) {
    return new Bar(
        minute.epochSecond(),
        minute.open(),
        Math.max(minute.high(), part.high()),
        Math.min(minute.low(), part.low()),
        part.close(),
        minute.volume() + part.volume());
  }
}
