package org.bqx.plan;

import java.time.YearMonth;
import org.bqx.partition.PartitionState;
import org.bqx.partition.Write;

/**
 * What a backfill would do to a partition.
 *
 * @param family which family
 * @param pair in lower case
 * @param month the month
 * @param state how it stands with it
 * @param reason why: what changed, or the message of the failure; null when there is nothing to say
 * @param write what would be written
 * @param bars bars of the month
 * @param seconds what one worker is expected to take for it
 */
public record PlannedPartition(
    String family,
    String pair,
    YearMonth month,
    PartitionState state,
    String reason,
    Write write,
    long bars,
    double seconds) {}
