package org.bqx.export;

/** The numbers of a row, whatever form it came in; columns count from 0. */
interface Row {
  boolean isNull(int column);

  /** Returns a column of doubles that is not NULL. */
  double getDouble(int column);
}
