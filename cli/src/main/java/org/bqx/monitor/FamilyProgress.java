package org.bqx.monitor;

/**
 * How far one family is, what is correlated with one target, or all of them.
 *
 * @param family which family, or the target
 * @param total partitions that have bars, and those whose rows a run under way will remove
 * @param done partitions whose rows are current, and that no run under way computes again
 * @param again partitions whose rows are current, and that a run under way will compute again
 * @param removals partitions whose bars or quotes are gone, and whose rows a run under way will
 *     remove
 * @param running partitions that a backend computes
 * @param missing partitions never computed
 * @param stale partitions to be computed again
 * @param failed partitions whose last attempt failed
 * @param unreachable partitions on nodes that do not answer
 * @param percent done of total, 0 to 100
 * @param rows rows of all partitions
 * @param bytes size on disk with indexes, null when a lock kept it from being read and for a target
 * @param rowsPerSecond written in the last burst of work, of a target bars read; null when there
 *     was none
 * @param elapsedSeconds that burst's duration, null when there was none
 * @param etaSeconds until what runs has done its part: 0 when all is done, 1 or more with work
 *     left, null when nobody knows
 */
public record FamilyProgress(
    String family,
    int total,
    int done,
    int again,
    int removals,
    int running,
    int missing,
    int stale,
    int failed,
    int unreachable,
    double percent,
    long rows,
    Long bytes,
    Double rowsPerSecond,
    Double elapsedSeconds,
    Double etaSeconds) {}
