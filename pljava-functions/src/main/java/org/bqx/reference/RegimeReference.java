package org.bqx.reference;

import java.util.Arrays;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.apache.commons.math3.util.FastMath;
import org.bqx.kernel.Bars;

/**
 * The family regime by the formulas as they are written, with Apache Commons Math where it has
 * them. Series over all bars are kept for the next row of the same bars.
 */
public final class RegimeReference implements Reference {

  private static final int HIGH = 1;
  private static final int LOW = 2;
  private static final int DAY = 1_440;
  private static final double TIE = 1e-7;
  private static final double ROUNDING = 1e-12;

  private Bars known;

  /** By bar, from bar 1 on. */
  private double[] trends;

  private double[] ranges;

  /** By bar, from bar 60 on. */
  private double[] deviations;

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    if (bars != known) {
      learn(bars);
    }
    RowBuilder row = new RowBuilder(bars, bar);
    row.add(993, () -> trends[bar]);
    row.add(2_433, () -> age(bar));
    row.add(1_499, () -> rank(deviations, bar));
    row.add(1_499, () -> FastMath.min(2, FastMath.floor(3 * rank(deviations, bar) + 1e-9)));
    row.add(1_956, () -> breakout(bars, bar));
    row.add(199, () -> phase(bars, bar));
    row.add(60, () -> efficiency(Windows.moves(bars, 0, bar, 60)));
    return row.row();
  }

  private void learn(Bars bars) {
    known = bars;
    int count = bars.count();
    double[] rises = new double[count];
    double[] falls = new double[count];
    double[] trueRanges = new double[count];
    deviations = new double[count];
    for (int bar = 1; bar < count; bar++) {
      double up = bars.at(HIGH, bar) - bars.at(HIGH, bar - 1);
      double down = bars.at(LOW, bar - 1) - bars.at(LOW, bar);
      rises[bar] = up > 0 && up - down > TIE ? up : 0;
      falls[bar] = down > 0 && down - up > TIE ? down : 0;
      double close = bars.at(0, bar - 1);
      trueRanges[bar] =
          StatUtils.max(
              new double[] {
                bars.at(HIGH, bar) - bars.at(LOW, bar),
                bars.at(HIGH, bar) - close,
                close - bars.at(LOW, bar)
              });
      if (bar >= 60) {
        double[] logarithms =
            Arrays.stream(Windows.returns(bars, 0, bar, 60)).map(FastMath::log1p).toArray();
        deviations[bar] =
            Windows.isConstant(logarithms) ? 0 : new StandardDeviation().evaluate(logarithms);
      }
    }
    ranges = wilder(trueRanges);
    double[] rise = wilder(rises);
    double[] fall = wilder(falls);
    double[] directions = new double[count];
    for (int bar = 1; bar < count; bar++) {
      directions[bar] =
          rise[bar] + fall[bar] == 0
              ? 0
              : 100 * Math.abs(rise[bar] - fall[bar]) / (rise[bar] + fall[bar]);
    }
    double[] adx = wilder(directions);
    trends = new double[count];
    for (int bar = 1; bar < count; bar++) {
      trends[bar] = trend(adx[bar], 100 * (rise[bar] - fall[bar]), ranges[bar]);
    }
  }

  private static double trend(double adx, double difference, double range) {
    if (range == 0) {
      return Double.NaN;
    }
    int size = adx <= 20 ? 0 : adx <= 25 || Math.abs(difference / range) <= 10 ? 1 : 2;
    return size == 0 ? 0 : Math.signum(difference) * size + 0.0;
  }

  /** Wilder's average of 14, which starts with the value of bar 1. */
  private static double[] wilder(double[] values) {
    double[] averages = values.clone();
    for (int bar = 2; bar < values.length; bar++) {
      averages[bar] = averages[bar - 1] + (values[bar] - averages[bar - 1]) / 14;
      if (averages[bar] < 1e-300) {
        averages[bar] = 0;
      }
    }
    return averages;
  }

  private double age(int bar) {
    for (int back = 0; back <= DAY; back++) {
      if (Double.isNaN(trends[bar - back])) {
        return Double.NaN;
      }
    }
    int age = 0;
    while (age < DAY && trends[bar - age] == trends[bar - age - 1]) {
      age++;
    }
    return age;
  }

  private static double rank(double[] values, int bar) {
    double halves = 0;
    for (int i = bar - DAY + 1; i <= bar; i++) {
      double tie = 1e-10 * values[bar];
      halves += values[i] < values[bar] - tie ? 2 : values[i] <= values[bar] + tie ? 1 : 0;
    }
    return halves / 2 / DAY;
  }

  private double breakout(Bars bars, int bar) {
    int before = bar - 20;
    double move = bars.at(0, bar) - bars.at(0, before);
    boolean quiet = 3 * rank(ranges, before) < 1;
    boolean wider = ranges[bar] > 1.5 * ranges[before];
    boolean far = Math.abs(move) > 2 * ranges[before];
    return quiet && wider && far ? Math.signum(move) : 0;
  }

  /** Means are taken of differences from the close: their sums are exact to the last digits. */
  private static double phase(Bars bars, int bar) {
    double close = bars.at(0, bar);
    double slow = StatUtils.mean(Windows.less(Windows.last(bars, 0, bar, 200), close));
    boolean above = slow < -TIE - ROUNDING * Math.abs(slow + close);
    double now = StatUtils.mean(Windows.less(Windows.last(bars, 0, bar, 50), close));
    double before = StatUtils.mean(Windows.less(Windows.last(bars, 0, bar - 20, 50), close));
    boolean rising = now - before > TIE + ROUNDING * Math.abs(now + close);
    if (above) {
      return rising ? 1 : 2;
    }
    return rising ? 0 : 3;
  }

  private static double efficiency(double[] moves) {
    double path = StatUtils.sum(Arrays.stream(moves).map(Math::abs).toArray());
    return Windows.quotient(Math.abs(StatUtils.sum(moves)), path);
  }
}
