package org.bqx.reference;

/**
 * What must hold between the columns of a row and the bars, for rows with all their history: the
 * conditions of {@code bqx.feature_rule} in Java, which takes less time for them than SQL.
 *
 * <p>Each condition implies that of the catalogue: where all hold here, SQL has nothing to say;
 * where one does not, SQL is asked, and names it. A comparison with NaN does not hold.
 */
public final class RowRules {

  /** The rules of the columns of one window. */
  private interface Window {
    /**
     * Whether they hold.
     *
     * @param rows the row's metrics from {@code at} on
     * @param length bars of the window
     * @param x index of the row's bar
     * @param previous index of the bar before
     * @param past index {@code length} bars before
     */
    boolean hold(double[] rows, int at, int length, double x, double previous, double past);
  }

  private static final int METRICS = 9;
  private static final double SLACK = 1e-12;

  private RowRules() {}

  /** Returns whether there are rules of a family here. */
  public static boolean has(String family) {
    return of(family) != null;
  }

  /**
   * Returns whether all rules hold in all rows, and each has the index of its bar.
   *
   * @param family one that {@link #has} rules
   * @param rows the stored rows of consecutive bars, one after the other, each the index and the
   *     family's columns, after {@code lead} values that have no rule
   * @param lead number of such values, at least 0
   * @param first number of rows that are not looked at, at least 0
   * @param index rate_index of the bars
   * @param windows lengths, ascending
   * @param skip bars before that of the first row
   */
  public static boolean hold(
      String family, double[] rows, int lead, int first, double[] index, int[] windows, int skip) {
    Window rules = of(family);
    int width = lead + 1 + METRICS * windows.length;
    if (rows.length % width != 0 || skip < 0 || skip > index.length - rows.length / width) {
      return false;
    }
    for (int window : windows) {
      if (window < 1 || window > skip + first) {
        return false;
      }
    }
    for (int at = first * width + lead, bar = skip + first; at < rows.length; at += width, bar++) {
      double x = index[bar];
      if (rows[at] != x) {
        return false;
      }
      for (int i = 0; i < windows.length; i++) {
        int length = windows[i];
        double past = index[bar - length];
        if (!rules.hold(rows, at + 1 + METRICS * i, length, x, index[bar - 1], past)) {
          return false;
        }
      }
    }
    return true;
  }

  private static Window of(String family) {
    return switch (family) {
      case "bqx" -> RowRules::bqx;
      case "reg" -> RowRules::reg;
      default -> null;
    };
  }

  private static boolean bqx(
      double[] rows, int at, int length, double x, double previous, double past) {
    double meanReturn = rows[at + 1];
    double max = rows[at + 2];
    double min = rows[at + 3];
    double average = rows[at + 4];
    double stdev = rows[at + 5];
    double range = rows[at + 7];
    double inverse = 1 / x;
    return meanReturn == rows[at] * (1.0 / length)
        && Math.abs((1 + meanReturn) * x - average) <= SLACK * (x + average)
        && min <= average
        && average <= max
        && isSize(stdev)
        && rows[at + 6] == (past - x) * inverse
        && isSize(range)
        && range == (max - min) * inverse
        && rows[at + 8] == stdev * inverse;
  }

  private static boolean reg(
      double[] rows, int at, int length, double x, double previous, double past) {
    double aTerm = rows[at + 3];
    double bTerm = rows[at + 4];
    double r2 = rows[at + 5];
    double reach = length - 1;
    return aTerm == rows[at] * (reach * reach)
        && bTerm == rows[at + 1] * reach
        && r2 >= -1e-9
        && r2 <= 1 + 1e-9
        && isSize(rows[at + 6])
        && Math.abs(aTerm + bTerm + rows[at + 2] + rows[at + 7] - previous) <= SLACK * x
        && Math.abs((1 + rows[at + 8]) * past - x) <= SLACK * (x + past);
  }

  /** Finite and not negative. */
  private static boolean isSize(double value) {
    return value >= 0 && value <= Double.MAX_VALUE;
  }
}
