package org.bqx.reference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.bqx.kernel.Bars;

/** The row of a bar: columns are added in the order of the catalogue, and sorted by their needs. */
final class ReferenceRow {

  private record Value(int needs, double value) {}

  private final double rateIndex;
  private final int bar;
  private final List<Value> values = new ArrayList<>();

  ReferenceRow(Bars bars, int bar) {
    rateIndex = bars.at(0, bar);
    this.bar = bar;
  }

  /** Adds a column, which is computed if there are as many bars before as it needs. */
  ReferenceRow add(int needs, DoubleSupplier value) {
    if (needs <= bar) {
      // A negative zero becomes a zero.
      values.add(new Value(needs, value.getAsDouble() + 0.0));
    }
    return this;
  }

  /** Returns rate_index and the columns, those with equal needs in the order they were added in. */
  double[] toArray() {
    values.sort(Comparator.comparingInt(Value::needs));
    double[] row = new double[1 + values.size()];
    row[0] = rateIndex;
    for (int i = 0; i < values.size(); i++) {
      row[i + 1] = values.get(i).value();
    }
    return row;
  }
}
