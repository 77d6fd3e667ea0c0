package org.bqx.report;

import java.time.YearMonth;
import org.bqx.partition.PartitionRange;

/**
 * What a report is asked for.
 *
 * @param range of which partitions
 * @param pair whose columns to draw, null for the first that has any
 * @param month of which month, null for the last that is computed
 * @param live whether the page asks for the columns that it draws; else they are in the report
 */
public record ReportRequest(PartitionRange range, String pair, YearMonth month, boolean live) {}
