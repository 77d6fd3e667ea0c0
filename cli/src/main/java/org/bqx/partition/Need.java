package org.bqx.partition;

/**
 * Rows that a pair's month is read from.
 *
 * @param family of this family
 * @param pair of this pair, or another
 * @param barsBefore how many bars before the month, too
 * @param barsAfter how many bars after it
 */
public record Need(String family, String pair, int barsBefore, int barsAfter) {}
