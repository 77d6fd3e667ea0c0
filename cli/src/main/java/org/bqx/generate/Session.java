package org.bqx.generate;

/** The trading week: when the market is open, and how lively it is by the hour of the day (UTC). */
final class Session {
  static final int MINUTES_PER_DAY = 1440;

  private static final int SUNDAY_OPEN = 22 * 60;
  private static final int FRIDAY_CLOSE = 5 * MINUTES_PER_DAY + 22 * 60;

  /** 1970-01-01 was a Thursday, the fifth day of a week that begins on Sunday. */
  private static final int EPOCH_DAY_OF_WEEK = 4;

  /** Quiet after New York, liveliest while London and New York are both open. */
  private static final double[] ACTIVITY_BY_HOUR = {
    0.8, 0.9, 0.8, 0.7, 0.7, 0.7, 0.9, 1.3, 1.5, 1.4, 1.2, 1.1,
    1.5, 1.8, 1.8, 1.6, 1.3, 1.0, 0.9, 0.8, 0.7, 0.5, 0.5, 0.6
  };

  private Session() {}

  /**
   * Returns the standard deviation of a minute's return relative to an average minute's, 0 while
   * the market is closed: Friday 22:00 to Sunday 22:00.
   *
   * @param epochDay days since 1970-01-01
   * @param minute minute of that day, 0 to 1439
   */
  static double activity(long epochDay, int minute) {
    long dayOfWeek = Math.floorMod(epochDay + EPOCH_DAY_OF_WEEK, 7L);
    long minuteOfWeek = dayOfWeek * MINUTES_PER_DAY + minute;
    boolean open = minuteOfWeek >= SUNDAY_OPEN && minuteOfWeek < FRIDAY_CLOSE;
    return open ? ACTIVITY_BY_HOUR[minute / 60] : 0;
  }
}
