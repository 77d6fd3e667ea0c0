package org.bqx.imports;

/** What must hold for every bar, whatever it was read from. */
final class BarCheck {
  private static final long SECONDS_PER_MINUTE = 60;
  private static final long FIRST = 0;
  private static final long AFTER_LAST = 4_102_444_800L;

  private BarCheck() {}

  /** Returns what is wrong with the bar, null when nothing is. */
  static String defect(Bar bar) {
    if (Math.floorMod(bar.epochSecond(), SECONDS_PER_MINUTE) != 0) {
      return "time is not on the minute";
    }
    if (bar.epochSecond() < FIRST || bar.epochSecond() >= AFTER_LAST) {
      return "time is outside 1970 to 2099";
    }
    String price =
        firstNonNull(
            price("open", bar.open()),
            price("high", bar.high()),
            price("low", bar.low()),
            price("close", bar.close()));
    if (price != null) {
      return price;
    }
    if (bar.high() < bar.low()) {
      return "high " + bar.high() + " is below low " + bar.low();
    }
    if (bar.open() > bar.high() || bar.open() < bar.low()) {
      return "open " + bar.open() + " is outside " + bar.low() + " to " + bar.high();
    }
    if (bar.close() > bar.high() || bar.close() < bar.low()) {
      return "close " + bar.close() + " is outside " + bar.low() + " to " + bar.high();
    }
    if (bar.volume() < 0 || Double.isInfinite(bar.volume())) {
      return "volume " + bar.volume() + " is not a count";
    }
    return null;
  }

  private static String price(String name, double value) {
    return value > 0 && value < Double.POSITIVE_INFINITY
        ? null
        : name + " " + value + " is not a positive number";
  }

  private static String firstNonNull(String... values) {
    for (String value : values) {
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
