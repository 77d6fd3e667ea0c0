package org.bqx.imports;

/**
 * What a reader makes of one line: a bar, or the reason why it is none.
 *
 * @param line line number in the source, from 1
 * @param bar the bar, null when there is a defect
 * @param defect what is wrong with the line, null when there is a bar
 */
public record BarLine(long line, Bar bar, String defect) {
  static BarLine of(long line, Bar bar) {
    return new BarLine(line, bar, null);
  }

  static BarLine bad(long line, String defect) {
    return new BarLine(line, null, defect);
  }
}
