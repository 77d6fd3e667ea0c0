package org.bqx.imports;

/** What becomes of a bar whose minute already holds another one. */
public enum OnConflict {
  /** The whole file is refused. */
  FAIL,
  /** The bar in the table stays. */
  KEEP,
  /** The bar of the file takes its place. */
  REPLACE
}
