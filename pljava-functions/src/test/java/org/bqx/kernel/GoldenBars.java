package org.bqx.kernel;

/**
 * A fixed series of bars: the same bits on every machine, as it is made of integers and of at most
 * two divisions and one multiplication a value.
 *
 * <p>Prices lie on a grid of 1e-5. After a walk of 1,000 bars come 700 that do not move (longer
 * than the longest default window), a walk, a straight line of 100 bars, a walk with one spike, and
 * a slide.
 */
final class GoldenBars {

  static final int COUNT = 3_200;

  private static final int FLAT_FROM = 1_000;
  private static final int FLAT_TO = 1_700;
  private static final int WEEKEND = 2_200;
  private static final int FIRST_MINUTE = 28_663_200;
  private static final int WEEKEND_MINUTES = 2_880;

  private static final int[] CLOSES = closes();

  private GoldenBars() {}

  /**
   * The inputs by name, in the order given: rate_index, open, high and low as indexes, volume
   * (whole, 0 while the price does not move), time (minutes since 1970, with one weekend), age (0
   * to 6), absent (nothing but NaN), negative (-rate_index), now and then (rate_index or NaN).
   */
  static Bars of(String... inputs) {
    double[] values = new double[inputs.length * COUNT];
    for (int input = 0; input < inputs.length; input++) {
      for (int bar = 0; bar < COUNT; bar++) {
        values[input * COUNT + bar] = value(inputs[input], bar);
      }
    }
    return new Bars(values, COUNT);
  }

  private static double value(String input, int bar) {
    boolean flat = bar >= FLAT_FROM && bar < FLAT_TO;
    int close = CLOSES[bar];
    int open = bar == 0 ? close : CLOSES[bar - 1];
    return switch (input) {
      case "rate_index" -> index(close);
      case "open" -> index(open);
      case "high" -> index(Math.max(open, close) + (flat ? 0 : noise(bar, 4)));
      case "low" -> index(Math.min(open, close) - (flat ? 0 : noise(-bar, 4)));
      case "volume" -> flat ? 0 : noise(bar, 300);
      case "time" -> FIRST_MINUTE + bar + (bar < WEEKEND ? 0 : WEEKEND_MINUTES);
      case "age" -> bar % 97 < 90 ? 0 : bar % 97 - 90;
      case "absent" -> Double.NaN;
      case "negative" -> -index(close);
      case "now and then" -> bar % 151 < 90 ? index(close) : Double.NaN;
      default -> throw new IllegalArgumentException("there is no input " + input);
    };
  }

  private static double index(int points) {
    return points / 1e5 / (CLOSES[0] / 1e5) * 100;
  }

  private static int[] closes() {
    int[] points = new int[COUNT];
    long state = 20_240_701;
    int close = 108_123;
    for (int bar = 0; bar < COUNT; bar++) {
      state = next(state);
      int step = (int) (state >>> 33) % 25 - 12;
      if (bar >= FLAT_FROM && bar < FLAT_TO) {
        step = 0;
      } else if (bar >= 2_000 && bar < 2_100) {
        step = 3;
      } else if (bar >= 2_900) {
        step -= 15;
      }
      close += step;
      points[bar] = bar == 2_500 ? 10 * close : close;
    }
    return points;
  }

  /** An integer from 0 to less than {@code bound} that depends on the seed alone. */
  private static int noise(int seed, int bound) {
    return (int) (next(next(seed)) >>> 33) % bound;
  }

  /** Knuth's linear congruential generator, MMIX. */
  private static long next(long state) {
    return state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
  }
}
