package org.bqx.cli;

import java.util.Map;

/**
 * The stage of the schema that a command cannot work before. A command that is not named here works
 * at every stage.
 */
final class NeededStages {
  /** Pairs, states of partitions, and what is said of them. */
  private static final String STATES = "1.5.1";

  /** Bars with bid and ask. */
  private static final String BARS = "1.5.2.1";

  /** Correlations. */
  private static final String CORRELATIONS = "1.5.8";

  /** The first family with tables. */
  private static final String FAMILIES = "1.5.4.2";

  /** The table of matrices. */
  private static final String MATRIX = "1.5.6";

  /** What a front needs of a database. */
  private static final String NODES = "1.5.9";

  private static final Map<String, String> BY_COMMAND =
      Map.ofEntries(
          Map.entry("export", FAMILIES),
          Map.entry("families", STATES),
          Map.entry("gaps", BARS),
          Map.entry("matrix", MATRIX),
          Map.entry("import", BARS),
          Map.entry("generate", BARS),
          Map.entry("plan", STATES),
          Map.entry("backfill", STATES),
          Map.entry("correlate", CORRELATIONS),
          Map.entry("monitor", STATES),
          Map.entry("node", NODES),
          Map.entry("status", STATES),
          Map.entry("verify", STATES),
          Map.entry("report", STATES),
          Map.entry("serve", STATES));

  private NeededStages() {}

  /** Returns the stage that a command needs, null for none. */
  static String of(String command) {
    return BY_COMMAND.get(command);
  }
}
