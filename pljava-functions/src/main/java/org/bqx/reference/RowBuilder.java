package org.bqx.reference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.bqx.kernel.Bars;

/**
 * Puts a row together: columns are added by metric, then window, and come out in ascending order of
 * their needs; those whose need is not met are not computed.
 */
final class RowBuilder {

  private record Column(int needs, DoubleSupplier value) {}

  private final Bars bars;
  private final int bar;
  private final List<Column> columns = new ArrayList<>();

  RowBuilder(Bars bars, int bar) {
    this.bars = bars;
    this.bar = bar;
  }

  void add(int needs, DoubleSupplier value) {
    if (needs <= bar) {
      columns.add(new Column(needs, value));
    }
  }

  double[] row() {
    columns.sort(Comparator.comparingInt(Column::needs));
    double[] row = new double[columns.size() + 1];
    row[0] = bars.at(0, bar);
    for (int i = 1; i < row.length; i++) {
      row[i] = columns.get(i - 1).value().getAsDouble();
    }
    return row;
  }
}
