package org.bqx.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.bqx.partition.PartitionState;

/**
 * The last stretch of work without a long pause, taken from when partitions started and ended: its
 * rate is the rate of all workers together, whoever runs them, and survives their restart.
 *
 * @param start when its first partition started
 * @param end when its last partition ended
 * @param rows rows of the partitions that ended in it
 */
record Burst(Instant start, Instant end, long rows) {
  /** A pause that is longer belongs to no work: no partition takes as long to be taken up. */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  /** Returns the last burst among the partitions, null when none was ever computed. */
  static Burst last(List<PartitionFact> partitions) {
    List<PartitionFact> ended =
        partitions.stream()
            .filter(
                p -> p.is(PartitionState.DONE) && p.startedAt() != null && p.finishedAt() != null)
            .sorted(Comparator.comparing(PartitionFact::finishedAt).reversed())
            .toList();
    if (ended.isEmpty()) {
      return null;
    }
    Instant start = ended.get(0).startedAt();
    long rows = 0;
    for (PartitionFact partition : ended) {
      if (partition.finishedAt().plus(LONGEST_PAUSE).isBefore(start)) {
        break;
      }
      rows += partition.rows();
      start = partition.startedAt().isBefore(start) ? partition.startedAt() : start;
    }
    return new Burst(start, ended.get(0).finishedAt(), rows);
  }

  double seconds() {
    return Duration.between(start, end).toNanos() / 1e9;
  }

  /** Returns rows per second, null for a burst without duration. */
  Double rate() {
    return seconds() > 0 ? Double.valueOf(rows / seconds()) : null;
  }

  /**
   * Returns the seconds from {@code now} until so many more rows are there, at this burst's rate;
   * null when it has none. The time since its end counts as time of work.
   */
  Double secondsUntil(long rowsLeft, Instant now) {
    if (rate() == null || rows == 0) {
      return null;
    }
    double sinceEnd = Math.max(0, Duration.between(end, now).toNanos() / 1e9);
    return Math.max(0, rowsLeft / rate() - sinceEnd);
  }
}
