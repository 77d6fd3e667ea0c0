package org.bqx.imports;

/**
 * Times as people and programs write them: seconds, milliseconds, microseconds or nanoseconds since
 * 1970, or a date and a time of day in one of many forms. Every line of a file has the form that
 * was found in its first lines.
 */
final class TimeText {
  private static final String FORM = "a time";
  private static final int SECONDS_DIGITS = 10;
  private static final int MILLIS_DIGITS = 13;
  private static final int MICROS_DIGITS = 16;
  private static final int NANOS_DIGITS = 19;
  private static final int DATE_DIGITS = 8;
  private static final int MINUTE_DIGITS = 12;
  private static final int SECOND_DIGITS = 14;
  private static final int NOON = 12;

  private final Zone zone;
  private final DateOrder order;
  private final boolean localCounts;
  private boolean fraction;
  private boolean named;
  private boolean counted;

  /**
   * @param zone of times that name none
   * @param order of dates such as 07/01/2024, null where none is known
   * @param localCounts whether counts since 1970 are of the zone's clock, too
   */
  TimeText(Zone zone, DateOrder order, boolean localCounts) {
    this.zone = zone;
    this.order = order;
    this.localCounts = localCounts;
  }

  /** Returns whether the time read last was not a whole second. */
  boolean hasFraction() {
    return fraction;
  }

  /** Returns whether the time read last named its own zone. */
  boolean isNamed() {
    return named;
  }

  /** Returns whether the time read last was a count since 1970. */
  boolean isCount() {
    return counted;
  }

  /** Returns whole seconds since 1970-01-01 UTC. */
  long parse(String text) throws DefectException {
    fraction = false;
    named = false;
    counted = false;
    int digits = 0;
    while (digits < text.length() && isDigit(text.charAt(digits))) {
      digits++;
    }
    if (digits == text.length() || text.charAt(digits) == '.' && digits >= SECONDS_DIGITS) {
      switch (digits) {
        case SECONDS_DIGITS, MILLIS_DIGITS, MICROS_DIGITS, NANOS_DIGITS:
          return count(text, digits);
        default:
          break;
      }
    }
    Stamp stamp = new Stamp(text, FORM);
    long local = date(stamp, digits);
    if (!stamp.atEnd()) {
      boolean packed = digits >= MINUTE_DIGITS;
      if (!packed && !stamp.take('T')) {
        stamp.take(' ');
      }
      local += timeOfDay(stamp, packed ? digits - DATE_DIGITS : -1);
    }
    return zoned(stamp, local);
  }

  /** Returns seconds since 1970-01-01 UTC of a date and a time in fields of their own. */
  long parse(String date, String time) throws DefectException {
    return parse(date + ' ' + time);
  }

  private long count(String text, int digits) throws DefectException {
    named = true;
    counted = true;
    Stamp stamp = new Stamp(text, FORM);
    long seconds = 0;
    for (int i = 0; i < SECONDS_DIGITS; i++) {
      seconds = seconds * 10 + stamp.digits(1);
    }
    for (int i = SECONDS_DIGITS; i < digits; i++) {
      fraction |= stamp.digits(1) > 0;
    }
    fraction |= stamp.hasFraction();
    stamp.end();
    return localCounts ? zone.toEpochSecond(seconds) : seconds;
  }

  private long date(Stamp stamp, int digits) throws DefectException {
    if (digits == DATE_DIGITS || digits == MINUTE_DIGITS || digits == SECOND_DIGITS) {
      return stamp.day(stamp.digits(4), stamp.digits(2), stamp.digits(2));
    }
    if (digits == 4) {
      int year = stamp.digits(4);
      char separator = separator(stamp);
      int month = stamp.oneOrTwoDigits();
      stamp.skip(separator);
      return stamp.day(year, month, stamp.oneOrTwoDigits());
    }
    int first = stamp.oneOrTwoDigits();
    char separator = separator(stamp);
    int second = stamp.oneOrTwoDigits();
    stamp.skip(separator);
    int year = stamp.digits(4);
    // Dots are of countries that name the day first.
    if (separator == '.' || order == DateOrder.DMY) {
      return stamp.day(year, second, first);
    }
    if (order == DateOrder.MDY) {
      return stamp.day(year, first, second);
    }
    throw stamp.defect();
  }

  private static char separator(Stamp stamp) throws DefectException {
    for (char c : new char[] {'-', '.', '/'}) {
      if (stamp.take(c)) {
        return c;
      }
    }
    throw stamp.defect();
  }

  /**
   * @param packed how many digits without colons there are, negative where that is to be seen
   */
  private long timeOfDay(Stamp stamp, int packed) throws DefectException {
    int hour = packed > 0 ? stamp.digits(2) : stamp.oneOrTwoDigits();
    boolean colons = stamp.take(':');
    int minute = stamp.digits(2);
    int second = 0;
    if (colons ? stamp.take(':') : stamp.atDigit()) {
      second = stamp.digits(2);
      fraction = stamp.hasFraction();
      if (stamp.take(',')) {
        while (stamp.atDigit()) {
          fraction |= stamp.digits(1) > 0;
        }
      } else {
        // HistData and others put milliseconds right behind the seconds.
        while (!colons && stamp.atDigit()) {
          fraction |= stamp.digits(1) > 0;
        }
      }
    }
    stamp.take(' ');
    boolean afternoon = stamp.takeWord("PM");
    if (afternoon || stamp.takeWord("AM")) {
      if (hour < 1 || hour > NOON) {
        throw stamp.defect();
      }
      hour = hour % NOON + (afternoon ? NOON : 0);
      stamp.take(' ');
    }
    return stamp.seconds(hour, minute, second);
  }

  private long zoned(Stamp stamp, long local) throws DefectException {
    if (stamp.atEnd()) {
      return zone.toEpochSecond(local);
    }
    named = true;
    if (stamp.takeWord("Z") || stamp.takeWord("UTC") || stamp.takeWord("GMT")) {
      if (stamp.atEnd()) {
        return local;
      }
    }
    long time = local - stamp.offset();
    stamp.end();
    return time;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
