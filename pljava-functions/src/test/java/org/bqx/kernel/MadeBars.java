package org.bqx.kernel;

/**
 * Bars with all inputs, made of closes: each value of the closes at and before its bar alone.
 *
 * <p>Every fifth bar or so is flat where the close stays. Volume is absent at bars 250 and 1,200, 0
 * from 100 to 190 and from 900 to 1,000, constant from 400 to 480; quotes are absent at bar 260,
 * and from 700 to 710, and their spread is constant from 500 to 600.
 */
final class MadeBars {

  private MadeBars() {}

  /**
   * @param inputs names as in the catalogue: x, o, h, l, volume, bid, ask, minute
   */
  static Bars of(double[] closes, String... inputs) {
    int count = closes.length;
    double[] values = new double[inputs.length * count];
    for (int input = 0; input < inputs.length; input++) {
      for (int bar = 0; bar < count; bar++) {
        values[input * count + bar] = value(closes, inputs[input], bar);
      }
    }
    return new Bars(values, count);
  }

  private static double value(double[] closes, String input, int bar) {
    double close = closes[bar];
    double open = bar == 0 || bar % 5 == 0 ? close : closes[bar - 1];
    return switch (input) {
      case "x" -> close;
      case "o" -> open;
      case "h" -> Math.max(open, close) * (1 + 1e-5 * (bar % 5 == 0 ? 0 : noise(bar, 9)));
      case "l" -> Math.min(open, close) * (1 - 1e-5 * (bar % 5 == 0 ? 0 : noise(bar + 1, 7)));
      case "volume" -> volume(bar);
      case "bid" -> isQuoted(bar) ? close : Double.NaN;
      case "ask" -> isQuoted(bar) ? close * (1 + 1e-4 * spread(bar)) : Double.NaN;
      case "minute" -> 27_000_000 + bar + bar / 700 * 2_880 + bar / 50 * 17;
      default -> throw new IllegalArgumentException("there is no input " + input);
    };
  }

  private static double volume(int bar) {
    if (bar == 250 || bar == 1_200) {
      return Double.NaN;
    }
    if (bar >= 100 && bar < 190 || bar >= 900 && bar < 1_000) {
      return 0;
    }
    return bar >= 400 && bar < 480 ? 7 : noise(bar, 300);
  }

  private static boolean isQuoted(int bar) {
    return bar != 260 && (bar < 700 || bar >= 710);
  }

  private static int spread(int bar) {
    return bar >= 500 && bar < 600 ? 2 : noise(bar, bar % 40 == 0 ? 40 : 4);
  }

  /** An integer from 0 to less than {@code bound}. */
  private static int noise(int seed, int bound) {
    long mixed = (seed + 1) * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
    return (int) ((mixed ^ mixed >>> 29) * 0x9E3779B97F4A7C15L >>> 33) % bound;
  }
}
