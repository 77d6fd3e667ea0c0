package org.bqx.kernel;

/** A series and a lagged one, added: sums over p bars and over q bars make those over p + q. */
final class LaggedSum extends DerivedSeries {

  private final DerivedSeries near;
  private final DerivedSeries far;
  private final int lag;

  /**
   * @param first the first bar that has a value
   * @param near bar t adds its value at t
   * @param far and this its value at t - lag
   */
  LaggedSum(Bars bars, int first, DerivedSeries near, DerivedSeries far, int lag) {
    super(first, bars.count());
    this.near = near;
    this.far = far;
    this.lag = lag;
  }

  @Override
  void fill(double[] into, int from, int to) {
    double[] a = near.from(from);
    double[] b = far.from(from - lag);
    for (int bar = from; bar < to; bar++) {
      into[bar] = a[bar] + b[bar - lag];
    }
  }
}
