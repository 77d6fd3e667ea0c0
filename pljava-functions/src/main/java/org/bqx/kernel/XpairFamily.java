package org.bqx.kernel;

import java.util.Arrays;
import java.util.List;

/**
 * A pair beside the pairs that share a currency with it, its peers. Inputs are x, the close, and
 * for each other currency its pair with the base and its pair with the quote, three columns each: x
 * (negative where that pair falls when this one rises), the close and the age in minutes of its
 * last bar.
 *
 * <p>A peer's value counts while it is at most 5 minutes old, but for the cointegration, where it
 * counts at any age. Its returns are those between consecutive bars of this pair, positive where
 * they move with it. A peer without a value in a window is left out of that window.
 */
final class XpairFamily implements Family {

  private static final int CLOSE = 1;
  private static final int FIRST_PEER = 2;
  private static final int PEER_INPUTS = 3;
  private static final int INPUTS_A_CURRENCY = 2 * PEER_INPUTS;
  private static final double GREATEST_AGE = 5;

  @Override
  public String name() {
    return "xpair";
  }

  @Override
  public int revision() {
    return 1;
  }

  @Override
  public List<String> inputNames() {
    return List.of("rate_index", "close");
  }

  @Override
  public int inputsStep() {
    return INPUTS_A_CURRENCY;
  }

  @Override
  public int shortestWindow() {
    return 0;
  }

  @Override
  public String defect(Bars bars) {
    for (int input = CLOSE; input < bars.inputs(); input++) {
      boolean close = input == CLOSE || (input - FIRST_PEER) % PEER_INPUTS == 1;
      for (int bar = 0; close && bar < bars.count(); bar++) {
        double value = bars.at(input, bar);
        // A peer's may be absent.
        if (value <= 0 || input == CLOSE && Double.isNaN(value)) {
          return inputName(input) + " is " + value + " at bar " + (bar + 1) + ": must be positive";
        }
      }
    }
    return null;
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    Peers peers = new Peers(bars);
    MarketCorrelations ofHour = new MarketCorrelations(bars.count());
    return List.of(
        new Correlations(peers),
        new Triangles(peers),
        new Hour(peers, ofHour),
        new Cointegration(peers),
        new Stability(peers, ofHour));
  }

  /** The pair and its peers: even numbers are peers of the base, odd ones of the quote. */
  private static final class Peers {
    private static final int CHUNK = 64;

    private final double[] values;
    private final int bars;
    private final int count;

    /** Elements are made by the first {@link #changesAt}. */
    private double[] changes;

    private boolean[] provided;

    Peers(Bars bars) {
      values = bars.values();
      this.bars = bars.count();
      count = (bars.inputs() - FIRST_PEER) / PEER_INPUTS;
    }

    int count() {
      return count;
    }

    double x(int bar) {
      return values[bar];
    }

    double close(int bar) {
      return values[CLOSE * bars + bar];
    }

    double peerClose(int peer, int bar) {
      return input(peer, 1, bar);
    }

    /** The peer's x, negative where it moves against the pair, of any age; NaN where absent. */
    double old(int peer, int bar) {
      return input(peer, 0, bar);
    }

    /** The same, if it is young enough. */
    double young(int peer, int bar) {
      return input(peer, 2, bar) <= GREATEST_AGE ? input(peer, 0, bar) : Double.NaN;
    }

    private double input(int peer, int number, int bar) {
      return values[(FIRST_PEER + PEER_INPUTS * peer + number) * bars + bar];
    }

    double change(int bar, int length) {
      double before = values[bar - length];
      return (values[bar] - before) / before;
    }

    /** The peer's return in the direction of the pair; NaN where a value is absent. */
    double change(int peer, int bar, int length) {
      double before = young(peer, bar - length);
      return (young(peer, bar) - before) / Math.abs(before);
    }

