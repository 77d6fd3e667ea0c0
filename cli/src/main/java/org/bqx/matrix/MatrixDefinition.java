package org.bqx.matrix;

import java.time.Instant;
import java.util.List;

/**
 * What a matrix is asked to be. Columns are patterns such as {@code bqx.*}; {@code
 * bqx.matrix_sources} says how they are read.
 *
 * @param name letters, digits and _, in lower case
 * @param pairs at least one
 * @param columns of the pair itself
 * @param related pairs, or {@code same}, or {@code all}
 * @param relatedColumns columns of these
 * @param relatedMaxAge minutes that a related pair's row may be older; null for the same minute
 *     alone
 * @param lags in bars
 * @param lagColumns patterns among the columns; null for those of bqx, reg, volume, spread, xpair
 * @param targetWindow bars; null for a matrix without a target, and then the next is
 * @param targetHorizon bars from a row to the bar that its target is of
 * @param from first instant; null for each pair's baseline bar
 * @param to end, excluded; null for none
 * @param trainUntil null for 70 % of the time, and then the next is
 * @param validateUntil null for 85 % of the time
 * @param embargo bars; null for the horizon
 */
public record MatrixDefinition(
    String name,
    List<String> pairs,
    List<String> columns,
    List<String> related,
    List<String> relatedColumns,
    Integer relatedMaxAge,
    List<Integer> lags,
    List<String> lagColumns,
    Integer targetWindow,
    Integer targetHorizon,
    Instant from,
    Instant to,
    Instant trainUntil,
    Instant validateUntil,
    Integer embargo) {
  /** Copies the lists. */
  public MatrixDefinition {
    pairs = List.copyOf(pairs);
    columns = List.copyOf(columns);
    related = List.copyOf(related);
    relatedColumns = List.copyOf(relatedColumns);
    lags = List.copyOf(lags);
    lagColumns = lagColumns == null ? null : List.copyOf(lagColumns);
  }
}
