package org.bqx.imports;

/** Nothing of a source was imported, because too many of its lines were refused. */
public final class RejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ImportSummary summary;

  RejectedException(ImportSummary summary, String why) {
    super(
        "%,d of %,d lines refused, %s: nothing imported"
            .formatted(summary.rejected(), summary.read(), why));
    this.summary = summary;
  }

  /** Returns what was read. */
  public ImportSummary summary() {
    return summary;
  }
}
