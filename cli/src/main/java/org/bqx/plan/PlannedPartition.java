package org.bqx.plan;

import java.time.YearMonth;

/**
 * What a backfill would do to a partition.
 *
 * @param family bqx or reg
 * @param pair six lower-case letters
 * @param month the month
 * @param state missing, stale, failed, running, done or no bars
 * @param reason why: what changed, or the message of the failure; null when there is nothing to say
 * @param write all rows, new rows or no rows
 * @param bars bars of the month
 * @param seconds what one worker is expected to take for it
 */
public record PlannedPartition(
    String family,
    String pair,
    YearMonth month,
    String state,
    String reason,
    String write,
    long bars,
    double seconds) {}
