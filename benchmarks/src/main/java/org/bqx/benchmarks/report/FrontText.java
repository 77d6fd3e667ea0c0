package org.bqx.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** A front beside a single server, for people. */
public final class FrontText {
  private FrontText() {}

  /** Returns the lines; ratios are of the front to the single server. */
  public static List<String> lines(List<FrontResult> results, int nodes, Machine machine) {
    List<String> lines = new ArrayList<>();
    String format = "%-36s %10s %10s %6s   %10s %10s %6s";
    lines.add("one server, and a front of %d nodes on the same machine".formatted(nodes));
    lines.add("");
    lines.add(format.formatted("", "CPU: one", "front", "ratio", "time: one", "front", "ratio"));
    for (FrontResult result : results) {
      lines.add(
          format.formatted(
              result.what(),
              Numbers.duration(result.cpuAlone().milliseconds()),
              Numbers.duration(result.cpuFront().milliseconds()),
              Numbers.plain(result.cpuFront().ratioTo(result.cpuAlone())),
              Numbers.duration(result.alone().milliseconds()),
              Numbers.duration(result.front().milliseconds()),
              Numbers.plain(result.front().ratioTo(result.alone()))));
    }
    lines.add("");
    lines.addAll(BenchText.machine(machine));
    return lines;
  }
}
