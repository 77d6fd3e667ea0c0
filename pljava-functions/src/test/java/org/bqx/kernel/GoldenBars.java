package org.bqx.kernel;

/**
 * A fixed series of bars: the same bits on every machine, as it is made of integers and of one
 * division and one multiplication a value.
 *
 * <p>Prices lie on a grid of 1e-5. After a walk of 1,000 bars come 700 that do not move (longer
 * than the longest default window), a walk, a straight line of 100 bars, a walk with one spike, and
 * a slide.
 */
final class GoldenBars {

  static final int COUNT = 3_200;

  private static final int[] CLOSES = closes();

  private GoldenBars() {}

  private static int[] closes() {
    int[] points = new int[COUNT];
    long state = 20_240_701;
    int close = 108_123;
    for (int bar = 0; bar < COUNT; bar++) {
      state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
      int step = (int) (state >>> 33) % 25 - 12;
      if (bar >= 1_000 && bar < 1_700) {
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

  /** The closes as indexes, the first one 100. */
  static double[] rateIndex() {
    double baseline = CLOSES[0] / 1e5;
    double[] values = new double[COUNT];
    for (int bar = 0; bar < COUNT; bar++) {
      values[bar] = CLOSES[bar] / 1e5 / baseline * 100;
    }
    return values;
  }
}
