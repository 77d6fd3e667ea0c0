package org.bqx.imports;

/** Whose prices a file has. */
public enum Side {
  /** What buyers offer: the price of a bar here. */
  BID,
  /** What sellers ask: it completes bars that are there. */
  ASK,
  /** Prices of which no side is known, or that are to be taken as they are. */
  NONE
}
