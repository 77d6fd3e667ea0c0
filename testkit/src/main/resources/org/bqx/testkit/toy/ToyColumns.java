package org.bqx.kernel;

import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Columns computed bar by bar. */
final class ToyColumns implements Columns {
  private final List<String> names;
  private final int needs;
  private final int lookahead;
  private final IntToDoubleFunction[] values;

  ToyColumns(List<String> names, int needs, int lookahead, IntToDoubleFunction... values) {
    this.names = names;
    this.needs = needs;
    this.lookahead = lookahead;
    this.values = values;
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public int width() {
    return values.length;
  }

  @Override
  public int needs() {
    return needs;
  }

  @Override
  public int lookahead() {
    return lookahead;
  }

  @Override
  public void start(int bar) {
    // Nothing is kept from bar to bar.
  }

  @Override
  public void write(int from, int to, double[][] rows, int offset) {
    for (int bar = from; bar < to; bar++) {
      for (int i = 0; i < values.length; i++) {
        rows[bar - from][offset + i] = values[i].applyAsDouble(bar);
      }
    }
  }
}
