package org.bqx.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.YearMonth;
import java.util.List;
import org.junit.jupiter.api.Test;

class FamilyTextTest {
  private static final double READING = 25;

  @Test
  void aMissedGoalIsSaid() {
    assertThat(line("rate", 100, 250, 300))
        .endsWith("25.0 ms     250 ms   2.50  ≤ 2.50, met       2.00   300  ≤ 300, met");
    assertThat(line("rate", 100, 251, 301))
        .endsWith("25.0 ms     251 ms   2.51  ≤ 2.50, missed    2.01   301  ≤ 300, missed");
  }

  @Test
  void whatSortsOrReadsManyPairsMayTakeTwiceAsLong() {
    for (String family : List.of("stat", "regime", "xpair")) {
      assertThat(line(family, 100, 490, 80)).contains("4.90  ≤ 5.00, met ");
      assertThat(line(family, 100, 510, 80)).contains("5.10  ≤ 5.00, missed ");
    }
  }

  private static String line(String family, double floor, double backfill, double mebibytes) {
    FamilyResult result =
        FamilyResult.of(
            family,
            "eurusd",
            YearMonth.of(2024, 8),
            31_000,
            22,
            Sample.of(List.of(floor)),
            Sample.of(List.of(READING)),
            Sample.of(List.of(backfill)),
            mebibytes);
    return FamilyText.lines(List.of(result), Reports.MACHINE).get(1);
  }
}
