package org.bqx.generate;

import java.time.YearMonth;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.imports.Bar;
import org.bqx.imports.BarLine;
import org.bqx.imports.BarReader;

/**
 * Synthetic bars of one pair: the quotient of two currencies' worths in dollars, so that the rates
 * of any three currencies close their triangle but for the rounding to a tenth of a pip. A bar
 * depends on the seed, the pair and its minute alone, whatever range is asked for.
 */
public final class SyntheticBars implements BarReader {
  private static final double MISSING_SHARE = 0.003;
  private static final double WICK = 0.4;
  private static final double VOLUME = 120;
  private static final int SECONDS_PER_DAY = 86_400;

  private final long seed;
  private final String pair;
  private final CurrencyPath basePath;
  private final CurrencyPath quotePath;
  private final double pointsPerUnit;
  private final double minuteVolatility;
  private final long endDay;
  private long day;
  private int minute = Session.MINUTES_PER_DAY;
  private double[] baseWorth;
  private double[] quoteWorth;
  private RandomStream random;
  private long line;

  /**
   * @param seed same seed, same bars
   * @param base what is priced, in any case
   * @param quote what it is priced in, in any case
   * @param from first month
   * @param to last month, included
   */
  public SyntheticBars(long seed, String base, String quote, YearMonth from, YearMonth to) {
    if (from.atDay(1).isBefore(CurrencyPath.FIRST_DAY)) {
      throw new Failure(
          ExitCode.USAGE, "no synthetic rates before %s".formatted(CurrencyPath.FIRST_DAY), null);
    }
    this.seed = seed;
    Currency priced = Currency.of(base);
    Currency money = Currency.of(quote);
    pair = priced.code() + money.code();
    basePath = new CurrencyPath(seed, priced);
    quotePath = new CurrencyPath(seed, money);
    pointsPerUnit = pointsPerUnit(priced, money);
    minuteVolatility =
        Math.sqrt(
            priced.volatility() * priced.volatility() + money.volatility() * money.volatility());
    day = from.atDay(1).toEpochDay() - 1;
    endDay = to.plusMonths(1).atDay(1).toEpochDay();
  }

  @Override
  public BarLine next() {
    while (true) {
      if (minute == Session.MINUTES_PER_DAY) {
        if (++day >= endDay) {
          day = endDay;
          return null;
        }
        minute = 0;
        baseWorth = basePath.day(day);
        quoteWorth = quotePath.day(day);
        random = new RandomStream(seed, pair, day);
      }
      Bar bar = bar(minute++);
      if (bar != null) {
        return new BarLine(++line, bar, null);
      }
    }
  }

  @Override
  public void close() {
    // Nothing is open: the bars are computed.
  }

  private Bar bar(int at) {
    double activity = Session.activity(day, at);
    if (activity == 0) {
      return null;
    }
    // Every open minute takes the same numbers, so that a missing one does not shift the next.
    boolean missing = random.uniform() * activity < MISSING_SHARE;
    double wick = WICK * minuteVolatility * activity;
    double above = Math.abs(random.gaussian()) * wick;
    double below = Math.abs(random.gaussian()) * wick;
    double ticks = 1 + Math.floor(VOLUME * activity * (0.5 + random.uniform()));
    if (missing) {
      return null;
    }
    double open = baseWorth[at] / quoteWorth[at];
    double close = baseWorth[at + 1] / quoteWorth[at + 1];
    return new Bar(
        day * SECONDS_PER_DAY + at * 60L,
        round(open),
        round(Math.max(open, close) * (1 + above)),
        round(Math.min(open, close) * (1 - below)),
        round(close),
        ticks);
  }

  /** Five decimals, three where the rate is large or in yen, and as many more as it is small. */
  private static double pointsPerUnit(Currency base, Currency quote) {
    double rate = base.level() / quote.level();
    if (quote.isYen() || rate >= 100) {
      return 1e3;
    }
    return rate >= 0.1 ? 1e5 : rate >= 0.001 ? 1e7 : 1e9;
  }

  private double round(double rate) {
    return Math.rint(rate * pointsPerUnit) / pointsPerUnit;
  }
}
