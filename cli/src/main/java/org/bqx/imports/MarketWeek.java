package org.bqx.imports;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRules;

/**
 * When currencies are traded. The week opens on Monday morning in New Zealand and closes on Friday
 * at 17:00 in New York, each by its own summer time. Some brokers quote from the very first hour,
 * most from Sunday 17:00 in New York.
 */
final class MarketWeek {
  static final long MINUTES_PER_WEEK = 7 * 1440;

  /** 1970-01-01 was a Thursday: four days after a week that begins on Sunday. */
  static final long EPOCH_MINUTE_OF_WEEK = 4 * 1440;

  /** Sunday 17:00 UTC: Monday 06:00 in Auckland while it has summer time. */
  static final long EARLIEST_OPEN = 17 * 60;

  /** Sunday 18:00 UTC: Monday 06:00 in Auckland in its winter. */
  static final long LATEST_OPEN = 18 * 60;

  /** Friday 23:00 UTC, later than any market closes. */
  static final long LATEST_CLOSE = 5 * 1440 + 23 * 60;

  static final String FIRST_MARKET = "Pacific/Auckland";

  private static final long SECONDS_PER_MINUTE = 60;
  private static final int SUMMER_SECONDS = 13 * 3600;
  private static final ZoneRules AUCKLAND = ZoneId.of(FIRST_MARKET).getRules();
  private static final ZoneRules NEW_YORK = ZoneId.of("America/New_York").getRules();
  private static final long NEW_YORK_EVENING = 17 * 60;
  private static final long SUNDAY = 1440;
  private static final long FRIDAY = 5 * 1440;

  private MarketWeek() {}

  /** Returns whether no market in the world is open. */
  static boolean isWeekend(long time) {
    long minute = minuteOfWeek(time);
    if (minute >= LATEST_OPEN && minute < LATEST_CLOSE) {
      return false;
    }
    boolean firstHour = minute >= EARLIEST_OPEN && minute < LATEST_OPEN;
    return !firstHour
        || AUCKLAND.getOffset(Instant.ofEpochSecond(time)).getTotalSeconds() < SUMMER_SECONDS;
  }

  /** Returns whether it is after Friday's close and before Sunday's open in New York. */
  static boolean isClosed(long time) {
    long utc = minuteOfWeek(time);
    if (utc > SUNDAY && utc < FRIDAY) {
      return false;
    }
    int offset = NEW_YORK.getOffset(Instant.ofEpochSecond(time)).getTotalSeconds();
    long minute = minuteOfWeek(time + offset);
    return minute < NEW_YORK_EVENING || minute >= FRIDAY + NEW_YORK_EVENING;
  }

  private static long minuteOfWeek(long time) {
    return Math.floorMod(
        Math.floorDiv(time, SECONDS_PER_MINUTE) + EPOCH_MINUTE_OF_WEEK, MINUTES_PER_WEEK);
  }
}
