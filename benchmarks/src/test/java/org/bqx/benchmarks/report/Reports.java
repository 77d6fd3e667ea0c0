package org.bqx.benchmarks.report;

import java.time.YearMonth;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bqx.benchmarks.report.RangeResult.WithWorkers;

/** Reports of runs that never were, with round numbers. */
final class Reports {
  static final Machine MACHINE =
      new Machine(
          2,
          "Example & Sons <x86>",
          8L << 30,
          "Linux",
          "/dev/sda, ext4",
          "15.1 (Debian)",
          "sqljrt 1.0",
          "17",
          Map.of("fsync", "on"));

  private static final Map<Measure, Sample> WRITTEN =
      Map.of(
          Measure.DISK, sample(20),
          Measure.FLOOR, sample(50),
          Measure.FLOOR_INSERT, sample(25),
          Measure.CREATE_AS, sample(30),
          Measure.COPY, sample(100),
          Measure.TRUNCATE, sample(80),
          Measure.FORCED, sample(120),
          Measure.MISSING, sample(60),
          Measure.FIRST, sample(150),
          Measure.INSERT, sample(40));

  private Reports() {}

  /**
   * The floor 50 ms, its INSERT 25, ours 60 and 40 ms, COPY 100 ms, SQL 3000 ms; two workers 1.5
   * times as fast, the floor 1.2.
   */
  static BenchReport withRivals() {
    return report(500, with(Measure.SQL, sample(3000)));
  }

  /** Two workers 1.5 times as fast, the floor twice. */
  static BenchReport withoutRivals() {
    return report(300, WRITTEN);
  }

  private static Map<Measure, Sample> with(Measure measure, Sample sample) {
    Map<Measure, Sample> samples = new EnumMap<>(WRITTEN);
    samples.put(measure, sample);
    return samples;
  }

  private static BenchReport report(double floorByTwo, Map<Measure, Sample> samples) {
    return BenchReport.of(
        MACHINE,
        List.of(new PartitionResult("bqx", "eurusd", YearMonth.of(2024, 7), 30_000, 57, samples)),
        new RangeResult(
            4,
            2,
            16,
            500_000,
            List.of(
                new WithWorkers(1, sample(900), sample(600), 80),
                new WithWorkers(2, sample(600), sample(floorByTwo), 301))));
  }

  private static Sample sample(double milliseconds) {
    return new Sample(milliseconds, milliseconds, milliseconds, 5);
  }
}
