package org.bqx.reference;

import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.bqx.kernel.Bars;

/** The family spread by Apache Commons Math, one window at a time. */
public final class SpreadReference implements Reference {

  private static final int BID = 1;
  private static final int ASK = 2;
  private static final int LENGTH = 60;

  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    RowBuilder row = new RowBuilder(bars, bar);
    row.add(0, () -> quoted(bars, bar));
    row.add(LENGTH - 1, () -> StatUtils.mean(spreads(bars, bar)));
    row.add(LENGTH - 1, () -> new StandardDeviation().evaluate(spreads(bars, bar)));
    row.add(LENGTH - 1, () -> Windows.slope(spreads(bars, bar)));
    row.add(LENGTH - 1, () -> range(spreads(bars, bar)));
    row.add(LENGTH - 1, () -> spike(spreads(bars, bar)));
    row.add(LENGTH - 1, () -> percentile(bars, bar));
    row.add(LENGTH, () -> midVolatility(bars, bar));
    return row.row();
  }

  private static double mid(Bars bars, int bar) {
    return (bars.at(BID, bar) + bars.at(ASK, bar)) / 2;
  }

  private static double quoted(Bars bars, int bar) {
    return 10_000 * (bars.at(ASK, bar) - bars.at(BID, bar)) / mid(bars, bar);
  }

  private static double[] spreads(Bars bars, int bar) {
    double[] spreads = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      spreads[i] = quoted(bars, bar - LENGTH + 1 + i);
    }
    return spreads;
  }

  private static double range(double[] spreads) {
    double sum = StatUtils.sum(spreads);
    // Commons Math passes over NaN.
    return Double.isNaN(sum) ? sum : StatUtils.max(spreads) - StatUtils.min(spreads);
  }

  private static double spike(double[] spreads) {
    double mean = StatUtils.mean(spreads);
    return Double.isNaN(mean) ? mean : spreads[LENGTH - 1] > 2 * mean ? 1 : 0;
  }

  private static double percentile(Bars bars, int bar) {
    double current = bars.at(ASK, bar) - bars.at(BID, bar);
    double halves = 0;
    for (int at = bar - LENGTH + 1; at <= bar; at++) {
      // Points of an index that is 100 at this bar's mid.
      double points = (bars.at(ASK, at) - bars.at(BID, at) - current) / mid(bars, bar) * 100;
      if (Double.isNaN(points)) {
        return Double.NaN;
      }
      halves += points <= -1e-7 ? 2 : points < 1e-7 ? 1 : 0;
    }
    return halves / 2 / LENGTH;
  }

  private static double midVolatility(Bars bars, int bar) {
    double[] returns = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      int at = bar - LENGTH + 1 + i;
      returns[i] = (mid(bars, at) - mid(bars, at - 1)) / mid(bars, at - 1);
    }
    return new StandardDeviation().evaluate(returns);
  }
}
