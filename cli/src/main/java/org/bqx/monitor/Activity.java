package org.bqx.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.bqx.partition.Selection;

/**
 * Whether anybody computes, as of one moment.
 *
 * @param now that moment
 * @param hasRuns whether runs of bqx are under way: they say what they will compute, which a call
 *     in SQL does not
 * @param goesOn whether anything does
 * @param since when that began, null when nobody knows
 */
record Activity(Instant now, boolean hasRuns, boolean goesOn, Instant since) {
  static Activity of(List<RunFact> runs, List<WorkerFact> workers, Instant now) {
    List<WorkerFact> computing =
        workers.stream().filter(worker -> worker.partition() != null).toList();
    Stream<Instant> statements =
        computing.stream()
            .filter(worker -> worker.seconds() != null)
            .map(worker -> now.minus(Duration.ofMillis(Math.round(worker.seconds() * 1000))));
    return new Activity(
        now,
        !runs.isEmpty(),
        !runs.isEmpty() || !computing.isEmpty(),
        Stream.concat(runs.stream().map(RunFact::startedAt), statements)
            .min(Instant::compareTo)
            .orElse(null));
  }

  /**
   * Returns the seconds until the work under way has computed its part of the partitions; null when
   * there is none, or nobody knows.
   *
   * @param burst of these partitions, or null
   */
  Double secondsLeft(List<PartitionFact> partitions, Burst burst) {
    List<PartitionFact> left =
        partitions.stream()
            .filter(p -> hasRuns ? p.planned() : Selection.OUTDATED.takes(p.state()))
            .toList();
    return burst == null || left.isEmpty() || !goesOn ? null : burst.secondsUntil(left, now, since);
  }
}
