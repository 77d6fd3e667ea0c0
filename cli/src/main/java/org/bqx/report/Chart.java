package org.bqx.report;

import java.util.List;

/**
 * What a report draws of one family, over one pair and month.
 *
 * @param family which family
 * @param caption what is drawn
 * @param lines what each line is
 * @param values of the lines, in their order; no times when the family is not computed
 */
public record Chart(String family, String caption, List<Line> lines, Lines values) {
  /** Copies the list. */
  public Chart {
    lines = List.copyOf(lines);
  }

  /**
   * One line.
   *
   * @param label its name in the chart
   * @param scale lines of one scale share an axis
   * @param lowest least value that there can be, null where there is no bound
   * @param highest greatest value that there can be, null where there is no bound
   * @param window its window in bars where the reader chooses among windows, else null
   * @param shown whether it is drawn before the reader chooses
   */
  public record Line(
      String label, String scale, Double lowest, Double highest, Integer window, boolean shown) {}

  /** Returns whether the reader chooses among windows. */
  public boolean hasChoice() {
    return lines.stream().anyMatch(line -> line.window() != null);
  }
}
