package org.bqx.stages;

import java.time.Instant;

/**
 * One stage of the schema or of the backfill.
 *
 * @param version such as 1.5.4.3
 * @param title what it is
 * @param state todo, in progress or complete
 * @param percent 0 to 100
 * @param started null while todo
 * @param seconds from its start to its end, or to its last partition's; null while todo
 * @param result what it made or removed; why it failed; null while todo
 */
public record Stage(
    String version,
    String title,
    String state,
    double percent,
    Instant started,
    Double seconds,
    String result) {
  /** Nothing of it is done. */
  static final String TODO = "todo";

  /** Some of it is done. */
  static final String IN_PROGRESS = "in progress";

  /** All of it is done. */
  static final String COMPLETE = "complete";

  /** Returns the state as people read it: {@code in progress (38.3 %)}. */
  public String status() {
    // Rounded down: 100.0 % is said of what is complete alone.
    return state.equals(IN_PROGRESS)
        ? "%s (%s %%)".formatted(state, Math.floor(percent * 10) / 10)
        : state;
  }
}
