package org.bqx.generate;

import java.util.Locale;
import java.util.Map;

/**
 * A currency, or whatever else is priced, by its worth in US dollars: all of them wander but the
 * dollar. Levels are near those of July 2024.
 *
 * <p>Of a code that is not known here both figures are drawn from its letters, so that any pair has
 * bars, and those of a pair fit those of its crosses.
 *
 * @param code in upper case
 * @param level what it is worth about
 * @param volatility standard deviation of an average minute's logarithmic return
 */
record Currency(String code, double level, double volatility) {
  private static final String DOLLAR = "USD";
  private static final String YEN = "JPY";

  private static final Map<String, Currency> KNOWN =
      Map.ofEntries(
          known("EUR", 1.08, 0.8e-4),
          known("GBP", 1.27, 0.9e-4),
          known("AUD", 0.665, 1.1e-4),
          known("NZD", 0.608, 1.15e-4),
          known(DOLLAR, 1, 0),
          known("CAD", 1 / 1.37, 0.7e-4),
          known("CHF", 1 / 0.895, 0.9e-4),
          known(YEN, 1 / 158.0, 1.1e-4),
          known("SEK", 1 / 10.6, 1e-4),
          known("NOK", 1 / 10.7, 1.1e-4),
          known("DKK", 1 / 6.9, 0.8e-4),
          known("PLN", 1 / 3.95, 1.1e-4),
          known("CZK", 1 / 23.3, 1e-4),
          known("HUF", 1 / 364.0, 1.2e-4),
          known("TRY", 1 / 32.9, 1e-4),
          known("ZAR", 1 / 18.2, 1.6e-4),
          known("MXN", 1 / 18.1, 1.5e-4),
          known("SGD", 1 / 1.35, 0.5e-4),
          known("HKD", 1 / 7.81, 0.1e-4),
          known("CNH", 1 / 7.29, 0.4e-4),
          known("XAU", 2350, 1.6e-4),
          known("XAG", 29.5, 3e-4),
          known("XPT", 1000, 2.5e-4),
          known("XPD", 980, 3.5e-4),
          known("BTC", 62_000, 6e-4),
          known("ETH", 3400, 7e-4));

  /** Returns the currency of a code of letters and digits, in any case. */
  static Currency of(String code) {
    String upper = code.toUpperCase(Locale.ROOT);
    Currency known = KNOWN.get(upper);
    return known == null ? drawn(upper) : known;
  }

  boolean isDollar() {
    return code.equals(DOLLAR);
  }

  boolean isYen() {
    return code.equals(YEN);
  }

  /** From half a dollar to two, as lively as currencies are. */
  private static Currency drawn(String code) {
    RandomStream random = new RandomStream(0, code, 0);
    double level = StrictMath.exp(StrictMath.log(2) * (2 * random.uniform() - 1));
    return new Currency(code, level, 1e-4 * (0.8 + 0.6 * random.uniform()));
  }

  private static Map.Entry<String, Currency> known(String code, double level, double volatility) {
    return Map.entry(code, new Currency(code, level, volatility));
  }
}
