package org.bqx.imports;

/** What must hold for a bar, whatever it was read from, and next to the bar before it. */
final class BarCheck {
  static final String OFF_THE_MINUTE = "time is not on the minute";

  private static final long SECONDS_PER_MINUTE = 60;

  /** No spread is so wide; a lost decimal point is further. */
  private static final double QUOTE_FACTOR = 2;

  private static final long FIRST = 0;
  private static final long AFTER_LAST = 4_102_444_800L;

  private final ImportRules rules;
  private double lastClose;

  BarCheck(ImportRules rules) {
    this.rules = rules;
  }

  /** Sets the price that the first bar is measured by. */
  void expect(double price) {
    lastClose = price;
  }

  /** Returns what is wrong with the bar, null when nothing is: then it is the last one. */
  String defect(Bar bar) {
    String defect = defectOfTime(bar.epochSecond());
    if (defect == null) {
      defect = defectOfValues(bar);
    }
    if (defect == null) {
      defect = jump(bar);
    }
    if (defect == null) {
      lastClose = bar.close();
    }
    return defect;
  }

  private String defectOfTime(long time) {
    if (Math.floorMod(time, SECONDS_PER_MINUTE) != 0) {
      return OFF_THE_MINUTE;
    }
    if (time < FIRST || time >= AFTER_LAST) {
      return "time is outside 1970 to 2099";
    }
    return rules.weekend() == Weekend.REJECT && MarketWeek.isWeekend(time)
        ? "time is on a weekend, when no market is open"
        : null;
  }

  private String jump(Bar bar) {
    double reference = lastClose == 0 ? bar.open() : lastClose;
    double factor = rules.maxJump();
    if (bar.high() > reference * factor) {
      return "high " + bar.high() + " is a jump from " + reference;
    }
    return bar.low() * factor < reference
        ? "low " + bar.low() + " is a jump from " + reference
        : null;
  }

  /** Returns what is wrong with a bar's values among themselves, null when nothing is. */
  static String defectOfValues(Bar bar) {
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
    String quote =
        firstNonNull(quote("bid", bar.bidClose(), bar), quote("ask", bar.askClose(), bar));
    if (quote != null) {
      return quote;
    }
    if (bar.volume() < 0 || Double.isInfinite(bar.volume())) {
      return "volume " + bar.volume() + " is not a count";
    }
    return null;
  }

  private static String quote(String name, double value, Bar bar) {
    if (Double.isNaN(value)) {
      return null;
    }
    String price = price(name, value);
    boolean far =
        price == null && (value > bar.close() * QUOTE_FACTOR || value * QUOTE_FACTOR < bar.close());
    return far ? name + " " + value + " is far from close " + bar.close() : price;
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
