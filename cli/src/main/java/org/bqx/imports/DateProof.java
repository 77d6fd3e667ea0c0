package org.bqx.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Proves whether dates such as 07/01/2024 begin with the day or with the month: by a number above
 * 12, or because times follow each other in one reading and leap by weeks in the other.
 */
final class DateProof {
  private static final Pattern OPEN = Pattern.compile("(\\d{1,2})[/-](\\d{1,2})[/-]\\d{4}.*");
  private static final long LEAP = 5L * Stamp.SECONDS_PER_DAY;
  private static final int MONTHS = 12;

  private final List<String> times = new ArrayList<>();
  private boolean firstIsDay;
  private boolean secondIsDay;

  /** Returns whether a text is such a date. */
  static boolean isOpen(String text) {
    return OPEN.matcher(text).matches();
  }

  void add(String time) {
    Matcher date = OPEN.matcher(time);
    if (date.matches()) {
      firstIsDay |= Integer.parseInt(date.group(1)) > MONTHS;
      secondIsDay |= Integer.parseInt(date.group(2)) > MONTHS;
      times.add(time);
    }
  }

  /** Returns the order, null when it is not proven. */
  DateOrder order() {
    if (firstIsDay != secondIsDay) {
      return firstIsDay ? DateOrder.DMY : DateOrder.MDY;
    }
    boolean dayFirst = follows(DateOrder.DMY);
    boolean monthFirst = follows(DateOrder.MDY);
    if (firstIsDay || dayFirst == monthFirst) {
      return null;
    }
    return dayFirst ? DateOrder.DMY : DateOrder.MDY;
  }

  private boolean follows(DateOrder order) {
    TimeText reading = new TimeText(Zone.utc(), order, false);
    long before = Long.MIN_VALUE;
    for (String text : times) {
      try {
        long time = reading.parse(text);
        if (before != Long.MIN_VALUE && Math.abs(time - before) > LEAP) {
          return false;
        }
        before = time;
      } catch (DefectException bad) {
        before = Long.MIN_VALUE;
      }
    }
    return true;
  }
}
