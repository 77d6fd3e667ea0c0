package org.bqx.partition;

/** What a computation writes to a partition. */
public enum Write {
  /** The partition anew. */
  ALL_ROWS("all rows"),
  /** The rows of bars that were appended. */
  NEW_ROWS("new rows"),
  /** The rows that waited for the bars after them, and the rows of bars that were appended. */
  TAIL_ROWS("tail rows"),
  /** Nothing: no bar that the partition reads has changed. */
  NO_ROWS("no rows"),
  /** Nothing, and what is there goes: what it was computed from is gone. No computation. */
  REMOVAL("removal");

  private final String text;

  Write(String text) {
    this.text = text;
  }

  /**
   * Returns what SQL calls so.
   *
   * @throws IllegalArgumentException when there is nothing of that name
   */
  public static Write of(String text) {
    for (Write write : values()) {
      if (write.text.equals(text)) {
        return write;
      }
    }
    throw new IllegalArgumentException("\"%s\" is nothing that is written".formatted(text));
  }

  /** Returns what SQL, JSON and people call it. */
  @Override
  public String toString() {
    return text;
  }
}
