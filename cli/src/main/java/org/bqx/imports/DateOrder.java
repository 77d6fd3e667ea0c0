package org.bqx.imports;

/** How a date such as 07/01/2024 is read. */
public enum DateOrder {
  /** Day, month, year. */
  DMY,
  /** Month, day, year. */
  MDY
}
