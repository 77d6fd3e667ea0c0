package org.bqx.imports;

/** What becomes of bars when no market is open: see {@link MarketWeek}. */
public enum Weekend {
  /** They are bad rows. */
  REJECT,
  /** They are bars like others. */
  KEEP
}
