package org.bqx.kernel;

/** The logarithmic returns ln(x(t) / x(t-1)) of rate_index, from bar 1 on. */
final class LogarithmicReturns extends DerivedSeries {

  private final Returns returns;

  LogarithmicReturns(Bars bars, Returns returns) {
    super(1, bars.count());
    this.returns = returns;
  }

  @Override
  void fill(double[] into, int from, int to) {
    double[] r = returns.from(from);
    for (int bar = from; bar < to; bar++) {
      into[bar] = StrictMath.log1p(r[bar]);
    }
  }
}
