package org.bqx.reference;

import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.TimeZone;
import org.apache.commons.math3.util.FastMath;
import org.bqx.kernel.Bars;

/** The family time by the platform's calendar. */
public final class TimeReference implements Reference {

  private static final int MINUTE = 1;

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    Calendar time = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
    time.setTimeInMillis((long) bars.at(MINUTE, bar) * 60_000);
    int hour = time.get(Calendar.HOUR_OF_DAY);
    int minuteOfDay = 60 * hour + time.get(Calendar.MINUTE);
    int day = time.get(Calendar.DAY_OF_WEEK);
    int daysSinceMonday = (day + 7 - Calendar.MONDAY) % 7;
    double ofDay = 2 * Math.PI * minuteOfDay / 1_440;
    double ofWeek = 2 * Math.PI * (1_440 * daysSinceMonday + minuteOfDay) / 10_080;
    RowBuilder row = new RowBuilder(bars, bar);
    row.add(0, () -> FastMath.sin(ofDay));
    row.add(0, () -> FastMath.cos(ofDay));
    row.add(0, () -> FastMath.sin(ofWeek));
    row.add(0, () -> FastMath.cos(ofWeek));
    row.add(0, () -> hour == 13 || hour == 14 || hour == 15 ? 1 : 0);
    row.add(0, () -> day == Calendar.SATURDAY || day == Calendar.FRIDAY && hour >= 16 ? 1 : 0);
    row.add(0, () -> minuteOfDay - (minuteOfDay >= 780 ? 780 : minuteOfDay >= 480 ? 480 : 0));
    row.add(0, () -> hour >= 21 ? 4 : hour >= 16 ? 2 : hour >= 13 ? 3 : hour >= 8 ? 1 : 0);
    row.add(1, () -> bars.at(MINUTE, bar) - bars.at(MINUTE, bar - 1));
    return row.row();
  }
}
