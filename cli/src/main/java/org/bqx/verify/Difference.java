package org.bqx.verify;

import java.time.YearMonth;

/**
 * Something that a partition holds and should not, or the other way round.
 *
 * @param family bqx or reg
 * @param pair six lower-case letters
 * @param month the partition's month
 * @param what what was found and what was expected, with time and column where there are any
 */
public record Difference(String family, String pair, YearMonth month, String what) {}
