package org.bqx.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
  @Test
  void showsShareRateAndTimeLeft() {
    assertThat(Progress.line("backfill", "partitions", 28, 112, 10_000_000_000L))
        .isEqualTo("backfill [#####---------------] 28/112 25.0 %  2.8 partitions/s  ETA 0:30");
  }

  @Test
  void withoutATotalShowsCountAndRate() {
    assertThat(Progress.line("import", "bars", 50_000, 0, 2_000_000_000L))
        .isEqualTo("import 50,000 bars  25,000 bars/s");
  }

  @Test
  void fitsEightyColumns() {
    assertThat(Progress.line("backfill", "partitions", 1, 1_344, 3_600_000_000_000L))
        .hasSizeLessThanOrEqualTo(80);
  }

  @Test
  void aShortRunPrintsNothingWhereThereIsNoTerminal() {
    StringWriter text = new StringWriter();
    try (Progress progress = new Progress(new PrintWriter(text), false, "import", "bars", 0)) {
      progress.advance(10);
    }
    assertThat(text.toString()).isEmpty();
  }
}
