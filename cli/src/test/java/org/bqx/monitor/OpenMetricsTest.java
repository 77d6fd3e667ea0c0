package org.bqx.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import org.bqx.gaps.BarsSummary;
import org.bqx.partition.PartitionState;
import org.junit.jupiter.api.Test;

class OpenMetricsTest {
  private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");

  @Test
  void figuresAreSamplesAndWhatIsNotKnownIsNone() {
    Map<String, Double> samples = MetricText.parse(lines("reg", Map.of("eurusd", NOW)));
    assertThat(samples)
        .containsEntry("bqx_build_info{version=\"1.2\"}", 1.0)
        .containsEntry("bqx_partitions{family=\"reg\",state=\"missing\"}", 275.0)
        .containsEntry("bqx_partitions{family=\"reg\",state=\"again\"}", 2.0)
        .containsEntry("bqx_partitions_left_out{family=\"reg\",state=\"no quotes\"}", 2.0)
        .containsEntry("bqx_partitions_left_out{family=\"reg\",state=\"no bars\"}", 1.0)
        .containsEntry("bqx_rows_per_second{family=\"reg\"}", 9100.5)
        .containsEntry("bqx_eta_seconds{family=\"reg\"}", 970.0)
        .containsEntry("bqx_newest_bar_timestamp_seconds{pair=\"eurusd\"}", 1767607200.0)
        .containsEntry("bqx_max_connections", 100.0)
        .doesNotContainKey("bqx_table_bytes{family=\"reg\"}")
        .doesNotContainKey("bqx_stalest_heartbeat_seconds");
  }

  /** An alert on a figure that is of some nodes alone would be calm when it should not. */
  @Test
  void whatANodeDoesNotTellIsNoFigure() {
    assertThat(MetricText.parse(lines("reg", Map.of(), bars(false))))
        .containsEntry("bqx_open_gaps", 0.0)
        .containsEntry("bqx_unmeasured_months", 3.0)
        .containsEntry("bqx_miscounted_months", 1.0)
        .containsEntry("bqx_pairs_without_baseline", 0.0);
    assertThat(MetricText.parse(lines("reg", Map.of(), bars(true))))
        .doesNotContainKeys(
            "bqx_open_gaps",
            "bqx_unmeasured_months",
            "bqx_miscounted_months",
            "bqx_pairs_without_baseline");
  }

  private static BarsSummary bars(boolean partial) {
    return new BarsSummary(0, null, 3, List.of("eurusd 2024-07"), List.of(), partial);
  }

  @Test
  void labelsAreEscaped() {
    assertThat(lines("a\"b\\c\nd\u202ee", Map.of()))
        .contains("bqx_rows{family=\"a\\\"b\\\\c\\\\u000ad\\\\u202ee\"} 5472000");
    MetricText.parse(lines("a\"b\\c\nd\u202ee", Map.of()));
  }

  @Test
  void theParserRefusesWhatIsNotOpenMetrics() {
    for (List<String> wrong :
        List.of(
            List.of("# TYPE a gauge", "# HELP a b", "a 1"),
            List.of("# TYPE a gauge", "# HELP a b", "a 1", "a 2", "# EOF"),
            List.of("# TYPE a gauge", "a 1", "# EOF"),
            List.of("# TYPE a gauge", "# HELP a b", "b 1", "# EOF"),
            List.of("# TYPE a gauge", "# UNIT a seconds", "# HELP a b", "a 1", "# EOF"),
            List.of("# TYPE a gauge", "# HELP a b", "a{x=\"\\u000a\"} 1", "# EOF"),
            List.of("# TYPE a gauge", "# HELP a b", "a one", "# EOF"))) {
      assertThatThrownBy(() -> MetricText.parse(wrong)).isInstanceOf(AssertionError.class);
    }
  }

  private static List<String> lines(String family, Map<String, Instant> newestBars) {
    return lines(family, newestBars, bars(false));
  }

  private static List<String> lines(
      String family, Map<String, Instant> newestBars, BarsSummary bars) {
    FamilyProgress progress =
        new FamilyProgress(
            family, 448, 171, 2, 3, 1, 275, 0, 1, 0, 38.169, 5_472_000, null, 9100.5, 601.0, 970.0);
    Snapshot snapshot =
        new Snapshot(
            NOW,
            "here",
            progress,
            List.of(progress),
            List.of(),
            List.of(),
            7,
            100,
            List.of(),
            List.of(),
            null,
            List.of(
                leftOut(PartitionState.NO_QUOTES, 7),
                leftOut(PartitionState.NO_QUOTES, 8),
                leftOut(PartitionState.NO_BARS, 9)),
            List.of());
    return OpenMetrics.lines("1.2", snapshot, bars, newestBars);
  }

  private static PartitionFact leftOut(PartitionState state, int month) {
    return new PartitionFact(
        "reg",
        "eurusd",
        YearMonth.of(2024, month),
        state,
        null,
        0,
        null,
        null,
        null,
        null,
        null,
        false);
  }
}
