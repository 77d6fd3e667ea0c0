package org.bqx.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Realized volatility of a bar, from closes and from the range. Inputs are x, open, high and low; a
 * window of W bars ends with the row's bar.
 *
 * <p>With u = ln(high/open), w = ln(low/open), c = ln(x/open), g = ln(open(t)/x(t-1)), l =
 * ln(x(t)/x(t-1)), all by log1p, and s&sup2; a sample variance:
 *
 * <pre>
 *   close           = s(l)
 *   parkinson       = sqrt(&Sigma; ln&sup2;(high/low) / (4 W ln 2))
 *   garman_klass    = sqrt(mean(ln&sup2;(high/low) / 2 - (2 ln 2 - 1) c&sup2;))
 *   rogers_satchell = sqrt(mean(max(0, u (u - c) + w (w - c))))
 *   yang_zhang      = sqrt(s&sup2;(g) + k s&sup2;(c) + (1 - k) rogers_satchell&sup2;)
 *                     k = 0.34 / (1.34 + (W+1)/(W-1))
 *   bipower         = sqrt(&pi;/2 mean(abs(l(i) l(i-1)))) over the 59 neighbours in 60 bars
 *   jump            = max(0, 1 - bipower&sup2; / mean(l&sup2;)), 60 bars
 *   ratio           = close of 20 bars / close of 240 bars
 * </pre>
 *
 * <p>Parkinson (1980); Garman and Klass (1980); Rogers and Satchell (1991); Yang and Zhang (2000);
 * Barndorff-Nielsen and Shephard (2004).
 */
final class RvolFamily implements Family {

  static final int OPEN = 1;
  static final int HIGH = 2;
  static final int LOW = 3;

  private static final double LN_2 = StrictMath.log(2);

  @Override
  public String name() {
    return "rvol";
  }

  @Override
  public int revision() {
    return 1;
  }

  @Override
  public List<String> inputNames() {
    return List.of("rate_index", "index of open", "index of high", "index of low");
  }

  @Override
  public int shortestWindow() {
    return 2;
  }

  @Override
  public String defect(Bars bars) {
    return PriceOrder.defect(this, bars, HIGH, LOW, 0, OPEN);
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    LogReturns logs = new LogReturns(bars);
    List<Columns> columns = new ArrayList<>();
    for (int length : windows) {
      columns.add(new Returns(logs, length));
    }
    for (int length : windows) {
      columns.add(new Ranges(logs, length));
    }
    columns.add(new Jumps(logs));
    columns.add(new Ratio(logs));
    return columns;
  }

  /** close and yang_zhang. */
  private static final class Returns extends BarColumns {
    private final LogReturns logs;
    private final int length;
    private final double share;
    private final BlockMoments closes;
    private final BlockMoments gaps;
    private final BlockMoments bodies;
    private final BlockSums ranges;

    Returns(LogReturns logs, int length) {
      super(length, "w" + length + "_rvol_close", "w" + length + "_rvol_yang_zhang");
      this.logs = logs;
      this.length = length;
      share = 0.34 / (1.34 + (length + 1.0) / (length - 1.0));
      closes = new BlockMoments(length);
      gaps = new BlockMoments(length);
      bodies = new BlockMoments(length);
      ranges = new BlockSums(length, 1);
    }

    @Override
    int firstBar(int bar) {
      return closes.firstBar(bar);
    }

    @Override
    void reset() {
      closes.reset();
      gaps.reset();
      bodies.reset();
      ranges.reset();
    }

    @Override
    void take(int bar) {
      logs.provide(bar);
      closes.take(logs.change(bar));
      gaps.take(logs.gap(bar));
      bodies.take(logs.body(bar));
      ranges.take(logs.rogersSatchell(bar));
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double range = ranges.sum(0) / length;
      row[offset] = Math.sqrt(closes.sampleVariance());
      row[offset + 1] =
          Math.sqrt(gaps.sampleVariance() + share * bodies.sampleVariance() + (1 - share) * range);
    }
  }

  /** parkinson, garman_klass and rogers_satchell. */
  private static final class Ranges extends BarColumns {
    private final LogReturns logs;
    private final int length;
    private final BlockSums sums;
    private final double[] values = new double[3];

    Ranges(LogReturns logs, int length) {
      super(
          length - 1,
          "w" + length + "_rvol_parkinson",
          "w" + length + "_rvol_garman_klass",
          "w" + length + "_rvol_rogers_satchell");
      this.logs = logs;
      this.length = length;
      sums = new BlockSums(length, values.length);
    }

    @Override
    int firstBar(int bar) {
      return sums.firstBar(bar);
    }

    @Override
    void reset() {
      sums.reset();
    }

    @Override
    void take(int bar) {
      logs.provide(bar);
      double body = logs.body(bar);
      values[0] = logs.squaredRange(bar);
      values[1] = values[0] / 2 - (2 * LN_2 - 1) * (body * body);
      values[2] = logs.rogersSatchell(bar);
      sums.take(values);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = Math.sqrt(sums.sum(0) / (4 * LN_2 * length));
      row[offset + 1] = Math.sqrt(sums.sum(1) / length);
      row[offset + 2] = Math.sqrt(sums.sum(2) / length);
    }
  }

  /** bipower and jump. */
  private static final class Jumps extends BarColumns {
    private static final int LENGTH = 60;

    private final LogReturns logs;
    private final BlockSums products = new BlockSums(LENGTH - 1, 1);
    private final BlockSums squares = new BlockSums(LENGTH, 1);
    private int firstProduct;
    private int firstSquare;

    Jumps(LogReturns logs) {
      super(LENGTH, "w60_rvol_bipower", "w60_rvol_jump");
      this.logs = logs;
    }

    @Override
    int firstBar(int bar) {
      firstProduct = products.firstBar(bar);
      firstSquare = squares.firstBar(bar);
      return Math.min(firstProduct, firstSquare);
    }

    @Override
    void reset() {
      products.reset();
      squares.reset();
    }

    @Override
    void take(int bar) {
      logs.provide(Math.max(0, bar - 1));
      logs.provide(bar);
      double change = logs.change(bar);
      if (bar >= firstProduct) {
        products.take(bar < 2 ? 0 : Math.abs(change * logs.change(bar - 1)));
      }
      if (bar >= firstSquare) {
        squares.take(change * change);
      }
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double variation = Math.PI / 2 * (products.sum(0) / (LENGTH - 1));
      double variance = squares.sum(0) / LENGTH;
      row[offset] = Math.sqrt(variation);
      row[offset + 1] = variance == 0 ? Double.NaN : Math.max(0, 1 - variation / variance);
    }
  }

  /** ratio. */
  private static final class Ratio extends BarColumns {
    private static final int SHORT = 20;
    private static final int LONG = 240;

    private final LogReturns logs;
    private final BlockMoments shortCloses = new BlockMoments(SHORT);
    private final BlockMoments longCloses = new BlockMoments(LONG);

    Ratio(LogReturns logs) {
      super(LONG, "rvol_ratio");
      this.logs = logs;
    }

    @Override
    int firstBar(int bar) {
      // An edge of the long blocks is one of the short blocks.
      return longCloses.firstBar(bar);
    }

    @Override
    void reset() {
      shortCloses.reset();
      longCloses.reset();
    }

    @Override
    void take(int bar) {
      logs.provide(bar);
      shortCloses.take(logs.change(bar));
      longCloses.take(logs.change(bar));
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double variance = longCloses.sampleVariance();
      row[offset] =
          variance == 0
              ? Double.NaN
              : Math.sqrt(shortCloses.sampleVariance()) / Math.sqrt(variance);
    }
  }
}
