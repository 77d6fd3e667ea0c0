package org.bqx.kernel;

import java.util.Arrays;
import java.util.List;

/**
 * Where a bar lies in the day and the week, by UTC, so that the bits do not depend on the version
 * of a table of time zones.
 *
 * <p>Inputs are rate_index and the bar's time in whole minutes since 1970, ascending.
 */
final class TimeFamily implements Family {

  static final String NAME = "time";

  private static final int MINUTE = 1;
  private static final int DAY = 1_440;
  private static final int WEEK = 7 * DAY;

  /** 1970 began on a Thursday. */
  private static final int MONDAY = 3 * DAY;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int revision() {
    return 1;
  }

  @Override
  public List<String> inputNames() {
    return List.of("rate_index", "minute");
  }

  @Override
  public int shortestWindow() {
    return 0;
  }

  @Override
  public String defect(Bars bars) {
    for (int bar = 0; bar < bars.count(); bar++) {
      double minute = bars.at(MINUTE, bar);
      if (minute != Math.rint(minute) || Math.abs(minute) > Integer.MAX_VALUE) {
        return describe(minute, bar, "a whole number of minutes since 1970");
      }
      if (bar > 0 && !(minute > bars.at(MINUTE, bar - 1))) {
        return describe(minute, bar, "after that of the bar before");
      }
    }
    return null;
  }

  private String describe(double minute, int bar, String wanted) {
    return inputName(MINUTE) + " is " + minute + " at bar " + (bar + 1) + ": must be " + wanted;
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    return List.of(new Clock(bars), new Gap(bars));
  }

  private static final class Clock extends ColumnGroup {
    private final double[] values;
    private final int count;

    private final Circle day = new Circle(DAY);
    private final Circle week = new Circle(WEEK);

    Clock(Bars bars) {
      super(
          NAME,
          0,
          0,
          "hour_sin",
          "hour_cos",
          "dow_sin",
          "dow_cos",
          "session_overlap",
          "weekend_approach",
          "minutes_since_open",
          "session");
      values = bars.values();
      count = bars.count();
    }

    @Override
    public void start(int bar) {
      day.clear();
      week.clear();
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        long minute = (long) values[MINUTE * count + bar];
        int ofDay = Math.floorMod(minute, DAY);
        int ofWeek = Math.floorMod(minute + MONDAY, WEEK);
        int hour = ofDay / 60;
        double[] row = rows[bar - from];
        row[offset] = day.sin(ofDay);
        row[offset + 1] = day.cos(ofDay);
        row[offset + 2] = week.sin(ofWeek);
        row[offset + 3] = week.cos(ofWeek);
        row[offset + 4] = hour >= 13 && hour < 16 ? 1 : 0;
        row[offset + 5] = ofWeek >= 4 * DAY + 16 * 60 && ofWeek < 6 * DAY ? 1 : 0;
        row[offset + 6] = ofDay - 60 * (hour < 8 ? 0 : hour < 13 ? 8 : 13);
        row[offset + 7] = session(hour);
      }
    }

    /** 0 Asia, 1 London, 3 London and New York, 2 New York, 4 neither. */
    private static int session(int hour) {
      if (hour < 13) {
        return hour < 8 ? 0 : 1;
      }
      if (hour < 16) {
        return 3;
      }
      return hour < 21 ? 2 : 4;
    }
  }

  /** Sine and cosine of the n-th parts of a circle, each computed when it is first asked for. */
  private static final class Circle {
    private final int parts;
    private double[] sines;
    private double[] cosines;

    Circle(int parts) {
      this.parts = parts;
    }

    void clear() {
      sines = new double[parts];
      cosines = new double[parts];
      Arrays.fill(sines, Double.NaN);
    }

    double sin(int part) {
      fill(part);
      return sines[part];
    }

    double cos(int part) {
      fill(part);
      return cosines[part];
    }

    private void fill(int part) {
      if (Double.isNaN(sines[part])) {
        double angle = 2 * Math.PI * part / parts;
        sines[part] = StrictMath.sin(angle);
        cosines[part] = StrictMath.cos(angle);
      }
    }
  }

  /** Minutes since the bar before. */
  private static final class Gap extends ColumnGroup {
    private final double[] values;
    private final int count;

    Gap(Bars bars) {
      super(NAME, 0, 1, "gap_minutes");
      values = bars.values();
      count = bars.count();
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        int time = MINUTE * count + bar;
        rows[bar - from][offset] = values[time] - values[time - 1];
      }
    }
  }
}
