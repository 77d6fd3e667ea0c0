package org.bqx.kernel;

/**
 * Wilder's parabolic stop and reverse (0.02, 0.02, 0.2), as TA-Lib computes it, from bar 1 on.
 *
 * <p>Its state is a side, a stop, the extreme e since the turn and a factor a. At bar 1 it is short
 * if the low fell, and by more than the high rose; else long. Long, each bar:
 *
 * <pre>
 *   low(t) &le; stop: turn; stop = max(e, high(t-1), high(t)), a = 0.02, e = low(t)
 *   else high(t) &gt; e: e = high(t), a = min(a + 0.02, 0.2)
 *   (stop and side are the row's)
 *   stop = min(stop + a (e - stop), low(t-1), low(t))
 * </pre>
 *
 * Short, it is the mirror image. The stop of the last line, which is the next bar's, is bounded on
 * the side of the turn, if there was one.
 */
final class ParabolicStop {

  private static final double STEP = 0.02;
  private static final double GREATEST = 0.2;

  private final Candles candles;
  private boolean rising;
  private double next;
  private double extreme;
  private double factor;
  private double level;

  ParabolicStop(Candles candles) {
    this.candles = candles;
  }

  void take(int bar) {
    if (bar == 0) {
      return;
    }
    int before = bar;
    if (bar == 1) {
      begin();
    } else {
      before = bar - 1;
    }
    double high = candles.high(bar);
    double low = candles.low(bar);
    double highest = Math.max(candles.high(before), high);
    double lowest = Math.min(candles.low(before), low);
    level = next;
    if (rising ? low <= level : high >= level) {
      level = rising ? Math.max(extreme, highest) : Math.min(extreme, lowest);
      rising = !rising;
      factor = STEP;
      extreme = rising ? high : low;
    } else if (rising ? high > extreme : low < extreme) {
      extreme = rising ? high : low;
      factor = Math.min(factor + STEP, GREATEST);
    }
    next = level + factor * (extreme - level);
    next = rising ? Math.min(next, lowest) : Math.max(next, highest);
  }

  private void begin() {
    double up = candles.high(1) - candles.high(0);
    double down = candles.low(0) - candles.low(1);
    rising = !(down > 0 && down > up);
    next = rising ? candles.low(0) : candles.high(0);
    extreme = rising ? candles.high(1) : candles.low(1);
    factor = STEP;
  }

  /** The stop of the bar taken in last, after a turn. */
  double level() {
    return level;
  }

  /** 1 long, -1 short, after a turn. */
  int side() {
    return rising ? 1 : -1;
  }
}
