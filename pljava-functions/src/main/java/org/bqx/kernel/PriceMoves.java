package org.bqx.kernel;

/** The moves d(t) = x(t) - x(t-1) of rate_index, from bar 1 on. */
final class PriceMoves extends DerivedSeries {

  private final double[] rateIndex;

  PriceMoves(Bars bars) {
    super(1, bars.count());
    rateIndex = bars.values();
  }

  @Override
  void fill(double[] into, int from, int to) {
    for (int bar = from; bar < to; bar++) {
      into[bar] = rateIndex[bar] - rateIndex[bar - 1];
    }
  }
}
