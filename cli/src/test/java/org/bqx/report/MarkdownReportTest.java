package org.bqx.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.YearMonth;
import java.util.List;
import org.bqx.monitor.PartitionFact;
import org.bqx.partition.PartitionState;
import org.bqx.verify.Finding;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {
  private static final YearMonth MONTH = YearMonth.of(2024, 7);

  @Test
  void everyTableIsOne() {
    Report bare = Reports.of(List.of("eurusd", "usdjpy"), 2, null);
    Report report =
        Reports.of(
            bare.partitions(),
            Reports.verification(
                Reports.AT.plusSeconds(1),
                bare.partitions().stream().map(p -> Reports.check(p, List.of())).toList()),
            null);
    String text = MarkdownReport.render(report);
    assertThat(text)
        .contains(
            "| eurusd | 2024-07 | done | verified | 32,998 | 32,998 | 97.123457 | 103.123457 | 100.123457"
                + " | 540 | 810 | 1,350 | 2,160 | 3,510 | 5,670 |\n")
        .contains(" | 5,670 | 0.612346 | 0.612346 |");
    int columns = 0;
    for (String line : text.lines().toList()) {
      int here = line.startsWith("|") ? line.split("(?<!\\\\)\\|", -1).length : 0;
      assertThat(here == 0 || columns == 0 || here == columns).as(line).isTrue();
      columns = here;
    }
  }

  @Test
  void nothingFromTheDatabaseBecomesMarkup() {
    PartitionFact partition =
        Reports.partition(
            "bqx", "eurusd", MONTH, PartitionState.FAILED, "a | b\n# c <img src=x> [d](e) `f`");
    Finding finding = new Finding("x", "bqx", "a*b*", MONTH, null, "c|d", "e\\", null);
    String text =
        MarkdownReport.render(
            Reports.of(
                List.of(partition),
                Reports.verification(
                    Reports.AT.plusSeconds(1), List.of(Reports.check(partition, List.of(finding)))),
                null));
    assertThat(text)
        .contains("failed: a \\| b \\# c \\<img src=x\\> \\[d\\](e) \\`f\\` |")
        .contains("| difference | bqx a\\*b\\* 2024-07 | c\\|d | e\\\\ |");
  }

  @Test
  void withoutVerificationItSaysSoAndHasNoFigures() {
    assertThat(MarkdownReport.render(Reports.of(List.of("eurusd"), 1, null)))
        .contains("**Not verified.**")
        .contains("| eurusd | 2024-07 | done | not verified | 32,998 | - | - | - | - |");
  }
}
