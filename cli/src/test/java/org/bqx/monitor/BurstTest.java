package org.bqx.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bqx.partition.PartitionRange;
import org.bqx.partition.PartitionState;
import org.bqx.partition.Work;
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
    assertThat(secondsUntil(burst, 8, 20)).isEqualTo(40);
    assertThat(secondsUntil(burst, 8, 25)).isEqualTo(35);
  }

  @Test
  void workThatIsLeftTakesTime() {
    Burst burst = Burst.last(List.of(partition(1, PartitionState.DONE, 1000L, 0, 10)));
    assertThat(secondsUntil(burst, 2, 31)).as("overdue").isEqualTo(1);
    assertThat(secondsUntil(burst, 2, 91)).as("nobody knows why").isNull();
  }

  @Test
  void aRunThatBeganLaterHasAllItsTimeBeforeIt() {
    Burst burst = Burst.last(List.of(partition(1, PartitionState.DONE, 1000L, 0, 10)));
    Instant nextDay = START.plusSeconds(86_400);
    assertThat(burst.secondsUntil(missing(3), nextDay.plusSeconds(5), nextDay)).isEqualTo(25);
  }

  @Test
  void eachFamilyHasItsOwnCost() {
    // One worker: 1,000 rows of reg take 10 s, of bqx 1 s.
    Burst burst =
        Burst.last(
            List.of(
                partition(1, PartitionState.DONE, 1000L, 0, 1),
                fact("reg", 1, PartitionState.DONE, null, 1000L, 1000L, 1, 11)));
    assertThat(burst.secondsUntil(missing(3), START.plusSeconds(11), null))
        .isCloseTo(3, within(1e-9));
  }

  @Test
  void anAppendCountsTheRowsThatItWrites() {
    PartitionFact appended = fact("bqx", 1, PartitionState.DONE, null, 1000L, 10L, 0, 1);
    assertThat(Burst.last(List.of(appended)).rate()).isEqualTo(10);
    assertThat(fact("bqx", 1, PartitionState.STALE, "bars changed", 980L, 980L, 0, 1).rowsToWrite())
        .isEqualTo(20);
    assertThat(
            fact("bqx", 1, PartitionState.STALE, "windows changed", 980L, 980L, 0, 1).rowsToWrite())
        .isEqualTo(1000);
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
    Burst burst = Burst.last(List.of(partition(1, PartitionState.DONE, 10L, 5, 5)));
    assertThat(burst.rate()).isNull();
    assertThat(secondsUntil(burst, 5, 0)).isNull();
  }

  @Test
  void familyFiguresAddUp() {
    List<PartitionFact> partitions = new ArrayList<>();
    partitions.add(partition(1, PartitionState.DONE, 1000L, 0, 10));
    partitions.add(partition(2, PartitionState.RUNNING, null, 0, 0));
    partitions.add(partition(3, PartitionState.MISSING, null, 0, 0));
    partitions.add(partition(4, PartitionState.FAILED, 1000L, 0, 1));
    partitions.add(partition(5, PartitionState.NO_BARS, null, 0, 0));
    FamilyProgress family = MonitorStore.progress("bqx", partitions, 8192L, called(10));
    assertThat(family.total()).isEqualTo(4);
    assertThat(family.done()).isEqualTo(1);
    assertThat(family.percent()).isEqualTo(25);
    assertThat(family.rows()).isEqualTo(2000);
    assertThat(family.rowsPerSecond()).isEqualTo(100);
    assertThat(family.etaSeconds()).isEqualTo(30);

    partitions.remove(1);
    assertThat(MonitorStore.progress("bqx", partitions, null, idle(10)).etaSeconds())
        .as("nothing runs: nobody knows")
        .isNull();
    FamilyProgress complete =
        MonitorStore.progress(
            "bqx", List.of(partition(1, PartitionState.DONE, 5L, 0, 1)), 1L, idle(0));
    assertThat(complete.percent()).isEqualTo(100);
    assertThat(complete.etaSeconds()).isZero();
    assertThat(MonitorStore.progress("bqx", List.of(), 0L, idle(0)).percent()).isZero();
  }

  @Test
  void aForcedRunHasToDoWhatItHasNotDoneAgain() {
    // Began long after the second was done: the first is done again, the second will be.
    RunFact run = run(PartitionRange.ALL, true, false, 20);
    FamilyProgress family =
        progress(
            run,
            partition(1, PartitionState.DONE, 1000L, 20, 30),
            partition(2, PartitionState.DONE, 1000L, -5000, -4990));
    assertThat(family.done()).isEqualTo(1);
    assertThat(family.again()).isEqualTo(1);
    assertThat(family.percent()).isEqualTo(50);
    assertThat(family.etaSeconds()).isEqualTo(10);
  }

  /** Where the bars or quotes are gone, a forced run removes the rows that are left. */
  @Test
  void aForcedRunHasToRemoveWhatHasNothingToBeMadeOf() {
    PartitionFact[] partitions = {
      partition(1, PartitionState.DONE, 1000L, 20, 30),
      partition(2, PartitionState.NO_BARS, 1000L, 0, 10),
      partition(3, PartitionState.NO_QUOTES, 1000L, 0, 10),
      partition(4, PartitionState.NO_BARS, null, 0, 0)
    };
    FamilyProgress forced = progress(run(PartitionRange.ALL, true, false, 20), partitions);
    assertThat(forced.removals()).isEqualTo(2);
    assertThat(forced.total()).isEqualTo(3);
    assertThat(forced.done()).isEqualTo(1);
    assertThat(forced.etaSeconds()).as("the least that is left").isEqualTo(1);
    FamilyProgress other = progress(run(PartitionRange.ALL, false, false, 20), partitions);
    assertThat(other.removals()).isZero();
    assertThat(other.total()).isEqualTo(1);
    assertThat(other.etaSeconds()).isZero();
  }

  @Test
  void aRetryHasToDoWhatFailedBeforeIt() {
    RunFact run = run(PartitionRange.ALL, false, true, 20);
    FamilyProgress family =
        progress(
            run,
            partition(1, PartitionState.DONE, 1000L, 20, 30),
            partition(2, PartitionState.FAILED, null, 0, 10),
            fact("bqx", 3, PartitionState.FAILED, "again", null, null, 20, 30),
            partition(4, PartitionState.MISSING, null, 0, 0));
    assertThat(family.failed()).isEqualTo(2);
    assertThat(family.etaSeconds()).as("one of four").isEqualTo(10);
  }

  @Test
  void whatNoRunComputesIsNotWaitedFor() {
    PartitionRange first = new PartitionRange(List.of(), List.of("pair1"), null, null);
    FamilyProgress family =
        progress(
            run(first, false, false, 0),
            partition(1, PartitionState.DONE, 1000L, 20, 30),
            partition(2, PartitionState.MISSING, null, 0, 0));
    assertThat(family.missing()).isEqualTo(1);
    assertThat(family.etaSeconds()).isNull();
  }

  private static FamilyProgress progress(RunFact run, PartitionFact... partitions) {
    List<PartitionFact> facts =
        Arrays.stream(partitions).map(p -> run.hasAhead(p) ? p.ahead() : p).toList();
    return MonitorStore.progress(
        "bqx", facts, null, Activity.of(List.of(run), List.of(), START.plusSeconds(30)));
  }

  private static RunFact run(PartitionRange range, boolean force, boolean retry, int from) {
    return new RunFact(
        1, "me", START.plusSeconds(from), Work.FEATURES, range, 1, force, retry, false);
  }

  /** A call in SQL computes, of which a reader does not see when it began. */
  private static Activity called(int seconds) {
    WorkerFact worker =
        new WorkerFact(null, 7, "psql", "bqx pair2 2024-07", null, null, null, null, null);
    return Activity.of(List.of(), List.of(worker), START.plusSeconds(seconds));
  }

  private static Activity idle(int seconds) {
    return Activity.of(List.of(), List.of(), START.plusSeconds(seconds));
  }

  private static Double secondsUntil(Burst burst, int missing, int seconds) {
    return burst.secondsUntil(missing(missing), START.plusSeconds(seconds), null);
  }

  private static List<PartitionFact> missing(int count) {
    return Collections.nCopies(count, partition(1, PartitionState.MISSING, null, 0, 0));
  }

  /** Every partition has 1,000 bars but one without. */
  private static PartitionFact partition(
      int pair, PartitionState state, Long rows, int from, int to) {
    return fact("bqx", pair, state, null, rows, rows, from, to);
  }

  private static PartitionFact fact(
      String family,
      int pair,
      PartitionState state,
      String reason,
      Long rows,
      Long written,
      int from,
      int to) {
    return new PartitionFact(
        family,
        "pair" + pair,
        YearMonth.of(2024, 7),
        state,
        reason,
        state == PartitionState.NO_BARS ? 0 : 1000,
        rows,
        7,
        to == 0 ? null : START.plusSeconds(from),
        to == 0 ? null : START.plusSeconds(to),
        written,
        false);
  }
}
