package org.bqx.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Higher-order statistics of returns: shape, spread, information, memory.
 *
 * <p>Input is rate_index x. r is its one-bar return, d its move, l its logarithmic return. A window
 * of W of these ends with the row's bar.
 */
final class StatFamily implements Family {

  static final String NAME = "stat";

  /** The window of the ratios of variances. */
  private static final int LENGTH = 240;

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
    return List.of("rate_index");
  }

  @Override
  public int shortestWindow() {
    return 4;
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    Returns returns = new Returns(bars, 0);
    PriceMoves moves = new PriceMoves(bars);
    List<Columns> columns = new ArrayList<>();
    for (int length : windows) {
      columns.add(new Shape(returns, length));
    }
    for (int length : windows) {
      columns.add(new Deviation(returns, length));
    }
    for (int length : windows) {
      columns.add(new Entropy(moves, length));
    }
    for (int length : windows) {
      columns.add(new Autocorrelation(returns, length));
    }
    columns.add(new Variances(bars, returns));
    return columns;
  }

  private static final class Shape extends ColumnGroup {
    private final Returns returns;
    private final RollingShape shape;

    Shape(Returns returns, int length) {
      super(NAME, length, length, "skewness", "kurtosis");
      this.returns = returns;
      shape = new RollingShape(length);
    }

    @Override
    public void start(int bar) {
      shape.start(returns.from(shape.firstRead(bar)), 0, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        shape.advance(bar);
        shape.compute();
        rows[bar - from][offset] = shape.skewness();
        rows[bar - from][offset + 1] = shape.kurtosis();
      }
    }
  }

  private static final class Deviation extends ColumnGroup {
    private final Returns returns;
    private final int length;
    private final SortedWindow sorted;

    Deviation(Returns returns, int length) {
      super(NAME, length, length, "mad");
      this.returns = returns;
      this.length = length;
      sorted = new SortedWindow(length);
    }

    @Override
    public void start(int bar) {
      double[] r = returns.from(bar - length);
      sorted.start(r, 0, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        sorted.advance(bar);
        rows[bar - from][offset] = sorted.medianDeviation();
      }
    }
  }

  private static final class Entropy extends ColumnGroup {
    private final PriceMoves moves;
    private final RollingEntropy entropy;

    Entropy(PriceMoves moves, int length) {
      super(NAME, length, length, "entropy");
      this.moves = moves;
      entropy = new RollingEntropy(length);
    }

    @Override
    public void start(int bar) {
      entropy.start(moves.from(entropy.firstRead(bar)), bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        rows[bar - from][offset] = entropy.entropy(bar);
      }
    }
  }

  /** Pearson's correlation of r(i) and r(i-1) over the W-1 pairs of W returns. */
  private static final class Autocorrelation extends ColumnGroup {
    private final Returns returns;
    private final RollingProducts products;

    Autocorrelation(Returns returns, int length) {
      super(NAME, length, length, "autocorr");
      this.returns = returns;
      products = new RollingProducts(length - 1);
    }

    @Override
    public void start(int bar) {
      double[] r = returns.from(products.firstRead(bar) - 1);
      products.start(r, 0, r, -1, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        products.advance(bar);
        rows[bar - from][offset] = products.correlation() + 0.0;
      }
    }
  }

  /**
   * How the variance of sums of q returns grows with q. With m the mean l of the n = 240 bars, N =
   * n-q+1, and V(q) = &Sigma;(s(q) - qm)&sup2; over the N sums s(q) of q neighbours:
   *
   * <pre>
   *   variance ratio = V(q) / (q N (1 - q/n)) over V(1) / (n-1)      (Lo and MacKinlay 1988)
   *   hurst          = least-squares slope of ln sqrt(V(q) / N) on ln q, q = 1, 2, 4, 8, 16, 32
   * </pre>
   *
   * V(q) = (N-1) var s(q) + N (mean s(q) - qm)&sup2;.
   */
  private static final class Variances extends ColumnGroup {
    private static final int[] POWERS = {1, 2, 4, 8, 16, 32};

    private final DerivedSeries[] sums = new DerivedSeries[POWERS.length];
    private final RollingMoments[] moments = new RollingMoments[POWERS.length];
    private final DerivedSeries sums5;
    private final DerivedSeries sums15;
    private final RollingMoments moments5 = new RollingMoments(LENGTH - 4);
    private final RollingMoments moments15 = new RollingMoments(LENGTH - 14);

    Variances(Bars bars, Returns returns) {
      super(NAME, LENGTH, LENGTH, "variance_ratio5", "variance_ratio15", "hurst");
      sums[0] = new LogarithmicReturns(bars, returns);
      for (int i = 1; i < POWERS.length; i++) {
        sums[i] = new LaggedSum(bars, POWERS[i], sums[i - 1], sums[i - 1], POWERS[i - 1]);
      }
      for (int i = 0; i < POWERS.length; i++) {
        moments[i] = new RollingMoments(LENGTH - POWERS[i] + 1);
      }
      sums5 = new LaggedSum(bars, 5, sums[2], sums[0], 4);
      // 15 = 5 + 5 + 5
      DerivedSeries sums10 = new LaggedSum(bars, 10, sums5, sums5, 5);
      sums15 = new LaggedSum(bars, 15, sums10, sums5, 10);
    }

    @Override
    public void start(int bar) {
      for (int i = 0; i < POWERS.length; i++) {
        start(moments[i], sums[i], bar);
      }
      start(moments5, sums5, bar);
      start(moments15, sums15, bar);
    }

    private static void start(RollingMoments moments, DerivedSeries series, int bar) {
      moments.start(series.from(moments.firstRead(bar)), 0, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        for (RollingMoments each : moments) {
          each.advance(bar);
        }
        moments5.advance(bar);
        moments15.advance(bar);
        double[] row = rows[bar - from];
        double mean = moments[0].mean();
        double variance = moments[0].variance();
        if (variance == 0) {
          row[offset] = Double.NaN;
          row[offset + 1] = Double.NaN;
          row[offset + 2] = Double.NaN;
        } else {
          row[offset] = deviations(moments5, 5, mean) / scale(5) / variance;
          row[offset + 1] = deviations(moments15, 15, mean) / scale(15) / variance;
          row[offset + 2] = slope(mean);
        }
      }
    }

    /** &Sigma;(s(q) - qm)&sup2;. */
    private static double deviations(RollingMoments moments, int q, double mean) {
      double gap = moments.mean() - q * mean;
      return (moments.length - 1) * moments.variance() + moments.length * (gap * gap);
    }

    private static double scale(int q) {
      return q * (LENGTH - q + 1.0) * (1 - (double) q / LENGTH);
    }

    private double slope(double mean) {
      double sum = 0;
      for (int i = 0; i < POWERS.length; i++) {
        double square = deviations(moments[i], POWERS[i], mean) / moments[i].length;
        if (square == 0) {
          return Double.NaN;
        }
        // ln q = i ln 2; i is 2.5 in the mean, and the squares of i - 2.5 add up to 17.5.
        sum += (i - 2.5) * StrictMath.log(square);
      }
      return sum / (2 * 17.5 * StrictMath.log(2)) + 0.0;
    }
  }
}
