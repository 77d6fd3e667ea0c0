package org.bqx.benchmarks.report;

import java.util.List;

/**
 * What a whole range costs.
 *
 * @param partitions of all families that were measured
 * @param rows of all partitions
 * @param byWorkers in ascending order of workers
 */
public record RangeResult(
    int pairs, int months, int partitions, long rows, List<WithWorkers> byWorkers) {
  /** Copies the list. */
  public RangeResult {
    byWorkers = List.copyOf(byWorkers);
  }

  /**
   * A number of workers.
   *
   * @param backfill the whole range, connecting included
   * @param floor as many rows written by as many sessions, a new table with its key for each
   *     partition
   * @param backendMebibytes the largest resident size of a worker's backend without shared memory
   */
  public record WithWorkers(int workers, Sample backfill, Sample floor, double backendMebibytes) {}

  /** Returns how many times faster than the fewest workers a number of workers is. */
  public double speedup(WithWorkers measured) {
    return byWorkers.get(0).backfill().ratioTo(measured.backfill());
  }

  /** Returns the same of the floor. */
  public double floorSpeedup(WithWorkers measured) {
    return byWorkers.get(0).floor().ratioTo(measured.floor());
  }
}
