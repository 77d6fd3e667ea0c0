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
 */
public record Bar(
    long epochSecond, double open, double high, double low, double close, double volume) {}
