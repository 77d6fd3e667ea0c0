package org.bqx.imports;

import org.bqx.terminal.Quantity;

/**
 * Nothing of a source was imported, because too many of its lines were refused, or all are of no
 * use.
 */
public final class RejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ImportSummary summary;

  private final String next;

  RejectedException(ImportSummary summary, String why) {
    this(
        summary,
        "%,d of %s refused, %s: nothing imported"
            .formatted(summary.rejected(), Quantity.of(summary.read(), "line"), why),
        null);
  }

  /**
   * @param next what to do about it, null where the rejects say it
   */
  RejectedException(ImportSummary summary, String message, String next) {
    super(message);
    this.summary = summary;
    this.next = next;
  }

  /** Returns what to do about it, null where the rejects say it. */
  public String next() {
    return next;
  }

  /** Returns what was read. */
  public ImportSummary summary() {
    return summary;
  }
}
