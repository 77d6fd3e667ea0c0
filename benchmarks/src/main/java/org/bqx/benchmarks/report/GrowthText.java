package org.bqx.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Growth for people. */
public final class GrowthText {
  private GrowthText() {}

  /** Returns the lines. */
  public static List<String> lines(List<GrowthResult> results, Machine machine) {
    List<String> lines = new ArrayList<>();
    GrowthResult.By before = null;
    for (GrowthResult result : results) {
      if (result.by() != before) {
        before = result.by();
        lines.add("%s, %s".formatted(before.label(), String.join(" and ", result.families())));
        lines.add(
            "  %6s %11s %9s %10s %12s %10s"
                .formatted("amount", "rows", "backfill", "µs/row", "the floor", "ratio"));
      }
      lines.add(
          String.format(
              Locale.ROOT,
              "  %6d %,11d %9s %10s %12s %10s",
              result.amount(),
              result.rows(),
              Numbers.duration(result.backfill().milliseconds()),
              Numbers.plain(result.microsecondsPerRow()),
              Numbers.duration(result.floor().milliseconds()),
              Numbers.plain(result.backfill().ratioTo(result.floor()))));
    }
    lines.add("");
    lines.addAll(BenchText.machine(machine));
    return lines;
  }
}
