package org.bqx.monitor;

/**
 * How far one family is, or what is correlated with one target.
 *
 * @param family which family, or the target
 * @param total partitions that have bars or rows
 * @param done partitions whose rows are current
 * @param running partitions that a backend computes
 * @param missing partitions never computed
 * @param stale partitions to be computed again
 * @param failed partitions whose last attempt failed
 * @param unreachable partitions on nodes that do not answer
 * @param percent done of total, 0 to 100
 * @param rows rows of all partitions
 * @param bytes size on disk with indexes, null when a lock kept it from being read and for a target
 * @param rowsPerSecond of the last burst of work, null when there was none
 * @param elapsedSeconds that burst's duration, null when there was none
 * @param etaSeconds until total is done, 0 when it is, null when nothing has run for a minute
 */
public record FamilyProgress(
    String family,
    int total,
    int done,
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
