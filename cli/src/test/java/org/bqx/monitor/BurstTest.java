package org.bqx.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.bqx.partition.PartitionState;
import org.junit.jupiter.api.Test;

class BurstTest {
  private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");

  @Test
  void nothingComputedIsNoBurst() {
    assertThat(Burst.last(List.of(partition(1, PartitionState.MISSING, null, 0, 0)))).isNull();
  }

  @Test
  void workersTogetherMakeTheRate() {
    // Two at a time, 10 s each: 4 partitions of 1,000 rows in 20 s.
    Burst burst =
        Burst.last(
            List.of(
                partition(1, PartitionState.DONE, 1000L, 0, 10),
                partition(2, PartitionState.DONE, 1000L, 0, 10),
                partition(3, PartitionState.DONE, 1000L, 10, 20),
                partition(4, PartitionState.DONE, 1000L, 10, 20)));
    assertThat(burst.seconds()).isEqualTo(20);
    assertThat(burst.rate()).isEqualTo(200);
    assertThat(burst.secondsUntil(8000, START.plusSeconds(20))).isEqualTo(40);
    assertThat(burst.secondsUntil(8000, START.plusSeconds(25))).isEqualTo(35);
    assertThat(burst.secondsUntil(8000, START.plusSeconds(90))).isZero();
  }

  @Test
  void aLongPauseBeginsAnotherBurst() {
    Burst burst =
        Burst.last(
            List.of(
                partition(1, PartitionState.DONE, 9000L, -5000, -4000),
                partition(2, PartitionState.DONE, 1000L, 0, 10),
                partition(3, PartitionState.DONE, 1000L, 60, 70)));
    assertThat(burst.seconds()).isEqualTo(70);
    assertThat(burst.rows()).isEqualTo(2000);
  }

  @Test
  void aBurstWithoutDurationHasNoRate() {
    Burst burst = Burst.last(List.of(partition(1, PartitionState.DONE, 10L, 0, 0)));
    assertThat(burst.rate()).isNull();
    assertThat(burst.secondsUntil(5, START)).isNull();
  }

  @Test
  void familyFiguresAddUp() {
    List<PartitionFact> partitions = new ArrayList<>();
    partitions.add(partition(1, PartitionState.DONE, 1000L, 0, 10));
    partitions.add(partition(2, PartitionState.RUNNING, null, 0, 0));
    partitions.add(partition(3, PartitionState.MISSING, null, 0, 0));
    partitions.add(partition(4, PartitionState.FAILED, 1000L, 0, 1));
    partitions.add(partition(5, PartitionState.NO_BARS, null, 0, 0));
    FamilyProgress family = MonitorStore.progress("bqx", partitions, 8192L, START.plusSeconds(10));
    assertThat(family.total()).isEqualTo(4);
    assertThat(family.done()).isEqualTo(1);
    assertThat(family.percent()).isEqualTo(25);
    assertThat(family.rows()).isEqualTo(2000);
    assertThat(family.rowsPerSecond()).isEqualTo(100);
    assertThat(family.etaSeconds()).isEqualTo(30);

    partitions.remove(1);
    assertThat(MonitorStore.progress("bqx", partitions, null, START.plusSeconds(71)).etaSeconds())
        .as("nothing has run for a minute: nobody knows")
        .isNull();
    FamilyProgress complete =
        MonitorStore.progress(
            "bqx", List.of(partition(1, PartitionState.DONE, 5L, 0, 1)), 1L, START);
    assertThat(complete.percent()).isEqualTo(100);
    assertThat(complete.etaSeconds()).isZero();
    assertThat(MonitorStore.progress("bqx", List.of(), 0L, START).percent()).isZero();
  }

  /** Every partition has 1,000 bars but one without. */
  private static PartitionFact partition(
      int pair, PartitionState state, Long rows, int from, int to) {
    return new PartitionFact(
        "bqx",
        "pair" + pair,
        YearMonth.of(2024, 7),
        state,
        null,
        state == PartitionState.NO_BARS ? 0 : 1000,
        rows,
        7,
        rows == null ? null : START.plusSeconds(from),
        rows == null ? null : START.plusSeconds(to));
  }
}
