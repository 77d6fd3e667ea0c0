package org.bqx.imports;

import java.util.List;

/** Nothing of a source was imported, because lines of it were refused. */
public final class RejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** How many refused lines are kept to be shown; the others are counted. */
  public static final int KEPT = 20;

  private final transient List<BarLine> lines;
  private final transient ImportSummary summary;

  RejectedException(List<BarLine> lines, ImportSummary summary) {
    super(summary.rejected() + " of " + summary.read() + " lines refused, nothing imported");
    this.lines = List.copyOf(lines);
    this.summary = summary;
  }

  /** Returns the first refused lines, at most {@link #KEPT}. */
  public List<BarLine> lines() {
    return lines;
  }

  /** Returns what was read. */
  public ImportSummary summary() {
    return summary;
  }
}
