package org.bqx.export;

import java.util.List;

/**
 * The partitions that a pair's month is read from.
 *
 * @param families whose rows
 * @param pairs of which pairs, the pair's own first
 * @param monthsBefore how many months before it, for values of earlier bars
 * @param monthsAfter how many months after it, for targets
 */
record Needs(List<String> families, List<String> pairs, int monthsBefore, int monthsAfter) {}
