package org.bqx.benchmarks.report;

import java.time.YearMonth;
import java.util.Collections;
import java.util.Map;

/**
 * What one partition costs.
 *
 * @param family which family
 * @param rows rows of the partition
 * @param columns columns of the partition
 * @param samples in the order of {@link Measure}; rivals that are not there are left out
 */
public record PartitionResult(
    String family,
    String pair,
    YearMonth month,
    long rows,
    int columns,
    Map<Measure, Sample> samples) {
  /** Copies the samples. */
  public PartitionResult {
    samples = Collections.unmodifiableMap(new java.util.EnumMap<>(samples));
  }

  /** Returns how many times as long as the floor something took. */
  public double ratioToFloor(Measure measure) {
    return ratio(measure, Measure.FLOOR);
  }

  /** Returns how many times as long as a backfill of the missing partition something took. */
  public double ratioToBackfill(Measure measure) {
    return ratio(measure, Measure.MISSING);
  }

  /** Returns how many times as long as another thing something took. */
  public double ratio(Measure measure, Measure other) {
    return samples.get(measure).ratioTo(samples.get(other));
  }
}
