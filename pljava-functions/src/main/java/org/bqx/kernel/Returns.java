package org.bqx.kernel;

/** The one-bar returns r(t) = (z(t) - z(t-1)) / z(t-1) of an input, from bar 1 on. */
final class Returns extends DerivedSeries {

  private final double[] prices;
  private final int offset;

  Returns(Bars bars, int input) {
    super(1, bars.count());
    prices = bars.values();
    offset = input * bars.count();
  }

  @Override
  void fill(double[] into, int from, int to) {
    for (int bar = from; bar < to; bar++) {
      double before = prices[offset + bar - 1];
      into[bar] = (prices[offset + bar] - before) / before + 0.0;
    }
  }
}
