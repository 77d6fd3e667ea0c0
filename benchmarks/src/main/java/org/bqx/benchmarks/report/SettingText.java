package org.bqx.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** Settings for people. */
public final class SettingText {
  private SettingText() {}

  /** Returns the lines; ratios are to the first setting. */
  public static List<String> lines(List<SettingResult> results, Machine machine) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-40s %10s %7s %17s %7s"
            .formatted("setting", "range", "ratio", "floor, partition", "ratio"));
    SettingResult first = results.get(0);
    for (SettingResult result : results) {
      lines.add(
          "%-40s %10s %7s %17s %7s"
              .formatted(
                  result.setting(),
                  Numbers.duration(result.backfill().milliseconds()),
                  Numbers.plain(result.backfill().ratioTo(first.backfill())),
                  Numbers.duration(result.floor().milliseconds()),
                  Numbers.plain(result.floor().ratioTo(first.floor()))));
    }
    lines.add("");
    lines.addAll(BenchText.machine(machine));
    return lines;
  }
}
