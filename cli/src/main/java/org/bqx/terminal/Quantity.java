package org.bqx.terminal;

import java.time.Duration;
import java.util.Locale;

/** Counts, bytes and durations for people. */
public final class Quantity {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

  private Quantity() {}

  /**
   * Returns a count and what is counted, as {@code 1 row} or {@code 1,440 rows}.
   *
   * @param what in the singular; an English plural is made of it
   */
  public static String of(long count, String what) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? what : plural(what));
  }

  private static String plural(String what) {
    if (what.endsWith("ix")) {
      return what.substring(0, what.length() - 1) + "ces";
    }
    return what.endsWith("y") && !what.endsWith("ay")
        ? what.substring(0, what.length() - 1) + "ies"
        : what + "s";
  }

  /** Returns {@code first, and 2 others}; the first alone where there are no others. */
  public static String withOthers(String first, long others) {
    return others == 0 ? first : first + ", and " + of(others, "other");
  }

  /** Returns bytes in units of 1024 as {@code 1.4 GB}; {@code ?} for null. */
  public static String bytes(Long bytes) {
    if (bytes == null) {
      return "?";
    }
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(
        Locale.ROOT, value >= 100 || unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }

  /** Returns seconds as {@code 4.2 s}, {@code 3:05} or {@code 2h07m}; {@code -} for null. */
  public static String duration(Double seconds) {
    if (seconds == null) {
      return "-";
    }
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    Duration duration = Duration.ofSeconds(Math.round(seconds));
    return duration.toHours() > 0
        ? String.format(Locale.ROOT, "%dh%02dm", duration.toHours(), duration.toMinutesPart())
        : String.format(Locale.ROOT, "%d:%02d", duration.toMinutes(), duration.toSecondsPart());
  }
}
