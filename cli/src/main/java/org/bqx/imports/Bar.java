package org.bqx.imports;

/**
 * A one-minute bar.
 *
 * @param epochSecond the bar's open, seconds since 1970-01-01 UTC
 * @param open first price
 * @param high highest price
 * @param low lowest price
 * @param close last price
 * @param volume as the source counts it, NaN when the source has none (stored as NULL)
 * @param bidClose the last bid, NaN when the source does not tell it (stored as NULL)
 * @param askClose the last ask, likewise
 */
public record Bar(
    long epochSecond,
    double open,
    double high,
    double low,
    double close,
    double volume,
    double bidClose,
    double askClose) {
  /** A bar whose source says nothing of bid and ask. */
  public Bar(long epochSecond, double open, double high, double low, double close, double volume) {
    this(epochSecond, open, high, low, close, volume, Double.NaN, Double.NaN);
  }

  /** Returns whether both sides of the quote are known. */
  boolean isQuoted() {
    return !Double.isNaN(bidClose) && !Double.isNaN(askClose);
  }

  Bar at(long time) {
    return new Bar(time, open, high, low, close, volume, bidClose, askClose);
  }

  Bar withQuote(double bid, double ask) {
    return new Bar(epochSecond, open, high, low, close, volume, bid, ask);
  }
}
