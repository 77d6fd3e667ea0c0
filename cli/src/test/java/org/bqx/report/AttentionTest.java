package org.bqx.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.bqx.monitor.PartitionFact;
import org.bqx.partition.PartitionState;
import org.bqx.report.Attention.Group;
import org.bqx.report.Attention.Kind;
import org.bqx.verify.Finding;
import org.bqx.verify.PartitionCheck;
import org.junit.jupiter.api.Test;

/** What of a report is told first. */
class AttentionTest {
  private static final YearMonth MONTH = YearMonth.of(2024, 7);
  private static final Instant TIME = Instant.parse("2024-07-03T12:00:00Z");

  @Test
  void aSingleWrongValueComesBeforeMonthsThatAreWrongThroughout() {
    List<PartitionFact> partitions = new ArrayList<>();
    List<PartitionCheck> checks = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      PartitionFact partition =
          Reports.partition("bqx", "pair%03d".formatted(i), MONTH, PartitionState.DONE, null);
      List<Finding> differences = new ArrayList<>();
      for (int row = 0; row < 40; row++) {
        differences.add(
            finding(partition, "reference", TIME.plusSeconds(60L * row), "w60_bqx_sum"));
      }
      if (i == 250) {
        differences = List.of(finding(partition, "reference", TIME, "w60_bqx_range"));
      } else if (i == 260) {
        differences = List.of(finding(partition, "recorded rows", null, null));
      }
      partitions.add(partition);
      checks.add(Reports.check(partition, differences));
    }
    List<Group> groups = groups(partitions, checks);
    assertThat(groups).hasSize(3).allMatch(group -> group.kind() == Kind.DIFFERS);
    assertThat(groups.get(0).where()).isEqualTo("bqx pair250 2024-07");
    assertThat(groups.get(0).rows()).hasSize(1);
    assertThat(groups.get(1).count()).isEqualTo(298 * 40);
    assertThat(groups.get(1).text()).isEqualTo("in 298 partitions");
    assertThat(groups.get(2).where()).isEqualTo("bqx pair260 2024-07");
  }

  @Test
  void whatFailedForOneReasonIsOneGroupAndNoDifference() {
    List<PartitionFact> partitions = new ArrayList<>();
    List<PartitionCheck> checks = new ArrayList<>();
    for (String pair : List.of("audcad", "audchf", "audjpy", "audnzd", "audusd")) {
      PartitionFact failed =
          Reports.partition("reg", pair, MONTH, PartitionState.FAILED, "disk full");
      partitions.add(failed);
      checks.add(
          Reports.check(
              failed,
              List.of(
                  new Finding(
                      "state", "reg", pair, MONTH, null, null, "failed: disk full", "done"))));
    }
    partitions.add(Reports.partition("bqx", "audcad", MONTH, PartitionState.STALE, "bars changed"));
    PartitionFact missing = Reports.partition("bqx", "audchf", MONTH, PartitionState.MISSING, null);
    partitions.add(missing);
    checks.add(
        Reports.check(
            missing,
            List.of(new Finding("state", "bqx", "audchf", MONTH, null, null, "missing", "done"))));
    List<Group> groups = groups(partitions, checks);
    assertThat(groups)
        .extracting(Group::kind)
        .containsExactly(Kind.FAILED, Kind.STALE, Kind.MISSING);
    assertThat(groups.get(0).count()).isEqualTo(5);
    assertThat(groups.get(0).text()).isEqualTo("disk full");
    assertThat(groups.get(0).where()).isEqualTo("reg audcad, audchf, audjpy and 2 more 2024-07");
    assertThat(groups.get(0).next()).isEqualTo("./bqx backfill --retry");
    assertThat(groups.get(1).text()).isEqualTo("bars changed");
  }

  @Test
  void rowsWhoseBarsOrQuotesAreGoneAreTold() {
    for (PartitionState state : PartitionState.values()) {
      PartitionFact partition = Reports.partition("spread", "eurusd", MONTH, state, "gone");
      List<Group> groups = Attention.of(Reports.of(List.of(partition), null, null));
      if (state == PartitionState.DONE || state == PartitionState.RUNNING) {
        assertThat(groups).as(state.toString()).isEmpty();
      } else {
        assertThat(groups).as(state.toString()).hasSize(1);
      }
      if (state.lacksInputs()) {
        assertThat(groups.get(0).kind().text()).isEqualTo(state.toString());
        assertThat(groups.get(0).next())
            .isEqualTo(
                "./bqx backfill --force --family spread --pairs eurusd --from 2024-07 --to 2024-07");
        assertThat(groups.get(0).text()).isEqualTo("gone");
      }
    }
  }

  @Test
  void whenAllIsWellThereIsNothing() {
    Report bare = Reports.of(List.of("eurusd"), 2, null);
    assertThat(Attention.of(bare)).isEmpty();
  }

  @Test
  void valuesAreRoundedAndStillTellThemselvesApart() {
    assertThat(Texts.rounded("100.23456789012345", "5")).isEqualTo("100.235");
    assertThat(Texts.rounded("100.23456789012345", "100.23456789012399"))
        .isEqualTo("100.234567890123");
    assertThat(Texts.rounded("100.23456789012399", "100.23456789012345"))
        .isEqualTo("100.234567890124");
    assertThat(Texts.rounded("1.23456789e-7", null)).isEqualTo("1.23457E-7");
    assertThat(Texts.rounded("1234567", "1234568")).isEqualTo("1234567");
    assertThat(Texts.rounded("NULL", "1.5")).isEqualTo("NULL");
    assertThat(Texts.rounded("5 rows break one", "none")).isEqualTo("5 rows break one");
  }

  private static List<Group> groups(List<PartitionFact> partitions, List<PartitionCheck> checks) {
    return Attention.of(
        Reports.of(partitions, Reports.verification(Reports.AT.plusSeconds(1), checks), null));
  }

  private static Finding finding(
      PartitionFact partition, String check, Instant time, String column) {
    return new Finding(
        check, partition.family(), partition.pair(), MONTH, time, column, "5", "100.25");
  }
}
