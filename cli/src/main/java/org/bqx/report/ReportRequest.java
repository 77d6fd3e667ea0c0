package org.bqx.report;

import java.time.YearMonth;
import java.util.List;

/**
 * What a report is asked for.
 *
 * @param families empty for all
 * @param pairs empty for all
 * @param from first month, null for the first there is
 * @param to last month, included, null for the last there is
 * @param seriesPair whose series to draw, null for the first that has any
 * @param seriesMonth of which month, null for the last that is computed
 */
public record ReportRequest(
    List<String> families,
    List<String> pairs,
    YearMonth from,
    YearMonth to,
    String seriesPair,
    YearMonth seriesMonth) {}
