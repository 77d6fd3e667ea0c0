package org.bqx.imports;

/** What becomes of bars between Friday 23:00 and Sunday 20:00 UTC. */
public enum Weekend {
  /** They are bad rows. */
  REJECT,
  /** They are bars like others. */
  KEEP
}
