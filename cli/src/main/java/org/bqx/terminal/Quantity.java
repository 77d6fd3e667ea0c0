package org.bqx.terminal;

import java.time.Duration;
import java.util.Locale;

/** Bytes and durations for people. */
public final class Quantity {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

  private Quantity() {}

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
