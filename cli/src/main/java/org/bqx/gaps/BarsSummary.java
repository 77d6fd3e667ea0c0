package org.bqx.gaps;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bqx.terminal.Quantity;

/**
 * What is to be said of bars that are missing or miscounted.
 *
 * @param open gaps that nobody has acknowledged and that are no holidays
 * @param longest the longest of them, null when there is none
 * @param unmeasured months whose bars have changed since gaps were last looked for
 * @param miscounted months whose bars came or went without being counted, as {@code eurusd 2024-07}
 * @param baselines pairs that have bars and no baseline
 * @param partial whether a node does not answer, so that nobody knows of gaps and of its pairs
 */
public record BarsSummary(
    int open,
    Gap longest,
    int unmeasured,
    List<String> miscounted,
    List<MissingBaseline> baselines,
    boolean partial) {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Copies the lists. */
  public BarsSummary {
    miscounted = List.copyOf(miscounted);
    baselines = List.copyOf(baselines);
  }

  /** Returns a line for each thing that somebody should look at, none when all is well. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(baselineLines(baselines));
    if (partial) {
      lines.add("gaps in the bars are unknown while a node does not answer: ./bqx node list");
    }
    if (open > 0) {
      lines.add(
          "%s in the bars, the longest %s %s, %,d minutes of an open market: ./bqx gaps"
              .formatted(
                  Quantity.of(open, "gap"),
                  longest.pair(),
                  MINUTE.format(longest.from()),
                  longest.minutes()));
    }
    lines.addAll(miscountedLines(miscounted));
    return lines;
  }

  /** Returns a line on pairs whose baseline is another bar's, none when there is no such pair. */
  public static List<String> oldBaselineLines(List<OldBaseline> old) {
    if (old.isEmpty()) {
      return List.of();
    }
    OldBaseline first = old.get(0);
    return List.of(
        "%s%s: %s"
            .formatted(
                first.text(),
                old.size() == 1 ? "" : ", and %,d more so".formatted(old.size() - 1),
                first.command()));
  }

  /** Returns a line on months whose bars were not counted, none when all were. */
  public static List<String> miscountedLines(List<String> miscounted) {
    return miscounted.isEmpty()
        ? List.of()
        : List.of(
            "bars came or went behind the triggers, in %s: ./bqx psql -c 'SELECT * FROM bqx.recount_bars()'"
                .formatted(
                    miscounted.size() == 1
                        ? miscounted.get(0)
                        : "%d months, %s the first"
                            .formatted(miscounted.size(), miscounted.get(0))));
  }

  static String minute(Instant time) {
    return MINUTE.format(time);
  }

  /** Returns a line on pairs without a baseline, none when each has one. */
  public static List<String> baselineLines(List<MissingBaseline> missing) {
    if (missing.isEmpty()) {
      return List.of();
    }
    MissingBaseline first = missing.get(0);
    String others =
        switch (missing.size()) {
          case 1 -> "";
          case 2 -> ", and 1 pair more has none";
          default -> ", and %,d pairs more have none".formatted(missing.size() - 1);
        };
    return List.of(first.text() + others + ": " + first.command());
  }
}
