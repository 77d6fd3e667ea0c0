package org.bqx.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bqx.partition.PartitionState;

/**
 * The last stretch of work without a long pause, taken from when partitions started and ended: its
 * rate is the rate of all workers together, whoever runs them, and survives their restart.
 *
 * @param start when its first partition started
 * @param end when its last partition ended
 * @param rows rows that were written in it
 * @param work what was done for each family in it
 */
record Burst(Instant start, Instant end, long rows, Map<String, Share> work) {
  /** A pause that is longer belongs to no work: no partition takes as long to be taken up. */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  private static final double LEAST_LEFT = 1;

  /**
   * What was done for a family.
   *
   * @param seconds of its partitions, one after the other
   * @param rows that were written
   */
  record Share(double seconds, long rows) {
    Share plus(Share other) {
      return new Share(seconds + other.seconds, rows + other.rows);
    }
  }

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
    Map<String, Share> work = new HashMap<>();
    for (PartitionFact partition : ended) {
      if (partition.finishedAt().plus(LONGEST_PAUSE).isBefore(start)) {
        break;
      }
      long written = partition.written() == null ? 0 : partition.written();
      rows += written;
      work.merge(
          partition.family(),
          new Share(seconds(partition.startedAt(), partition.finishedAt()), written),
          Share::plus);
      start = partition.startedAt().isBefore(start) ? partition.startedAt() : start;
    }
    return new Burst(start, ended.get(0).finishedAt(), rows, work);
  }

  double seconds() {
    return seconds(start, end);
  }

  /** Returns rows per second, null for a burst without duration. */
  Double rate() {
    return seconds() > 0 ? Double.valueOf(rows / seconds()) : null;
  }

  /**
   * Returns the seconds from {@code now} until these partitions are done, at this burst's rate: a
   * row costs what a row of its family has cost, and as many are computed at a time. The time since
   * the burst's end counts as time of work, but one second is left as long as work is. Null when
   * nobody knows: there is no rate, or the work should have ended more than a minute ago.
   *
   * @param since when the work under way began, null when that is not known
   */
  Double secondsUntil(Collection<PartitionFact> left, Instant now, Instant since) {
    Share all = work.values().stream().reduce(new Share(0, 0), Share::plus);
    if (rows == 0 || all.seconds() == 0) {
      return null;
    }
    double workLeft =
        left.stream()
            .mapToDouble(partition -> partition.rowsToWrite() * cost(partition.family(), all))
            .sum();
    double atATime = all.seconds() / seconds();
    Instant idleFrom = since != null && since.isAfter(end) ? since : end;
    double seconds = workLeft / atATime - Math.max(0, seconds(idleFrom, now));
    return seconds < -LONGEST_PAUSE.toSeconds() ? null : Math.max(LEAST_LEFT, seconds);
  }

  /** Seconds of one backend for a row; of all families where this one has written none. */
  private double cost(String family, Share all) {
    Share own = work.get(family);
    Share known = own == null || own.rows() == 0 ? all : own;
    return known.seconds() / known.rows();
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }
}
