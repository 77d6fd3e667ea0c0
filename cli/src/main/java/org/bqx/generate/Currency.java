package org.bqx.generate;

import java.util.Locale;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;

/**
 * A currency by its worth in US dollars: seven of them wander, the dollar does not. Levels are near
 * those of July 2024; the volatility is that of an average minute's logarithmic return.
 */
enum Currency {
  EUR(1.08, 0.8e-4),
  GBP(1.27, 0.9e-4),
  AUD(0.665, 1.1e-4),
  NZD(0.608, 1.15e-4),
  USD(1, 0),
  CAD(1 / 1.37, 0.7e-4),
  CHF(1 / 0.895, 0.9e-4),
  JPY(1 / 158.0, 1.1e-4);

  final double level;
  final double volatility;

  Currency(double level, double volatility) {
    this.level = level;
    this.volatility = volatility;
  }

  /** Returns the currency of a code in any case. */
  static Currency of(String code) {
    for (Currency currency : values()) {
      if (currency.name().equals(code.toUpperCase(Locale.ROOT))) {
        return currency;
      }
    }
    throw new Failure(
        ExitCode.USAGE,
        "no synthetic rates for currency \"%s\"".formatted(code),
        "generate pairs of EUR GBP AUD NZD USD CAD CHF JPY");
  }
}
