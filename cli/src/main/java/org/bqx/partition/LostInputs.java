package org.bqx.partition;

import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bqx.terminal.Quantity;

/**
 * Rows whose bars or quotes are gone. They are wrong, and nothing replaces them; only who asks for
 * it by {@code --force} has them removed.
 */
public final class LostInputs {
  /** Of more pairs than this a command takes all. */
  private static final int MOST_PAIRS = 8;

  private LostInputs() {}

  /** Returns a line that says how to remove the rows of partitions, none where there are none. */
  public static List<String> lines(Work work, List<Partition> partitions) {
    if (work == Work.CORRELATIONS) {
      Map<String, List<Partition>> byTarget =
          partitions.stream()
              .collect(Collectors.groupingBy(Partition::family, TreeMap::new, Collectors.toList()));
      return byTarget.entrySet().stream()
          .map(one -> line("./bqx correlate --force --target " + one.getKey(), one.getValue()))
          .toList();
    }
    return partitions.isEmpty()
        ? List.of()
        : List.of(line("./bqx backfill --force --family " + families(partitions), partitions));
  }

  /** Returns a line that says of a partition that its rows were removed. */
  public static String removed(Partition partition) {
    return "removed: the rows of %s, since what they are made of is gone".formatted(partition);
  }

  /** Returns the command that computes partitions again, and others between them. */
  public static String force(List<Partition> partitions) {
    return "./bqx backfill --force --family " + families(partitions) + range(partitions);
  }

  private static String line(String command, List<Partition> partitions) {
    return "%s with rows whose bars or quotes are gone; to remove the rows: %s%s"
        .formatted(Quantity.of(partitions.size(), "partition"), command, range(partitions));
  }

  private static String families(List<Partition> partitions) {
    return partitions.stream()
        .map(Partition::family)
        .distinct()
        .sorted()
        .collect(Collectors.joining(","));
  }

  private static String range(List<Partition> partitions) {
    TreeSet<String> pairs =
        partitions.stream().map(Partition::pair).collect(Collectors.toCollection(TreeSet::new));
    return "%s --from %s --to %s"
        .formatted(
            pairs.size() > MOST_PAIRS ? "" : " --pairs " + String.join(",", pairs),
            partitions.stream().map(Partition::month).min(YearMonth::compareTo).orElseThrow(),
            partitions.stream().map(Partition::month).max(YearMonth::compareTo).orElseThrow());
  }
}
