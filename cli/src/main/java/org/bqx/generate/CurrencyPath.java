package org.bqx.generate;

import java.time.LocalDate;
import java.util.Arrays;

/**
 * A currency's worth in US dollars, minute by minute, as a random walk of its logarithm.
 *
 * <p>Any day can be had without the days' minutes before it: one deviate a day gives the walk at
 * midnights, from {@link #FIRST_DAY} on, with a slight pull towards the currency's level; within a
 * day the walk is a bridge from midnight to midnight, S(m) = A + W(m) + V(m)/V(1440) · (B − A −
 * W(1440)), where W sums the minutes' deviates, V their variances, and A and B are the midnights.
 */
final class CurrencyPath {
  /** The day the walk begins: bars of earlier days cannot be made. */
  static final LocalDate FIRST_DAY = LocalDate.of(2000, 1, 1);

  private static final double DAILY_PULL = 0.002;

  private final long seed;
  private final Currency currency;
  private final double center;
  private double[] midnights = new double[0];

  CurrencyPath(long seed, Currency currency) {
    this.seed = seed;
    this.currency = currency;
    this.center = StrictMath.log(currency.level());
  }

  /**
   * Returns the worth in US dollars at the day's 1441 minute edges, both midnights included.
   *
   * @param epochDay days since 1970-01-01
   */
  double[] day(long epochDay) {
    double[] worth = new double[Session.MINUTES_PER_DAY + 1];
    if (currency.isDollar()) {
      Arrays.fill(worth, 1);
      return worth;
    }
    double from = midnight(epochDay);
    double to = midnight(epochDay + 1);
    double[] walk = new double[worth.length];
    double[] variance = new double[worth.length];
    RandomStream random = new RandomStream(seed, currency.code(), epochDay);
    for (int minute = 0; minute < Session.MINUTES_PER_DAY; minute++) {
      double deviation = currency.volatility() * Session.activity(epochDay, minute);
      walk[minute + 1] = walk[minute] + deviation * random.gaussian();
      variance[minute + 1] = variance[minute] + deviation * deviation;
    }
    int end = Session.MINUTES_PER_DAY;
    double slack = variance[end] == 0 ? 0 : (to - from - walk[end]) / variance[end];
    for (int edge = 0; edge <= end; edge++) {
      worth[edge] = StrictMath.exp(from + walk[edge] + variance[edge] * slack);
    }
    return worth;
  }

  private double midnight(long epochDay) {
    int index = Math.toIntExact(epochDay - FIRST_DAY.toEpochDay());
    int known = midnights.length;
    if (index >= known) {
      midnights = Arrays.copyOf(midnights, index + 64);
      for (int i = known; i < midnights.length; i++) {
        midnights[i] = i == 0 ? center : midnightAfter(midnights[i - 1], i - 1);
      }
    }
    return midnights[index];
  }

  private double midnightAfter(double midnight, int index) {
    long epochDay = FIRST_DAY.toEpochDay() + index;
    double variance = 0;
    for (int minute = 0; minute < Session.MINUTES_PER_DAY; minute += 60) {
      double deviation = currency.volatility() * Session.activity(epochDay, minute);
      variance += 60 * deviation * deviation;
    }
    if (variance == 0) {
      return midnight;
    }
    double deviate = new RandomStream(seed, currency.code() + "-midnight", epochDay).gaussian();
    return midnight + DAILY_PULL * (center - midnight) + Math.sqrt(variance) * deviate;
  }
}
