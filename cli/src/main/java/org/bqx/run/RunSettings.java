package org.bqx.run;

import java.time.Duration;
import org.bqx.engine.EngineName;

/**
 * How a backfill goes about its work.
 *
 * @param newestFirst whether the newest month comes first instead of the oldest
 * @param retry whether only partitions that failed are taken
 * @param failFast whether the first failure ends the backfill
 * @param patience how long partitions that others hold are tried again, from the last time that one
 *     of them became free
 * @param statementTimeout the longest a partition may take
 * @param lockTimeout the longest to wait for readers of a partition that is replaced
 * @param keepRuns how many runs {@code bqx.run} remembers
 * @param engine where to compute, null for what the database records
 */
public record RunSettings(
    boolean newestFirst,
    boolean retry,
    boolean failFast,
    Duration patience,
    Duration statementTimeout,
    Duration lockTimeout,
    int keepRuns,
    EngineName engine) {
  /** Oldest first, all that is not done, going on after a failure. */
  public static final RunSettings DEFAULT =
      new RunSettings(
          false,
          false,
          false,
          Duration.ofSeconds(60),
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          100,
          null);

  /** Returns these settings for what failed alone, or for all that is not done. */
  public RunSettings withRetry(boolean onlyFailed) {
    return new RunSettings(
        newestFirst,
        onlyFailed,
        failFast,
        patience,
        statementTimeout,
        lockTimeout,
        keepRuns,
        engine);
  }
}
