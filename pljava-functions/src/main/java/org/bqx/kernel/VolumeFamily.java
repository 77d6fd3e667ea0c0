package org.bqx.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Volume beside its own past, and beside the moves of the price.
 *
 * <p>Inputs are rate_index x and volume v, which is not negative and may be absent. r is the
 * one-bar return of x. A window ends with the row's bar; one that holds an absent volume has no
 * values.
 */
final class VolumeFamily implements Family {

  static final String NAME = "volume";

  private static final int VOLUME = 1;
  private static final int LENGTH = 60;

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
    return List.of("rate_index", "volume");
  }

  @Override
  public int shortestWindow() {
    return 1;
  }

  @Override
  public String defect(Bars bars) {
    return NotNegative.defect(this, bars, VOLUME);
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    List<Columns> columns = new ArrayList<>();
    for (int length : windows) {
      columns.add(new Ratio(bars, length));
    }
    columns.add(new Past(bars));
    columns.add(new Moves(bars));
    columns.add(new Spread(bars));
    return columns;
  }

  /** v(t) / mean v. */
  private static final class Ratio extends ColumnGroup {
    private final double[] values;
    private final int volume;
    private final int length;
    private final BlockSums sum;

    Ratio(Bars bars, int length) {
      super(NAME, length, length - 1, "ratio");
      values = bars.values();
      volume = VOLUME * bars.count();
      this.length = length;
      sum = new BlockSums(length, 1);
    }

    @Override
    public void start(int bar) {
      sum.start(values, volume, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        sum.take(values[volume + bar]);
        double total = sum.sum(0);
        rows[bar - from][offset] = total == 0 ? Double.NaN : values[volume + bar] * length / total;
      }
    }
  }

  /** Spike, slope over mean, and sum, of 60 bars. */
  private static final class Past extends ColumnGroup {
    private final double[] values;
    private final int volume;
    private final BlockSums sum = new BlockSums(LENGTH, 1);
    private final RollingSlope slope = new RollingSlope(LENGTH);

    Past(Bars bars) {
      super(NAME, LENGTH, LENGTH - 1, "spike", "slope", "cumulative");
      values = bars.values();
      volume = VOLUME * bars.count();
    }

    @Override
    public void start(int bar) {
      sum.start(values, volume, bar);
      slope.start(values, volume, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        sum.take(values[volume + bar]);
        slope.advance(bar);
        double total = sum.sum(0);
        double[] row = rows[bar - from];
        if (total > 0) {
          // v > 2 mean v: exact where volumes are whole.
          row[offset] = values[volume + bar] * (LENGTH / 2) > total ? 1 : 0;
          row[offset + 1] = slope.slope() * LENGTH / total + 0.0;
        } else {
          row[offset] = Double.NaN;
          row[offset + 1] = Double.NaN;
        }
        row[offset + 2] = total;
      }
    }
  }

  /** &Sigma;rv / &Sigma;v, and the correlation of v and abs(r), of 60 bars. */
  private static final class Moves extends ColumnGroup {
    private final double[] values;
    private final int volume;
    private final Returns returns;
    private final BlockSums sum = new BlockSums(LENGTH, 1);
    private final BlockSums weighted = new BlockSums(LENGTH, 1);
    private final RollingProducts products = new RollingProducts(LENGTH);
    private final DerivedSeries weights;
    private final DerivedSeries moves;
    private double[] weightedReturns;

    Moves(Bars bars) {
      super(NAME, LENGTH, LENGTH, "weighted_return", "price_corr");
      values = bars.values();
      volume = VOLUME * bars.count();
      returns = new Returns(bars, 0);
      weights = new WeightedReturns(bars, returns);
      moves = new AbsoluteReturns(bars, returns);
    }

    @Override
    public void start(int bar) {
      int first = sum.firstBar(bar);
      weightedReturns = weights.from(first);
      sum.start(values, volume, bar);
      weighted.start(weightedReturns, 0, bar);
      products.start(values, volume, moves.from(first), 0, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        sum.take(values[volume + bar]);
        weighted.take(weightedReturns[bar]);
        products.advance(bar);
        double total = sum.sum(0);
        double[] row = rows[bar - from];
        row[offset] = total == 0 ? Double.NaN : weighted.sum(0) / total + 0.0;
        row[offset + 1] = products.correlation() + 0.0;
      }
    }
  }

  private static final class WeightedReturns extends DerivedSeries {
    private final Returns returns;
    private final double[] values;
    private final int volume;

    WeightedReturns(Bars bars, Returns returns) {
      super(1, bars.count());
      this.returns = returns;
      values = bars.values();
      volume = VOLUME * bars.count();
    }

    @Override
    void fill(double[] into, int from, int to) {
      double[] r = returns.from(from);
      for (int bar = from; bar < to; bar++) {
        into[bar] = r[bar] * values[volume + bar];
      }
    }
  }

  private static final class AbsoluteReturns extends DerivedSeries {
    private final Returns returns;

    AbsoluteReturns(Bars bars, Returns returns) {
      super(1, bars.count());
      this.returns = returns;
    }

    @Override
    void fill(double[] into, int from, int to) {
      double[] r = returns.from(from);
      for (int bar = from; bar < to; bar++) {
        into[bar] = Math.abs(r[bar]);
      }
    }
  }

  /** (v - min) / (max - min), and stdev over mean, of 60 bars. */
  private static final class Spread extends ColumnGroup {
    private final double[] values;
    private final int volume;
    private final BlockSums sum = new BlockSums(LENGTH, 1);
    private final RollingMoments moments = new RollingMoments(LENGTH);
    private final RollingExtremes extremes = new RollingExtremes(LENGTH);

    Spread(Bars bars) {
      super(NAME, LENGTH, LENGTH - 1, "position", "volatility");
      values = bars.values();
      volume = VOLUME * bars.count();
    }

    @Override
    public void start(int bar) {
      sum.start(values, volume, bar);
      moments.start(values, volume, bar);
      extremes.start(values, volume, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        sum.take(values[volume + bar]);
        moments.advance(bar);
        extremes.advance(bar);
        double low = extremes.min();
        double range = extremes.max() - low;
        double total = sum.sum(0);
        double[] row = rows[bar - from];
        row[offset] = range == 0 ? Double.NaN : (values[volume + bar] - low) / range;
        row[offset + 1] = total == 0 ? Double.NaN : moments.stdev() * LENGTH / total;
      }
    }
  }
}
