package org.bqx.partition;

/** How it stands with a partition, as {@code bqx.progress} says it. */
public enum PartitionState {
  /** Its rows are what its bars would give now. */
  DONE("done"),
  /** A backend computes it. */
  RUNNING("running"),
  /** It has bars and was never computed. */
  MISSING("missing"),
  /** It was computed from other bars, by other functions, or with other windows. */
  STALE("stale"),
  /** Its last computation failed. */
  FAILED("failed"),
  /** Its month has no bars. */
  NO_BARS("no bars"),
  /** No bar of its month has bid and ask, and they are what it is made of. */
  NO_QUOTES("no quotes"),
  /** It is on a node that does not answer; a single server has none of these. */
  UNREACHABLE("unreachable");

  private final String text;

  PartitionState(String text) {
    this.text = text;
  }

  /**
   * Returns the state that SQL calls so.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static PartitionState of(String text) {
    for (PartitionState state : values()) {
      if (state.text.equals(text)) {
        return state;
      }
    }
    throw new IllegalArgumentException("\"%s\" is no state of a partition".formatted(text));
  }

  /** Returns whether there is nothing to compute it from: no backfill takes it. */
  public boolean lacksInputs() {
    return this == NO_BARS || this == NO_QUOTES;
  }

  /** Returns what SQL, JSON and people call it. */
  @Override
  public String toString() {
    return text;
  }
}
