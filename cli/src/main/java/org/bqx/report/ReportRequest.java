package org.bqx.report;

import java.time.YearMonth;
import org.bqx.partition.PartitionRange;

/**
 * What a report is asked for.
 *
 * @param range of which partitions
 * @param pair whose columns to draw, null for the first that has any
 * @param month of which month, null for the last that is computed
 * @param isDrawn whether the columns are read, to be drawn; a live page asks for them by itself,
 *     and Markdown draws none
 */
public record ReportRequest(PartitionRange range, String pair, YearMonth month, boolean isDrawn) {}
