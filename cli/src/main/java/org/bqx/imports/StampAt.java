package org.bqx.imports;

/** Which end of a bar its time is. */
public enum StampAt {
  /** The minute begins then. */
  OPEN,
  /** The minute has ended then. */
  CLOSE
}
