package org.bqx.run;

import java.time.YearMonth;
import java.util.List;

/**
 * What a backfill is asked for.
 *
 * @param families empty for all
 * @param pairs empty for all
 * @param from first month, null for the first there is
 * @param to last month, included, null for the last there is
 * @param workers how many partitions at a time, each worker on a connection of its own
 * @param force whether to compute what is done, too
 */
public record BackfillRequest(
    List<String> families,
    List<String> pairs,
    YearMonth from,
    YearMonth to,
    int workers,
    boolean force) {}
