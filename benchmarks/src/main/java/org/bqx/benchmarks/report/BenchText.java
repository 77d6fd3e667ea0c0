package org.bqx.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bqx.terminal.Quantity;

/** A report for people: ratios first, then what they are made of, then the machine. */
public final class BenchText {
  private BenchText() {}

  /** Returns the lines. */
  public static List<String> lines(BenchReport report) {
    List<String> lines = new ArrayList<>();
    lines.add("ratios of medians");
    for (BenchReport.Ratio ratio : report.ratios()) {
      lines.add(
          row(
              "  " + ratio.what(),
              Numbers.plain(ratio.value()),
              ratio.goal() == null
                  ? ""
                  : "goal " + ratio.goal() + (ratio.reached() ? "" : ", missed")));
    }
    for (PartitionResult partition : report.partitions()) {
      lines.add("");
      lines.addAll(partition(partition));
    }
    lines.add("");
    lines.addAll(range(report.range(), report.partitions().size()));
    lines.add("");
    lines.addAll(machine(report.machine()));
    return lines;
  }

  private static List<String> partition(PartitionResult partition) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s %s %s: %,d rows × %d columns; median of %d, ratio to the floor",
            partition.family(),
            partition.pair(),
            partition.month(),
            partition.rows(),
            partition.columns(),
            partition.samples().get(Measure.FLOOR).rounds()));
    Measure.Kind before = null;
    for (Map.Entry<Measure, Sample> entry : partition.samples().entrySet()) {
      Measure measure = entry.getKey();
      if (measure.kind() == Measure.Kind.STEP && before == Measure.Kind.WRITE) {
        lines.add("  steps of the missing partition");
      }
      before = measure.kind();
      String indent =
          switch (measure.kind()) {
            case PART -> "      ";
            case STEP -> "    ";
            default -> "  ";
          };
      lines.add(
          row(
              indent + measure.label(),
              Numbers.duration(entry.getValue().milliseconds()),
              Numbers.plain(partition.ratioToFloor(measure))));
    }
    return lines;
  }

  private static List<String> range(RangeResult range, int families) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "range of %d pairs × %d months × %d: %,d partitions, %,d rows, median of %d",
            range.pairs(),
            range.months(),
            families,
            range.partitions(),
            range.rows(),
            range.byWorkers().get(0).backfill().rounds()));
    for (RangeResult.WithWorkers measured : range.byWorkers()) {
      double seconds = measured.backfill().milliseconds() / 1000;
      lines.add(
          row(
              "  backfill, workers: " + measured.workers(),
              Numbers.duration(measured.backfill().milliseconds()),
              String.format(Locale.ROOT, "%,.0f rows/s", range.rows() / seconds)));
      lines.add(
          row(
              "  the floor, sessions: " + measured.workers(),
              Numbers.duration(measured.floor().milliseconds()),
              ""));
    }
    return lines;
  }

  /** Returns the machine's lines. */
  public static List<String> machine(Machine machine) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d cores of %s, %s memory, %s"
            .formatted(
                machine.cores(),
                machine.processor(),
                Quantity.bytes(machine.memoryBytes()),
                machine.operatingSystem()));
    lines.add(
        "PostgreSQL %s, %s, JDK %s, data on %s"
            .formatted(
                machine.postgresql(), machine.javaRuntime(), machine.java(), machine.fileSystem()));
    StringBuilder settings = new StringBuilder();
    machine.settings().forEach((name, value) -> settings.append(' ').append(name + "=" + value));
    lines.add("settings:" + settings);
    return lines;
  }

  private static String row(String what, String value, String remark) {
    return "%-60s %9s  %s".formatted(what, value, remark).stripTrailing();
  }
}