    /**
     * Returns where the returns of a bar begin in {@link #changes}: the pair's, then each peer's.
     * They are computed in chunks, once for all columns.
     */
    int changesAt(int bar) {
      if (changes == null) {
        changes = new double[bars * (count + 1)];
        provided = new boolean[bars / CHUNK + 1];
      }
      int chunk = bar / CHUNK;
      if (!provided[chunk]) {
        int end = Math.min(bars, (chunk + 1) * CHUNK);
        for (int i = chunk * CHUNK; i < end; i++) {
          computeChanges(i);
        }
        provided[chunk] = true;
      }
      return bar * (count + 1);
    }

    private void computeChanges(int bar) {
      int at = bar * (count + 1);
      changes[at] = bar == 0 ? Double.NaN : change(bar, 1);
      for (int peer = 0; peer < count; peer++) {
        changes[at + peer + 1] = bar == 0 ? Double.NaN : change(peer, bar, 1);
      }
    }

    double[] changes() {
      return changes;
    }
  }

  /** The mean correlation with the peers of a side, over a window. */
  private static double meanCorrelation(BlockComoments moments, int side, int peers) {
    double sum = 0;
    int count = 0;
    for (int peer = side; peer < peers; peer += 2) {
      double correlation = moments.correlation(peer + 1);
      if (!Double.isNaN(correlation)) {
        sum += correlation;
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  /**
   * For each bar the mean of both sides' mean correlations over 60 bars, or that of one where the
   * other side has no peer; NaN where neither has. {@link Hour} computes them for its rows, {@link
   * Stability}, whose need is greater, takes them from there.
   */
  private static final class MarketCorrelations {
    private final int bars;

    /** Elements are made by the first {@link #put}. */
    private double[] values;

    private int first;
    private int end;

    MarketCorrelations(int bars) {
      this.bars = bars;
    }

    void put(int bar, double base, double quote) {
      if (values == null) {
        values = new double[bars];
        first = bar;
      }
      values[bar] = mean(base, quote);
      end = bar + 1;
    }

    boolean has(int bar) {
      return bar >= first && bar < end;
    }

    double at(int bar) {
      return values[bar];
    }

    static double mean(double base, double quote) {
      if (Double.isNaN(base)) {
        return quote;
      }
      return Double.isNaN(quote) ? base : (base + quote) / 2;
    }
  }

  /** Mean Pearson correlation of 15 returns with those of the peers that vary. */
  private static final class Correlations extends BarColumns {
    private final Peers peers;
    private final BlockComoments moments;

    Correlations(Peers peers) {
      super(15, "w15_xpair_corr_base", "w15_xpair_corr_quote");
      this.peers = peers;
      moments = new BlockComoments(15, peers.count() + 1);
    }

    @Override
    int firstBar(int bar) {
      return moments.firstBar(bar);
    }

    @Override
    void reset() {
      moments.reset();
    }

    @Override
    void take(int bar) {
      int at = peers.changesAt(bar);
      moments.take(peers.changes(), at);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = meanCorrelation(moments, 0, peers.count());
      row[offset + 1] = meanCorrelation(moments, 1, peers.count());
    }
  }

  /**
   * 10&#8308; (ln C(b,q) - ln C(b,k) - ln C(k,q)) in basis points, C being closes: its mean over
   * the third currencies k, and the one largest in size, the first k of equal ones.
   */
  private static final class Triangles extends BarColumns {
    /** Sizes that differ by less, in basis points, are equal: rounding must not choose. */
    private static final double TIE = 1e-9;

    private final Peers peers;

    Triangles(Peers peers) {
      super(0, "xpair_triangle", "xpair_triangle_worst");
      this.peers = peers;
    }

    @Override
    int firstBar(int bar) {
      return bar;
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double sum = 0;
      int count = 0;
      double worst = Double.NaN;
      for (int base = 0; base < peers.count(); base += 2) {
        double first = peers.young(base, bar);
        double second = peers.young(base + 1, bar);
        if (Double.isNaN(first) || Double.isNaN(second)) {
          continue;
        }
        double above = peers.close(bar);
        double below = 1;
        for (int peer = base; peer <= base + 1; peer++) {
          if (peers.young(peer, bar) > 0) {
            below *= peers.peerClose(peer, bar);
          } else {
            above *= peers.peerClose(peer, bar);
          }
        }
        double gap = 1e4 * StrictMath.log1p((above - below) / below);
        sum += gap;
        count++;
        // Written so that the first one is taken.
        if (!(Math.abs(gap) <= Math.abs(worst) + TIE)) {
          worst = gap;
        }
      }
      row[offset] = count == 0 ? Double.NaN : sum / count;
      row[offset + 1] = worst;
    }
  }

  /** What 60 returns of the pair and its peers say. */
  private static final class Hour extends BarColumns {
    private static final int LENGTH = 60;

    private final Peers peers;
    private final BlockComoments moments;
    private final LeadLag leadLag;
    private final double[] peerChanges;
    private final MarketCorrelations correlations;
    private double mean;
    private int counted;

    Hour(Peers peers, MarketCorrelations correlations) {
      super(
          LENGTH,
          "w60_xpair_corr_base",
          "w60_xpair_corr_quote",
          "w60_xpair_strength_base",
          "w60_xpair_strength_quote",
          "w60_xpair_divergence_base",
          "w60_xpair_divergence_quote",
          "w60_xpair_momentum_divergence_base",
          "w60_xpair_momentum_divergence_quote",
          "w60_xpair_lead_lag",
          "w60_xpair_volatility_ratio");
      this.peers = peers;
      this.correlations = correlations;
      moments = new BlockComoments(LENGTH, peers.count() + 1);
      leadLag = new LeadLag(peers);
      peerChanges = new double[peers.count()];
    }

    @Override
    int firstBar(int bar) {
      return moments.firstBar(bar);
    }

    @Override
    void reset() {
      moments.reset();
      leadLag.reset();
    }

    @Override
    void take(int bar) {
      int at = peers.changesAt(bar);
      moments.take(peers.changes(), at);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      double change = peers.change(bar, LENGTH);
      for (int side = 0; side < 2; side++) {
        row[offset + side] = meanCorrelation(moments, side, peers.count());
        double deviation = deviation(bar, side);
        row[offset + 2 + side] =
            counted < 3 || deviation == 0 ? Double.NaN : (change - mean) / deviation;
        row[offset + 4 + side] = deviation;
        row[offset + 6 + side] = counted == 0 ? Double.NaN : against(change, mean);
      }
      correlations.put(bar, row[offset], row[offset + 1]);
      row[offset + 8] = leadLag.compute(bar, moments);
      row[offset + 9] = volatilityRatio();
    }

    /** 0 where the means have one sign, else the sign of the pair's. */
    private static double against(double change, double mean) {
      double sign = Math.signum(change) + 0.0;
      return sign == Math.signum(mean) ? 0 : sign;
    }

    /** The sample standard deviation of the side's peers' returns; sets mean and counted. */
    private double deviation(int bar, int side) {
      counted = 0;
      double sum = 0;
      for (int peer = side; peer < peers.count(); peer += 2) {
        if (!Double.isNaN(moments.squares(peer + 1))) {
          double change = peers.change(peer, bar, LENGTH);
          peerChanges[counted++] = change;
          sum += change;
        }
      }
      mean = sum / counted;
      if (counted < 2) {
        return Double.NaN;
      }
      double squares = 0;
      boolean equal = true;
      for (int i = 0; i < counted; i++) {
        double difference = peerChanges[i] - mean;
        squares += difference * difference;
        equal &= peerChanges[i] == peerChanges[0];
      }
      return equal ? 0 : Math.sqrt(squares / (counted - 1));
    }

    private double volatilityRatio() {
      double sum = 0;
      int count = 0;
      for (int peer = 0; peer < peers.count(); peer++) {
        double squares = moments.squares(peer + 1);
        if (!Double.isNaN(squares)) {
          sum += Math.sqrt(squares);
          count++;
        }
      }
      return sum == 0 ? Double.NaN : Math.sqrt(moments.squares(0)) / (sum / count);
    }
  }

  /**
   * Whether the peers lead: the greatest of abs corr(r(i), p(i-k)) less that of abs corr(r(i-k),
   * p(i)), k = 1 ... 5, r being the pair's return and p the mean of the peers', both bars in the
   * window of 60. NaN where one of the correlations is of constants.
   *
   * <p>All sums are of this window alone, afresh.
   */
  private static final class LeadLag {
    private static final int LENGTH = 60;
    private static final int LAGS = 5;

    private final Peers peers;
    private final double[] own = new double[LENGTH];
    private final double[] others = new double[LENGTH];
    private final Sums ownSums = new Sums();
    private final Sums otherSums = new Sums();
    private final double[] following = new double[LAGS + 1];
    private final double[] leading = new double[LAGS + 1];
    private int[] complete;
    private int[] completeBefore;
    private int countBefore;
    private int barBefore;

    LeadLag(Peers peers) {
      this.peers = peers;
      complete = new int[peers.count()];
      completeBefore = new int[peers.count()];
    }

    void reset() {
      barBefore = -1;
    }

    double compute(int bar, BlockComoments moments) {
      int count = 0;
      for (int peer = 0; peer < peers.count(); peer++) {
        if (!Double.isNaN(moments.squares(peer + 1))) {
          complete[count++] = peer;
        }
      }
      int known = 0;
      if (barBefore == bar - 1
          && Arrays.equals(complete, 0, count, completeBefore, 0, countBefore)) {
        // The same peers: the window moves on by one bar.
        known = LENGTH - 1;
        System.arraycopy(own, 1, own, 0, known);
        System.arraycopy(others, 1, others, 0, known);
      }
      for (int i = known; i < LENGTH; i++) {
        int at = peers.changesAt(bar - LENGTH + 1 + i);
        own[i] = peers.changes()[at];
        double sum = 0;
        for (int k = 0; k < count; k++) {
          sum += peers.changes()[at + 1 + complete[k]];
        }
        others[i] = sum / count;
      }
      int[] before = completeBefore;
      completeBefore = complete;
      complete = before;
      countBefore = count;
      barBefore = bar;
      return count == 0 ? Double.NaN : difference();
    }

    /** Sums the products of both directions and of all lags in one pass. */
    private double difference() {
      ownSums.compute(own);
      otherSums.compute(others);
      multiply(ownSums.differences, otherSums.differences, following);
      multiply(otherSums.differences, ownSums.differences, leading);
      return greatest(following, ownSums, otherSums) - greatest(leading, otherSums, ownSums);
    }

    /** &Sigma; a(i) b(i-k) for each lag k. */
    private static void multiply(double[] a, double[] b, double[] products) {
      // Sums of their own, since each addition waits for the one before.
      double one = 0;
      double two = 0;
      double three = 0;
      double four = 0;
      double five = 0;
      for (int i = 0; i < LENGTH - LAGS; i++) {
        double value = b[i];
        one += a[i + 1] * value;
        two += a[i + 2] * value;
        three += a[i + 3] * value;
        four += a[i + 4] * value;
        five += a[i + 5] * value;
      }
      products[1] = one;
      products[2] = two;
      products[3] = three;
      products[4] = four;
      products[5] = five;
      for (int lag = 1; lag < LAGS; lag++) {
        for (int i = LENGTH - LAGS; i < LENGTH - lag; i++) {
          products[lag] += a[i + lag] * b[i];
        }
      }
    }

    /** The greatest abs corr(a(i), b(i-k)); NaN where one of them is. */
    private static double greatest(double[] products, Sums a, Sums b) {
      double greatest = 0;
      for (int lag = 1; lag <= LAGS; lag++) {
        int count = LENGTH - lag;
        double product = products[lag] - a.lastSums[lag] * b.firstSums[lag] / count;
        double squares =
            deviations(a.lastSquares[lag], a.lastSums[lag], count)
                * deviations(b.firstSquares[lag], b.firstSums[lag], count);
        double correlation = Math.min(1, Math.abs(product) / Math.sqrt(squares));
        greatest = Math.max(greatest, squares == 0 ? Double.NaN : correlation);
      }
      return greatest;
    }

    private static double deviations(double squares, double sum, int count) {
      return Math.max(0, squares - sum * sum / count);
    }

    /**
     * Sums of a series less its value in the middle, which is in every part of the window: of the
     * last and of the first 60 - k values. They grow from the part that all lags share.
     */
    private static final class Sums {
      private final double[] differences = new double[LENGTH];
      private final double[] lastSums = new double[LAGS + 1];
      private final double[] lastSquares = new double[LAGS + 1];
      private final double[] firstSums = new double[LAGS + 1];
      private final double[] firstSquares = new double[LAGS + 1];

      void compute(double[] values) {
        double middle = values[LENGTH / 2];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < LENGTH; i++) {
          double d = values[i] - middle;
          differences[i] = d;
          if (i >= LAGS && i < LENGTH - LAGS) {
            sum += d;
            squares += d * d;
          }
        }
        grow(sum, squares, LENGTH - LAGS, 1, LAGS - 1, lastSums, lastSquares);
        grow(sum, squares, LAGS - 1, -1, LENGTH - LAGS, firstSums, firstSquares);
      }

      /** Adds the five values of one end, then those of the other end one by one. */
      private void grow(
          double sum,
          double squares,
          int end,
          int step,
          int other,
          double[] sums,
          double[] squaredSums) {
        for (int i = 0; i < LAGS; i++) {
          double d = differences[end + i * step];
          sum += d;
          squares += d * d;
        }
        sums[LAGS] = sum;
        squaredSums[LAGS] = squares;
        for (int lag = LAGS - 1; lag >= 1; lag--) {
          double d = differences[other + (lag + 1 - LAGS) * step];
          sum += d;
          squares += d * d;
          sums[lag] = sum;
          squaredSums[lag] = squares;
        }
      }
    }
  }

  /**
   * y = ln(x/100) beside z, the mean signed y of the peers that have a value in the 240 bars: the
   * residual at t of least squares of y on z, over sqrt(SSE/238); and y - z in sample standard
   * deviations from its mean. NaN where one of these peers lacks a value in the window.
   */
  private static final class Cointegration extends BarColumns {
    private static final int LENGTH = 240;

    /**
     * The share of the squares of y that rounding leaves where y is a straight line of z, as in a
     * market that stands still and jumps once.
     */
    private static final double ROUNDING = 1e-24;

    private final Peers peers;
    private final BlockComoments moments = new BlockComoments(LENGTH, 3);
    private final BlockSums present;
    private final double[] values = new double[3];
    private final double[] presence;

    /** The last 240 y and z, in no order that matters but for rounding: bar t is at t mod 240. */
    private final double[] owns = new double[LENGTH];

    private final double[] means = new double[LENGTH];

    Cointegration(Peers peers) {
      super(LENGTH - 1, "w240_xpair_coint_z", "w240_xpair_spread_z");
      this.peers = peers;
      present = new BlockSums(LENGTH, peers.count());
      presence = new double[peers.count()];
    }

    @Override
    int firstBar(int bar) {
      return moments.firstBar(bar);
    }

    @Override
    void reset() {
      moments.reset();
      present.reset();
    }

    @Override
    void take(int bar) {
      double sum = 0;
      int count = 0;
      for (int peer = 0; peer < peers.count(); peer++) {
        double value = peers.old(peer, bar);
        presence[peer] = Double.isNaN(value) ? 0 : 1;
        if (!Double.isNaN(value)) {
          sum += Math.signum(value) * logarithm(Math.abs(value));
          count++;
        }
      }
      values[0] = logarithm(peers.x(bar));
      values[1] = sum / count;
      values[2] = values[0] - values[1];
      owns[bar % LENGTH] = values[0];
      means[bar % LENGTH] = values[1];
      moments.take(values, 0);
      present.take(presence);
    }

    private static double logarithm(double index) {
      return StrictMath.log1p((index - 100) / 100);
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = Double.NaN;
      row[offset + 1] = Double.NaN;
      for (int peer = 0; peer < peers.count(); peer++) {
        double bars = present.sum(peer);
        if (bars > 0 && bars < LENGTH) {
          return;
        }
      }
      double squares = moments.squares(1);
      if (squares > 0) {
        row[offset] = residual(moments.products(1) / squares);
      }
      double spread = moments.squares(2);
      if (spread > 0) {
        row[offset + 1] = moments.deviation(2) / Math.sqrt(spread / (LENGTH - 1));
      }
    }

    /**
     * The last residual over sqrt(SSE/238); summed afresh, since SSE may be far below its parts.
     */
    private double residual(double slope) {
      double own = moments.deviation(0);
      double others = moments.deviation(1);
      double last = own - slope * others;
      double own0 = own - values[0];
      double others0 = others - values[1];
      // Two sums, since each addition waits for the one before.
      double errors = 0;
      double moreErrors = 0;
      for (int i = 0; i < LENGTH; i += 2) {
        double residual = own0 + owns[i] - slope * (others0 + means[i]);
        double next = own0 + owns[i + 1] - slope * (others0 + means[i + 1]);
        errors += residual * residual;
        moreErrors += next * next;
      }
      errors += moreErrors;
      boolean remains = errors > ROUNDING * moments.squares(0);
      return remains ? last / Math.sqrt(errors / (LENGTH - 2)) : Double.NaN;
    }
  }

  /**
   * The sample standard deviation over 240 bars of the mean of both sides' mean correlations over
   * 60, or of one's where the other side has no peer. NaN where neither is defined at one of them.
   */
  private static final class Stability extends BarColumns {
    private static final int LENGTH = 240;
    private static final int SHORT = 60;

    private final Peers peers;
    private final MarketCorrelations ofHour;

    /** Of the bars before the first of the hour's rows. */
    private final BlockComoments moments;

    private final BlockMoments correlations = new BlockMoments(LENGTH);
    private int firstCorrelation;

    Stability(Peers peers, MarketCorrelations ofHour) {
      super(LENGTH + SHORT - 1, "w240_xpair_corr_stability");
      this.peers = peers;
      this.ofHour = ofHour;
      moments = new BlockComoments(SHORT, peers.count() + 1);
    }

    @Override
    int firstBar(int bar) {
      firstCorrelation = correlations.firstBar(bar);
      return moments.firstBar(firstCorrelation);
    }

    @Override
    void reset() {
      moments.reset();
      correlations.reset();
    }

    @Override
    void take(int bar) {
      if (ofHour.has(bar)) {
        if (bar >= firstCorrelation) {
          correlations.take(ofHour.at(bar));
        }
        return;
      }
      int at = peers.changesAt(bar);
      moments.take(peers.changes(), at);
      if (bar >= firstCorrelation) {
        correlations.take(bar < SHORT ? Double.NaN : mean());
      }
    }

    private double mean() {
      return MarketCorrelations.mean(
          meanCorrelation(moments, 0, peers.count()), meanCorrelation(moments, 1, peers.count()));
    }

    @Override
    void write(int bar, double[] row, int offset) {
      row[offset] = Math.sqrt(correlations.sampleVariance());
    }
  }
}
