package org.bqx.cli;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.gaps.Coverage;
import org.bqx.gaps.Gap;
import org.bqx.gaps.GapStore;
import org.bqx.nodes.LostPair;
import org.bqx.nodes.Reach;
import org.bqx.partition.PartitionRange;
import org.bqx.terminal.Quantity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "gaps",
    description = {
      "List where bars are missing while the market was open, and how complete each pair is.",
      "A gap has 30 minutes and more. What most pairs lack is a holiday."
    })
final class GapsCommand implements Callable<Integer> {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** States of gaps that nobody is known to know of. */
  private static final Set<String> OF_NOBODY = Set.of("open", GapStore.UNKNOWN);

  @ParentCommand private Bqx bqx;
  @Mixin private RangeOptions options;

  @Option(names = "--all", description = "list holidays and acknowledged gaps, too")
  private boolean all;

  @Option(
      names = "--acknowledge",
      description =
          "say that the open gaps of this range are known: nothing warns of them any more")
  private boolean acknowledge;

  @Option(names = "--note", paramLabel = "TEXT", description = "why, with --acknowledge")
  private String note;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    options.check();
    options.require(note == null || acknowledge, "--note goes with --acknowledge");
    PartitionRange range = options.range(List.of());
    Database database = bqx.database("gaps");
    GapStore.measure(database, range.pairs());
    try (GapStore store = new GapStore(database)) {
      if (acknowledge) {
        int known = store.acknowledge(range, note);
        bqx.message(Quantity.of(known, "gap") + " acknowledged");
      }
      List<Gap> gaps = store.gaps(range);
      List<Coverage> coverage = store.coverage(range);
      List<LostPair> lost = store.lost(range);
      if (json) {
        bqx.printJson("gaps", new Found(gaps, coverage, lost));
      } else {
        gaps.stream()
            .filter(gap -> all || OF_NOBODY.contains(gap.state()))
            .forEach(gap -> bqx.print(line(gap)));
        totals(coverage).values().forEach(total -> bqx.print(line(total)));
      }
      long open = gaps.stream().filter(gap -> gap.state().equals("open")).count();
      bqx.message(
          "%s, %s; %s looked at"
              .formatted(
                  Quantity.of(open, "open gap"),
                  Quantity.of(gaps.size() - open, "other"),
                  Quantity.of(coverage.size(), "month")));
      Reach.lines(lost).forEach(line -> bqx.message("not looked at: " + line));
      if (!store.knowsGaps()) {
        bqx.message(
            "%s may be a holiday, which all pairs together tell; once all nodes answer (./bqx node list): ./bqx gaps"
                .formatted(Quantity.of(unknown(gaps), "gap")));
        return ExitCode.FAILED.code();
      }
    }
    return ExitCode.DONE.code();
  }

  private static long unknown(List<Gap> gaps) {
    return gaps.stream().filter(gap -> gap.state().equals(GapStore.UNKNOWN)).count();
  }

  private static String line(Gap gap) {
    return String.format(
            Locale.ROOT,
            "%-10s %s to %s UTC  %,7d minutes  %-12s %s",
            gap.pair(),
            time(gap.from()),
            time(gap.to()),
            gap.minutes(),
            gap.state(),
            gap.note() == null ? "" : gap.note())
        .stripTrailing();
  }

  private static String line(Total total) {
    return String.format(
        Locale.ROOT,
        "%-10s %s to %s  %,11d %-4s  %,9d missing  %7.3f %%",
        total.pair(),
        total.first(),
        total.last(),
        total.bars(),
        total.bars() == 1 ? "bar" : "bars",
        total.missing(),
        100.0 * total.bars() / (total.bars() + total.missing()));
  }

  private static String time(Instant time) {
    return MINUTE.format(time);
  }

  private record Found(List<Gap> gaps, List<Coverage> coverage, List<LostPair> lost) {}

  /** A pair's months together. */
  private record Total(String pair, YearMonth first, YearMonth last, long bars, long missing) {}

  private static Map<String, Total> totals(List<Coverage> coverage) {
    Map<String, Total> totals = new TreeMap<>();
    for (Coverage month : coverage) {
      totals.merge(
          month.pair(),
          new Total(month.pair(), month.month(), month.month(), month.bars(), month.missing()),
          (before, next) ->
              new Total(
                  before.pair(),
                  before.first(),
                  next.last(),
                  before.bars() + next.bars(),
                  before.missing() + next.missing()));
    }
    return totals;
  }
}
