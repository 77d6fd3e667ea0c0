package org.bqx.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import org.bqx.partition.Partition;
import org.junit.jupiter.api.Test;

class VerifyOutcomeTest {
  private static final Instant AT = Instant.parse("2024-08-01T00:00:00Z");
  private static final YearMonth JULY = YearMonth.of(2024, 7);
  private static final Finding GAP =
      new Finding("gap in bars", null, "eurusd", JULY, AT, null, "no bar", "a bar");
  private static final Finding HOLE =
      new Finding("hole between months", null, "eurusd", JULY, null, null, "no bars", "bars");

  @Test
  void whatTwoFoundIsAddedUpAndTheSameFindingToldOnce() {
    VerifyOutcome both =
        outcome("bqx", 3, List.of(GAP), List.of(), false)
            .and(outcome("mom", 1, List.of(GAP), List.of(HOLE), false));
    assertThat(both.summary()).isEqualTo("2 of 4 partitions verified, 1 difference, 1 warning");
    assertThat(both.partitions())
        .extracting(check -> check.partition().family())
        .containsExactly("bqx", "mom");
  }

  @Test
  void whatWasStoppedStaysStopped() {
    VerifyOutcome whole = outcome("bqx", 1, List.of(), List.of(), false);
    VerifyOutcome stopped = outcome("mom", 1, List.of(), List.of(), true);
    assertThat(whole.and(stopped).stopped()).isTrue();
    assertThat(stopped.and(whole).stopped()).isTrue();
    assertThat(whole.and(whole).stopped()).isFalse();
  }

  private static VerifyOutcome outcome(
      String family,
      int planned,
      List<Finding> warnings,
      List<Finding> differences,
      boolean stopped) {
    return new VerifyOutcome(
        AT,
        "server",
        200,
        false,
        planned,
        List.of(
            new PartitionCheck(
                new Partition(family, "eurusd", JULY), null, List.of(), List.of(), null)),
        warnings,
        differences,
        stopped);
  }
}
