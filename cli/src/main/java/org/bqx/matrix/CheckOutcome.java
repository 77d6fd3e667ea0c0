package org.bqx.matrix;

import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import org.bqx.terminal.Quantity;
import org.bqx.verify.Finding;

/**
 * What a check of a matrix found.
 *
 * @param at when it began, by the server's clock
 * @param server what was checked
 * @param name the matrix
 * @param checks the names of the checks that were made, in order
 * @param facts what is so
 * @param warnings what is odd
 * @param differences what is wrong
 * @param columns each column in each month
 */
public record CheckOutcome(
    Instant at,
    String server,
    String name,
    List<String> checks,
    List<Finding> facts,
    List<Finding> warnings,
    List<Finding> differences,
    List<ColumnMonth> columns) {
  /**
   * A column in a month.
   *
   * @param pair whose rows they are
   * @param month the month
   * @param column the column
   * @param rows rows of the month, those before the column's lookback included
   * @param nulls rows after the lookback that are NULL
   * @param psi population stability index against the reference; null where either has no number
   * @param ks Kolmogorov-Smirnov statistic, likewise
   */
  public record ColumnMonth(
      String pair, YearMonth month, String column, int rows, int nulls, Double psi, Double ks) {}

  /** Copies the lists. */
  public CheckOutcome {
    checks = List.copyOf(checks);
    facts = List.copyOf(facts);
    warnings = List.copyOf(warnings);
    differences = List.copyOf(differences);
    columns = List.copyOf(columns);
  }

  /** Returns the outcome in one line. */
  public String summary() {
    return "matrix %s checked: %s, %s"
        .formatted(
            name,
            Quantity.of(differences.size(), "difference"),
            Quantity.of(warnings.size(), "warning"));
  }
}
