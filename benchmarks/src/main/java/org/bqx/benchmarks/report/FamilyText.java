package org.bqx.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bqx.benchmarks.report.FamilyResult.Bounded;

/** Families for people. */
public final class FamilyText {
  private static final String ROW = "%-8s %-16s %9s %7s %10s %10s %10s %6s  %-14s %7s %5s  %s";

  private FamilyText() {}

  /** Returns the lines. */
  public static List<String> lines(List<FamilyResult> results, Machine machine) {
    List<String> lines = new ArrayList<>();
    lines.add(
        ROW.formatted(
            "family",
            "partition",
            "rows",
            "columns",
            "the floor",
            "reading",
            "backfill",
            "ratio",
            "goal",
            "to both",
            "MiB",
            "goal"));
    for (FamilyResult result : results) {
      lines.add(
          ROW.formatted(
                  result.family(),
                  result.pair() + " " + result.month(),
                  String.format(Locale.ROOT, "%,d", result.rows()),
                  result.columns(),
                  Numbers.duration(result.floor().milliseconds()),
                  Numbers.duration(result.reading().milliseconds()),
                  Numbers.duration(result.backfill().milliseconds()),
                  Numbers.plain(result.ratio().value()),
                  goal(result.ratio()),
                  Numbers.plain(result.ratioToBoth()),
                  Numbers.plain(result.mebibytes().value()),
                  goal(result.mebibytes()))
              .stripTrailing());
    }
    lines.add("");
    lines.add(
        "medians of %d; MiB of the backend without shared memory"
            .formatted(results.get(0).floor().rounds()));
    lines.add(
        "reading: a month's bars of all pairs that the family reads, their times and one price; to both: the ratio to"
            + " the floor and reading together");
    lines.addAll(BenchText.machine(machine));
    return lines;
  }

  private static String goal(Bounded bounded) {
    return "≤ %s, %s"
        .formatted(Numbers.plain(bounded.goal()), bounded.reached() ? "met" : "missed");
  }
}
