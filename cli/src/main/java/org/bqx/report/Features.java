package org.bqx.report;

import java.time.YearMonth;
import java.util.List;
import java.util.Map;

/**
 * What a reader may look at of the values themselves.
 *
 * @param pair whose values are drawn first
 * @param month of which month
 * @param families what there is to choose from
 * @param panels the values of that pair and month, a panel for each family that is computed there;
 *     empty where the page asks for them
 * @param months for each column of these, its months; empty likewise
 */
public record Features(
    String pair,
    YearMonth month,
    List<Family> families,
    List<Panel> panels,
    Map<String, List<MonthFigures>> months) {
  /** Copies the collections. */
  public Features {
    families = List.copyOf(families);
    panels = List.copyOf(panels);
    months = Map.copyOf(months);
  }

  /**
   * A family and its columns.
   *
   * @param family its name
   * @param isMarket whether its rows are of the market rather than of a pair
   * @param description what it says
   * @param first the column to show first
   * @param columns in the table's order
   */
  public record Family(
      String family, boolean isMarket, String description, String first, List<Column> columns) {
    /** Copies the list. */
    public Family {
      columns = List.copyOf(columns);
    }

    /** Returns the names of the columns. */
    public List<String> names() {
      return columns.stream().map(Column::name).toList();
    }
  }

  /**
   * A month of a pair, all columns of a family.
   *
   * @param family which family
   * @param pair which pair
   * @param month which month
   * @param rows of the month
   * @param every the histogram is of every nth minute
   * @param times begins of the stretches that the lines are drawn of, in seconds since 1970
   * @param seconds the length of a stretch
   * @param columns in the family's order
   * @param correlations Pearson's r of columns 2 and 1, 3 and 1, 3 and 2, 4 and 1 …; null where it
   *     is not defined
   */
  public record Panel(
      String family,
      String pair,
      YearMonth month,
      long rows,
      long every,
      List<Long> times,
      long seconds,
      List<Figures> columns,
      List<Double> correlations) {}

  /**
   * A column over a month. Values that are no number, or so large that sums of them overflow, are
   * counted and not drawn.
   *
   * @param values how many values there are
   * @param nulls how many rows have none
   * @param wild how many are not drawn
   * @param lowest of all values
   * @param average of all values
   * @param highest of all values
   * @param deviation sample standard deviation
   * @param low of each stretch the lowest value, null where it has none
   * @param mean of each stretch the average
   * @param high of each stretch the highest
   * @param bins how many values lie in each of equal parts from lowest to highest; empty when all
   *     are one
   */
  public record Figures(
      long values,
      long nulls,
      long wild,
      Double lowest,
      Double average,
      Double highest,
      Double deviation,
      List<Double> low,
      List<Double> mean,
      List<Double> high,
      List<Long> bins) {}

  /**
   * A column's month beside others, by a sample of its rows.
   *
   * @param month which month
   * @param values how many values the sample has
   * @param p05 the value that 5 % are not above
   * @param median the value that half are not above
   * @param p95 the value that 95 % are not above
   * @param average of the sample
   * @param drift population stability index against the month before, null for the first
   */
  public record MonthFigures(
      YearMonth month,
      int values,
      Double p05,
      Double median,
      Double p95,
      Double average,
      Double drift) {}
}
