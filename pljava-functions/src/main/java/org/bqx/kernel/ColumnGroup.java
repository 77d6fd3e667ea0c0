package org.bqx.kernel;

import java.util.ArrayList;
import java.util.List;

/** Columns whose names are those of metrics, with a window's prefix or none. */
abstract class ColumnGroup implements Columns {

  private final String family;
  private final int length;
  private final int needs;
  private final String[] metrics;

  /**
   * @param length of the window that is part of the names, in bars; 0 for none
   * @param needs bars before a row's bar
   */
  ColumnGroup(String family, int length, int needs, String... metrics) {
    this.family = family;
    this.length = length;
    this.needs = needs;
    this.metrics = metrics;
  }

  // Joined when asked for, and not before: a session's first join of texts takes milliseconds.
  @Override
  public final List<String> names() {
    String prefix = length == 0 ? family : "w" + length + "_" + family;
    List<String> names = new ArrayList<>();
    for (String metric : metrics) {
      names.add(prefix + "_" + metric);
    }
    return names;
  }

  @Override
  public final int width() {
    return metrics.length;
  }

  @Override
  public final int needs() {
    return needs;
  }

  @Override
  public void start(int bar) {
    // Most columns of a bar alone have nothing to prepare.
  }
}
