package org.bqx.kernel;

/**
 * Wilder's directional movement, from bar 1 on. With u = high(t) - high(t-1) and w = low(t-1) -
 * low(t),
 *
 * <pre>
 *   +DM = u if u - w &gt; tie and u &gt; 0, else 0
 *   -DM = w if w - u &gt; tie and w &gt; 0, else 0
 *   +DI = 100 W(+DM) / W(TR),   -DI = 100 W(-DM) / W(TR)
 *   DX  = 100 abs(W(+DM) - W(-DM)) / (W(+DM) + W(-DM))
 * </pre>
 *
 * W being Wilder's average and tie {@link Candles#TIE}: equal moves count for neither side, and
 * rounding must not decide which are equal.
 */
final class DirectionalMovement {

  private final Candles candles;
  private final Average rises;
  private final Average falls;
  private final Average ranges;

  DirectionalMovement(Candles candles, int length) {
    this.candles = candles;
    rises = Average.wilder(length);
    falls = Average.wilder(length);
    ranges = Average.wilder(length);
  }

  void reset() {
    rises.reset();
    falls.reset();
    ranges.reset();
  }

  void take(int bar) {
    if (bar == 0) {
      return;
    }
    double up = candles.high(bar) - candles.high(bar - 1);
    double down = candles.low(bar - 1) - candles.low(bar);
    rises.take(up - down > Candles.TIE && up > 0 ? up : 0);
    falls.take(down - up > Candles.TIE && down > 0 ? down : 0);
    ranges.take(candles.trueRange(bar));
  }

  /** +DI; NaN where the true range has been 0. */
  double plus() {
    return share(rises.value());
  }

  /** -DI; NaN where the true range has been 0. */
  double minus() {
    return share(falls.value());
  }

  private double share(double moves) {
    double range = ranges.value();
    return range == 0 ? Double.NaN : 100 * moves / range;
  }

  /** DX; 0 where there has been no directional move. */
  double strength() {
    double both = rises.value() + falls.value();
    return both == 0 ? 0 : 100 * Math.abs(rises.value() - falls.value()) / both;
  }
}
