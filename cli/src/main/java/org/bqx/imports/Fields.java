package org.bqx.imports;

import java.util.Arrays;

/**
 * The fields of one line, between delimiters, quotes taken off. A quote that is not closed costs
 * its line and no other.
 */
final class Fields {
  private static final char QUOTE = '"';

  private final char delimiter;
  private String line = "";
  private int[] starts = new int[16];
  private int[] ends = new int[16];
  private int count;

  Fields(char delimiter) {
    this.delimiter = delimiter;
  }

  /** Splits a line; returns false when a quote in it is not closed. */
  boolean split(String text) {
    line = text;
    count = 0;
    int length = text.length();
    int from = 0;
    while (true) {
      int start = from;
      while (start < length && text.charAt(start) == ' ') {
        start++;
      }
      boolean quoted = start < length && text.charAt(start) == QUOTE;
      int end;
      if (quoted) {
        int close = closing(start + 1);
        end = close < 0 ? -1 : text.indexOf(delimiter, close + 1);
        if (close < 0 || !text.substring(close + 1, end < 0 ? length : end).isBlank()) {
          return false;
        }
        put(start + 1, close);
      } else {
        end = text.indexOf(delimiter, from);
        put(from, end < 0 ? length : end);
      }
      if (end < 0) {
        return true;
      }
      from = end + 1;
    }
  }

  private int closing(int from) {
    int close = line.indexOf(QUOTE, from);
    while (close >= 0 && close + 1 < line.length() && line.charAt(close + 1) == QUOTE) {
      close = line.indexOf(QUOTE, close + 2);
    }
    return close;
  }

  private void put(int start, int end) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    int first = start;
    int last = end;
    while (first < last && line.charAt(first) <= ' ') {
      first++;
    }
    while (last > first && line.charAt(last - 1) <= ' ') {
      last--;
    }
    starts[count] = first;
    ends[count] = last;
    count++;
  }

  /** Returns how many there are, those at the end that are empty too. */
  int count() {
    return count;
  }

  /** Returns one without blanks around it, empty where the line ends before it. */
  String get(int position) {
    return position < 0 || position >= count
        ? ""
        : line.substring(starts[position], ends[position]);
  }
}
