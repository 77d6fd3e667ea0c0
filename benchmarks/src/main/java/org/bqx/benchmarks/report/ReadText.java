package org.bqx.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads for people. */
public final class ReadText {
  private ReadText() {}

  /** Returns the lines. */
  public static List<String> lines(List<ReadResult> results, Machine machine) {
    List<String> lines = new ArrayList<>();
    lines.add("%-52s %9s %10s %7s".formatted("read", "rows", "time", "ratio"));
    for (ReadResult result : results) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-52s %,9d %10s %7s",
              result.read().label(),
              result.rows(),
              Numbers.duration(result.sample().milliseconds()),
              result.read().to() == result.read() ? "" : Numbers.plain(result.ratio())));
    }
    lines.add("");
    lines.addAll(BenchText.machine(machine));
    return lines;
  }
}
