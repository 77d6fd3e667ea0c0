package org.bqx.cli;

/** When to colour what is written to a terminal. */
enum ColorMode {
  AUTO,
  ALWAYS,
  NEVER
}
