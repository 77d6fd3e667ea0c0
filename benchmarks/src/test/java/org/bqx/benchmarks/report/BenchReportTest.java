package org.bqx.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.bqx.benchmarks.report.BenchReport.Ratio;
import org.junit.jupiter.api.Test;

class BenchReportTest {
  @Test
  void ratiosCompareWithTheFloorTheRivalsAndOneWorker() {
    assertThat(Reports.withRivals().ratios())
        .extracting(Ratio::what, Ratio::value, Ratio::goal, Ratio::reached)
        .containsExactly(
            tuple("bqx, a missing partition / the floor", 1.2, "≤ 1.00", false),
            tuple("bqx, new table and INSERT / the floor's", 1.6, "≤ 0.60", false),
            tuple(
                "bqx, a missing partition / the same rows by CREATE TABLE AS, then the key",
                2.0,
                null,
                true),
            tuple(
                "bqx, a missing partition / as many bytes written to files and flushed",
                3.0,
                null,
                true),
            tuple("bqx, milliseconds of a session's first partition", 150.0, "< 150", false),
            tuple("bqx, a done partition, forced / TRUNCATE and INSERT", 1.5, "≤ 1.40", false),
            tuple("bqx, a done partition, forced / the floor", 2.4, null, true),
            tuple("bqx, SQL window functions / a missing partition", 50.0, "≥ 25.0", true),
            tuple("range, 1 worker / the floor by as many sessions", 1.5, "≤ 1.10", false),
            tuple("MiB of a backend, 1 worker", 80.0, "< 300", true),
            tuple("range, 2 workers / the floor by as many sessions", 1.2, "≤ 1.10", false),
            tuple("range, 1 / 2 workers", 1.5, "≥ 1.70, or the floor's own", true),
            tuple("range, 1 / 2 workers, the floor's own", 1.2, null, true),
            tuple("MiB of a backend, 2 workers", 301.0, "< 300", false));
  }

  @Test
  void workersNeedNotScaleBetterThanTheFloor() {
    assertThat(Reports.withoutRivals().ratios())
        .filteredOn(ratio -> ratio.what().equals("range, 1 / 2 workers"))
        .extracting(Ratio::value, Ratio::reached)
        .containsExactly(tuple(1.5, false));
  }

  @Test
  void textHasRatiosFirstAndTheMachineLast() {
    assertThat(BenchText.lines(Reports.withRivals())).first().isEqualTo("ratios of medians");
    assertThat(String.join("\n", BenchText.lines(Reports.withRivals())))
        .containsPattern("1\\.50 +goal ≤ 1\\.40, missed")
        .containsPattern(
            "the floor: .* 50\\.0 ms +1\\.00\\n +of which new table and INSERT +25\\.0 ms")
        .containsPattern("SQL window functions +3\\.00 s +60\\.0")
        .containsPattern("backfill, workers: 2 +600 ms +833,333 rows/s")
        .endsWith("settings: fsync=on");
  }
}
