package org.bqx.matrix;

import java.time.Instant;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoublePredicate;
import org.bqx.terminal.Quantity;
import org.bqx.verify.Finding;

/**
 * Looks at a column's values, month after month of a pair: NULLs, range, whether they vary, and how
 * far they are from a reference.
 */
final class ColumnCheck {
  static final String FINITE = "finite";
  static final String RANGE = "range";
  static final String NULLS = "NULL share";
  static final String CONSTANT = "constant";
  static final String DRIFT = "drift";

  /** What rounding may add to a range. */
  private static final double SLACK = 1e-9;

  private final String pair;
  private final CheckRequest request;
  private final List<Finding> warnings;
  private final List<Finding> differences;
  private final Map<String, Double> shareBefore = new HashMap<>();

  ColumnCheck(
      String pair, CheckRequest request, List<Finding> warnings, List<Finding> differences) {
    this.pair = pair;
    this.request = request;
    this.warnings = warnings;
    this.differences = differences;
  }

  /**
   * Checks a month.
   *
   * @param rows the month's
   * @param column index of the column in these
   * @param before bars of the pair before the first row
   * @param reference what the values are compared with, ascending
   */
  CheckOutcome.ColumnMonth check(
      YearMonth month, MatrixRows rows, int column, int before, double[] reference) {
    MatrixColumn what = rows.columns().get(column);
    double[] values = rows.values()[column];
    boolean[] isNull = rows.isNull()[column];
    int first = what.lookback() == null ? 0 : Math.max(0, what.lookback() - before);

    rule(
        month,
        rows,
        column,
        FINITE,
        "a number",
        value -> !Double.isNaN(value) && !Double.isInfinite(value));
    if (what.lowest() != null && what.highest() != null) {
      double lowest = what.lowest() - SLACK;
      double highest = what.highest() + SLACK;
      rule(
          month,
          rows,
          column,
          RANGE,
          "%s to %s".formatted(what.lowest(), what.highest()),
          value -> !(value < lowest) && !(value > highest));
    }

    int nulls = 0;
    int firstNull = -1;
    for (int i = first; i < rows.size(); i++) {
      if (isNull[i]) {
        nulls++;
        firstNull = firstNull < 0 ? i : firstNull;
      }
    }
    if (nulls > 0 && !what.nullable()) {
      differences.add(
          finding(
              NULLS,
              month,
              rows.time(firstNull),
              what.name(),
              "NULL in " + Quantity.of(nulls, "row"),
              "never NULL after " + Quantity.of(what.lookback(), "bar")));
    }
    int counted = Math.max(rows.size() - first, 0);
    double share = counted == 0 ? 0 : (double) nulls / counted;
    Double shareOfMonthBefore = shareBefore.put(what.name(), share);
    if (share > request.nullShare()) {
      warnings.add(
          finding(
              NULLS,
              month,
              null,
              what.name(),
              percent(share) + " NULL",
              "at most " + percent(request.nullShare())));
    } else if (shareOfMonthBefore != null
        && Math.abs(share - shareOfMonthBefore) > request.nullShare()) {
      warnings.add(
          finding(
              NULLS,
              month,
              null,
              what.name(),
              percent(share) + " NULL",
              percent(shareOfMonthBefore) + " as in the month before"));
    }

    double[] numbers = rows.numbers(column);
    if (what.isFeature() && numbers.length > 1 && numbers[0] == numbers[numbers.length - 1]) {
      warnings.add(
          finding(
              CONSTANT,
              month,
              null,
              what.name(),
              numbers[0] + " in every row",
              "values that vary"));
    }
    Double stability = null;
    Double distance = null;
    if (numbers.length > 0 && reference.length > 0) {
      stability = Drift.populationStability(reference, numbers);
      distance = Drift.kolmogorovSmirnov(reference, numbers);
      if (stability > request.stability() && !isLevel(what)) {
        warnings.add(
            finding(
                DRIFT,
                month,
                null,
                what.name(),
                String.format(Locale.ROOT, "PSI %.3f, KS %.3f", stability, distance),
                "PSI at most " + request.stability()));
      }
    }
    return new CheckOutcome.ColumnMonth(
        pair, month, what.name(), rows.size(), nulls, stability, distance);
  }

  /** A level drifts by nature, and says nothing; what is relative to it does. */
  static boolean isLevel(MatrixColumn column) {
    return column.unit().equals("index points");
  }

  private void rule(
      YearMonth month,
      MatrixRows rows,
      int column,
      String check,
      String expected,
      DoublePredicate holds) {
    double[] values = rows.values()[column];
    int first = -1;
    int broken = 0;
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.isNull()[column][i] && !holds.test(values[i])) {
        first = first < 0 ? i : first;
        broken++;
      }
    }
    if (broken > 0) {
      differences.add(
          finding(
              check,
              month,
              rows.time(first),
              rows.columns().get(column).name(),
              Quantity.withOthers(String.valueOf(values[first]), broken - 1),
              expected));
    }
  }

  private Finding finding(
      String check, YearMonth month, Instant time, String column, String found, String expected) {
    return new Finding(check, null, pair, month, time, column, found, expected);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
