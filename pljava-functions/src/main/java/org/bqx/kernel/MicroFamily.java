package org.bqx.kernel;

import java.util.List;

/**
 * What bars alone tell of the market's microstructure: direction of ticks, spreads by Roll (1984)
 * and by Corwin and Schultz (2012), toxicity of the order flow by bulk classification.
 *
 * <p>Inputs are rate_index x, high h and low l on its scale, and volume v, which is not negative
 * and may be absent. d(t) = x(t) - x(t-1).
 */
final class MicroFamily implements Family {

  static final String NAME = "micro";

  private static final int HIGH = 1;
  private static final int LOW = 2;
  private static final int VOLUME = 3;
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
    return List.of("rate_index", "index of high", "index of low", "volume");
  }

  @Override
  public int shortestWindow() {
    return 0;
  }

  @Override
  public String defect(Bars bars) {
    String defect = PriceOrder.defect(this, bars, HIGH, LOW, 0);
    return defect != null ? defect : NotNegative.defect(this, bars, VOLUME);
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    return List.of(
        new Direction(bars),
        new TickRule(bars),
        new Roll(bars),
        new Toxicity(bars),
        new CorwinSchultz(bars));
  }

  /** The sign of d. */
  private static final class Direction extends ColumnGroup {
    private final double[] rateIndex;

    Direction(Bars bars) {
      super(NAME, 0, 1, "tick_direction");
      rateIndex = bars.values();
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        rows[bar - from][offset] = Math.signum(rateIndex[bar] - rateIndex[bar - 1]);
      }
    }
  }

  /** The sign of the last d of 60 that is not 0; 0 if there is none. */
  private static final class TickRule extends ColumnGroup {
    private final double[] rateIndex;
    private int lastMove;

    TickRule(Bars bars) {
      super(NAME, 0, LENGTH, "tick_rule");
      rateIndex = bars.values();
    }

    @Override
    public void start(int bar) {
      lastMove = bar - 1;
      while (lastMove > 0 && bar - lastMove < LENGTH && sign(lastMove) == 0) {
        lastMove--;
      }
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        if (sign(bar) != 0) {
          lastMove = bar;
        }
        rows[bar - from][offset] = bar - lastMove < LENGTH ? sign(lastMove) : 0;
      }
    }

    private double sign(int bar) {
      return bar == 0 ? 0 : Math.signum(rateIndex[bar] - rateIndex[bar - 1]);
    }
  }

  /** 2 sqrt(max(0, -cov(d(i), d(i-1)))) / x over the 59 pairs of neighbours of 60 moves. */
  private static final class Roll extends ColumnGroup {
    private final double[] rateIndex;
    private final PriceMoves moves;
    private final RollingProducts products = new RollingProducts(LENGTH - 1);

    Roll(Bars bars) {
      super(NAME, LENGTH, LENGTH, "roll");
      rateIndex = bars.values();
      moves = new PriceMoves(bars);
    }

    @Override
    public void start(int bar) {
      double[] d = moves.from(products.firstRead(bar) - 1);
      products.start(d, 0, d, -1, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        products.advance(bar);
        rows[bar - from][offset] =
            2 * Math.sqrt(Math.max(0, -products.covariance())) / rateIndex[bar];
      }
    }
  }

  /**
   * &Sigma; v abs(2 (x-l)/(h-l) - 1) / &Sigma;v over 60 bars: the bulk form of VPIN (Easley, Lopez
   * de Prado, O'Hara 2012), each bar's volume split by where it closed.
   */
  private static final class Toxicity extends ColumnGroup {
    private final double[] values;
    private final int volume;
    private final Imbalance imbalance;
    private final BlockSums sum = new BlockSums(LENGTH, 1);
    private final BlockSums imbalances = new BlockSums(LENGTH, 1);
    private double[] imbalanceOfBars;

    Toxicity(Bars bars) {
      super(NAME, LENGTH, LENGTH - 1, "toxicity");
      values = bars.values();
      volume = VOLUME * bars.count();
      imbalance = new Imbalance(bars);
    }

    @Override
    public void start(int bar) {
      imbalanceOfBars = imbalance.from(sum.firstBar(bar));
      sum.start(values, volume, bar);
      imbalances.start(imbalanceOfBars, 0, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        sum.take(values[volume + bar]);
        imbalances.take(imbalanceOfBars[bar]);
        double total = sum.sum(0);
        rows[bar - from][offset] = total == 0 ? Double.NaN : imbalances.sum(0) / total;
      }
    }
  }

  /** v abs(2 (x-l)/(h-l) - 1), 0 for a bar without range. */
  private static final class Imbalance extends DerivedSeries {
    private final double[] values;
    private final int count;

    Imbalance(Bars bars) {
      super(0, bars.count());
      values = bars.values();
      count = bars.count();
    }

    @Override
    void fill(double[] into, int from, int to) {
      for (int bar = from; bar < to; bar++) {
        double low = values[LOW * count + bar];
        double range = values[HIGH * count + bar] - low;
        double share = range == 0 ? 0 : Math.abs(2 * ((values[bar] - low) / range) - 1);
        into[bar] = values[VOLUME * count + bar] * share;
      }
    }
  }

  /** The mean of the 60 last {@link PairSpread}s. */
  private static final class CorwinSchultz extends ColumnGroup {
    private final PairSpread spreads;
    private final BlockSums sum = new BlockSums(LENGTH, 1);
    private double[] spreadOfBars;

    CorwinSchultz(Bars bars) {
      super(NAME, LENGTH, LENGTH, "corwin_schultz");
      spreads = new PairSpread(bars);
    }

    @Override
    public void start(int bar) {
      spreadOfBars = spreads.from(sum.firstBar(bar));
      sum.start(spreadOfBars, 0, bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      for (int bar = from; bar < to; bar++) {
        sum.take(spreadOfBars[bar]);
        rows[bar - from][offset] = sum.sum(0) / LENGTH;
      }
    }
  }

  /**
   * The spread of two neighbouring bars: with &beta; the sum of the two ln&sup2;(h/l), &gamma; =
   * ln&sup2; of their common high over their common low,
   *
   * <pre>
   *   alpha  = (sqrt(2 beta) - sqrt(beta)) / (3 - 2 sqrt(2)) - sqrt(gamma / (3 - 2 sqrt(2)))
   *   spread = max(0, 2 (exp(alpha) - 1) / (exp(alpha) + 1)) = max(0, 2 tanh(alpha/2))
   * </pre>
   */
  private static final class PairSpread extends DerivedSeries {
    private static final double K = 3 - 2 * Math.sqrt(2);

    private final double[] values;
    private final int count;

    PairSpread(Bars bars) {
      super(1, bars.count());
      values = bars.values();
      count = bars.count();
    }

    @Override
    void fill(double[] into, int from, int to) {
      double before = logRange(high(from - 1), low(from - 1));
      for (int bar = from; bar < to; bar++) {
        double range = logRange(high(bar), low(bar));
        double common =
            logRange(Math.max(high(bar - 1), high(bar)), Math.min(low(bar - 1), low(bar)));
        double beta = before * before + range * range;
        double alpha = (Math.sqrt(2 * beta) - Math.sqrt(beta)) / K - common / Math.sqrt(K);
        into[bar] = alpha > 0 ? 2 * StrictMath.tanh(alpha / 2) : Math.max(alpha, 0);
        before = range;
      }
    }

    private double high(int bar) {
      return values[HIGH * count + bar];
    }

    private double low(int bar) {
      return values[LOW * count + bar];
    }

    private static double logRange(double high, double low) {
      return StrictMath.log1p((high - low) / low);
    }
  }
}
