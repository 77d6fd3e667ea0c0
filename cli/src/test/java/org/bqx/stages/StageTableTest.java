package org.bqx.stages;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageTableTest {
  private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");

  @Test
  void aBackfillIsTodoThenInProgressThenComplete() {
    assertThat(StageStore.backfillStage("1.5.5.3", "backfill reg", 448, 0, 0, null, null).status())
        .isEqualTo("todo");
    Stage some =
        StageStore.backfillStage(
            "1.5.5.3", "backfill reg", 600, 230, 7_000, START, START.plusSeconds(90));
    assertThat(some.status()).isEqualTo("in progress (38.3 %)");
    assertThat(some.seconds()).isEqualTo(90);
    assertThat(some.result()).isEqualTo("7,000 rows in 230 of 600 partitions");
    assertThat(StageStore.backfillStage("1.5.5.3", "backfill reg", 2, 2, 9, START, START).status())
        .isEqualTo("complete");
  }

  @Test
  void almostCompleteIsNotAHundredPercent() {
    assertThat(
            StageStore.backfillStage("1.5.5.3", "backfill reg", 9999, 9998, 9, START, START)
                .status())
        .isEqualTo("in progress (99.9 %)");
  }

  @Test
  void resultsHaveALineOfTheirOwnWhereTheColumnsDoNotHoldThem() {
    Stage complete =
        new Stage("1.5.4.1", "remove legacy bqx", "complete", 100, START, 0.2, "nothing to do");
    Stage todo = new Stage("1.5.4.2", "bqx tables", "todo", 0, null, null, null);
    assertThat(StageTable.render(List.of(complete, todo), 80))
        .containsExactly(
            "stage                       state                started (UTC)        took",
            "1.5.4.1  remove legacy bqx  complete             2026-01-05 10:00    0.2 s",
            "         nothing to do",
            "1.5.4.2  bqx tables         todo                 -                       -");
    assertThat(StageTable.render(List.of(complete, todo), 200))
        .containsExactly(
            "stage                       state                started (UTC)        took  made or removed",
            "1.5.4.1  remove legacy bqx  complete             2026-01-05 10:00    0.2 s  nothing to do",
            "1.5.4.2  bqx tables         todo                 -                       -");
  }
}
