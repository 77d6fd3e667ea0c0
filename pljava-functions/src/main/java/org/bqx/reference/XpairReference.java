package org.bqx.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.bqx.kernel.Bars;

/** The family xpair by Commons Math, each window by itself. */
public final class XpairReference implements Reference {

  /** Triangles that differ by less, in basis points, are equal. */
  private static final double TIE = 1e-9;

  /** Squares of residuals that are a smaller share of those of y are 0 with rounding. */
  private static final double ROUNDING = 1e-24;

  private Bars known;
  private double[] x;
  private double[] returns;

  /** Of each slot, even the base's and odd the quote's. */
  private double[][] values;

  private double[][] young;
  private double[][] closes;
  private double[][] peerReturns;

  /** The mean of both sides' correlations by bar; filled as asked for. */
  private double[] correlations;

  private boolean[] correlated;

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    if (bars != known) {
      compute(bars);
    }
    return new ReferenceRow(bars, bar)
        .add(15, () -> correlation(bar, 15, 0))
        .add(15, () -> correlation(bar, 15, 1))
        .add(60, () -> correlation(bar, 60, 0))
        .add(60, () -> correlation(bar, 60, 1))
        .add(60, () -> strength(bar, 0))
        .add(60, () -> strength(bar, 1))
        .add(60, () -> divergence(bar, 0))
        .add(60, () -> divergence(bar, 1))
        .add(0, () -> triangle(bar, false))
        .add(0, () -> triangle(bar, true))
        .add(60, () -> momentumDivergence(bar, 0))
        .add(60, () -> momentumDivergence(bar, 1))
        .add(60, () -> leadLag(bar))
        .add(60, () -> volatilityRatio(bar))
        .add(239, () -> cointegration(bar, false))
        .add(239, () -> cointegration(bar, true))
        .add(299, () -> stability(bar))
        .toArray();
  }

  private void compute(Bars bars) {
    int slots = (bars.inputs() - 2) / 3;
    x = PriceSeries.input(bars, 0);
    returns = returns(x);
    values = new double[slots][];
    young = new double[slots][];
    closes = new double[slots + 1][];
    peerReturns = new double[slots][];
    for (int slot = 0; slot < slots; slot++) {
      values[slot] = PriceSeries.input(bars, 2 + 3 * slot);
      closes[slot] = PriceSeries.input(bars, 3 + 3 * slot);
      double[] ages = PriceSeries.input(bars, 4 + 3 * slot);
      young[slot] = values[slot].clone();
      for (int i = 0; i < ages.length; i++) {
        if (ages[i] > 5) {
          young[slot][i] = Double.NaN;
        }
      }
      peerReturns[slot] = returns(young[slot]);
    }
    closes[slots] = PriceSeries.input(bars, 1);
    correlations = new double[x.length];
    correlated = new boolean[x.length];
    known = bars;
  }

  private static double[] returns(double[] values) {
    double[] returns = new double[values.length];
    returns[0] = Double.NaN;
    for (int i = 1; i < values.length; i++) {
      returns[i] = (values[i] - values[i - 1]) / Math.abs(values[i - 1]);
    }
    return returns;
  }

  private static boolean isComplete(double[] window) {
    return Arrays.stream(window).noneMatch(Double::isNaN);
  }

  /** The slots of a side, or of both if it is -1, that have all returns of the window. */
  private List<Integer> peers(int bar, int length, int side) {
    List<Integer> peers = new ArrayList<>();
    for (int slot = 0; slot < values.length; slot++) {
      if ((side < 0 || slot % 2 == side)
          && isComplete(PriceSeries.window(peerReturns[slot], bar, length))) {
        peers.add(slot);
      }
    }
    return peers;
  }

  private double correlation(int bar, int length, int side) {
    double[] own = PriceSeries.window(returns, bar, length);
    return peers(bar, length, side).stream()
        .mapToDouble(
            slot -> Windows.correlation(own, PriceSeries.window(peerReturns[slot], bar, length)))
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }

  private double[] hourReturns(int bar, int side) {
    return peers(bar, 60, side).stream()
        .mapToDouble(
            slot -> (young[slot][bar] - young[slot][bar - 60]) / Math.abs(young[slot][bar - 60]))
        .toArray();
  }

  private double hourReturn(int bar) {
    return (x[bar] - x[bar - 60]) / x[bar - 60];
  }

  private double strength(int bar, int side) {
    double[] others = hourReturns(bar, side);
    if (others.length < 3 || Windows.isConstant(others)) {
      return Double.NaN;
    }
    return (hourReturn(bar) - StatUtils.mean(others)) / new StandardDeviation().evaluate(others);
  }

  private double divergence(int bar, int side) {
    double[] others = hourReturns(bar, side);
    if (others.length < 2) {
      return Double.NaN;
    }
    return Windows.isConstant(others) ? 0 : new StandardDeviation().evaluate(others);
  }

  private double momentumDivergence(int bar, int side) {
    double[] others = hourReturns(bar, side);
    if (others.length == 0) {
      return Double.NaN;
    }
    double own = Math.signum(hourReturn(bar));
    return own == Math.signum(StatUtils.mean(others)) ? 0 : own;
  }

  private double triangle(int bar, boolean worst) {
    List<Double> gaps = new ArrayList<>();
    for (int slot = 0; slot < values.length; slot += 2) {
      if (!Double.isNaN(young[slot][bar]) && !Double.isNaN(young[slot + 1][bar])) {
        double product =
            Math.pow(closes[slot][bar], Math.signum(young[slot][bar]))
                * Math.pow(closes[slot + 1][bar], Math.signum(young[slot + 1][bar]));
        gaps.add(1e4 * Math.log1p(closes[values.length][bar] / product - 1));
      }
    }
    if (gaps.isEmpty()) {
      return Double.NaN;
    }
    if (!worst) {
      return gaps.stream().mapToDouble(gap -> gap).average().getAsDouble();
    }
    double largest = gaps.get(0);
    for (double gap : gaps) {
      largest = Math.abs(gap) > Math.abs(largest) + TIE ? gap : largest;
    }
    return largest;
  }

  private double leadLag(int bar) {
    List<Integer> peers = peers(bar, 60, -1);
    if (peers.isEmpty()) {
      return Double.NaN;
    }
    double[] own = PriceSeries.window(returns, bar, 60);
    double[] others = new double[60];
    for (int i = 0; i < 60; i++) {
      int at = bar - 59 + i;
      others[i] = peers.stream().mapToDouble(slot -> peerReturns[slot][at]).sum() / peers.size();
    }
    return greatest(own, others) - greatest(others, own);
  }

  private static double greatest(double[] a, double[] b) {
    double greatest = 0;
    for (int lag = 1; lag <= 5; lag++) {
      double correlation =
          Windows.correlation(Arrays.copyOfRange(a, lag, 60), Arrays.copyOfRange(b, 0, 60 - lag));
      greatest = Math.max(greatest, Math.abs(correlation));
    }
    return greatest;
  }

  private double volatilityRatio(int bar) {
    double others =
        peers(bar, 60, -1).stream()
            .mapToDouble(slot -> deviation(PriceSeries.window(peerReturns[slot], bar, 60)))
            .average()
            .orElse(0);
    return PriceSeries.quotient(deviation(PriceSeries.window(returns, bar, 60)), others);
  }

  private static double deviation(double[] window) {
    return Windows.isConstant(window) ? 0 : new StandardDeviation().evaluate(window);
  }

  private static double logarithm(double index) {
    return Math.log1p((index - 100) / 100);
  }

  private double cointegration(int bar, boolean spread) {
    double[] y = new double[240];
    double[] z = new double[240];
    double[] differences = new double[240];
    for (int i = 0; i < 240; i++) {
      int at = bar - 239 + i;
      y[i] = logarithm(x[at]);
      int count = 0;
      for (double[] slot : values) {
        if (!Double.isNaN(slot[at])) {
          z[i] += slot[at] > 0 ? logarithm(slot[at]) : -logarithm(-slot[at]);
          count++;
        }
      }
      z[i] /= count;
      differences[i] = y[i] - z[i];
    }
    for (double[] slot : values) {
      long present =
          Arrays.stream(PriceSeries.window(slot, bar, 240)).filter(v -> !Double.isNaN(v)).count();
      if (present > 0 && present < 240) {
        return Double.NaN;
      }
    }
    if (!isComplete(z)) {
      return Double.NaN;
    }
    if (spread) {
      return PriceSeries.quotient(
          differences[239] - StatUtils.mean(differences), deviation(differences));
    }
    if (Windows.isConstant(z)) {
      return Double.NaN;
    }
    double meanY = StatUtils.mean(y);
    double meanZ = StatUtils.mean(z);
    double products = 0;
    double squares = 0;
    for (int i = 0; i < 240; i++) {
      products += (y[i] - meanY) * (z[i] - meanZ);
      squares += (z[i] - meanZ) * (z[i] - meanZ);
    }
    double residual = 0;
    double errors = 0;
    double total = 0;
    for (int i = 0; i < 240; i++) {
      residual = y[i] - meanY - products / squares * (z[i] - meanZ);
      errors += residual * residual;
      total += (y[i] - meanY) * (y[i] - meanY);
    }
    if (errors <= ROUNDING * total) {
      return Double.NaN;
    }
    return PriceSeries.quotient(residual, Math.sqrt(errors / 238));
  }

  private double stability(int bar) {
    double[] window = new double[240];
    for (int i = 0; i < 240; i++) {
      window[i] = meanCorrelation(bar - 239 + i);
    }
    return isComplete(window) ? deviation(window) : Double.NaN;
  }

  private double meanCorrelation(int bar) {
    if (!correlated[bar]) {
      double base = correlation(bar, 60, 0);
      double quote = correlation(bar, 60, 1);
      correlations[bar] =
          Double.isNaN(base) ? quote : Double.isNaN(quote) ? base : (base + quote) / 2;
      correlated[bar] = true;
    }
    return correlations[bar];
  }
}
