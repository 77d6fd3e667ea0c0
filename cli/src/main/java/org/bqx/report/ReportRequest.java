package org.bqx.report;

import java.time.YearMonth;
import org.bqx.partition.PartitionRange;

/**
 * What a report is asked for.
 *
 * @param range of which partitions
 * @param seriesPair whose series to draw, null for the first that has any
 * @param seriesMonth of which month, null for the last that is computed
 */
public record ReportRequest(PartitionRange range, String seriesPair, YearMonth seriesMonth) {}
