package org.bqx.monitor;

import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bqx.partition.PartitionState;
import org.bqx.terminal.Printable;
import org.bqx.terminal.Quantity;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * A snapshot as lines of text, each no wider than asked. Every state has a mark of its own, so that
 * nothing is told by colour alone.
 */
public final class Dashboard {
  private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
  private static final AttributedStyle BOLD = AttributedStyle.BOLD;
  private static final AttributedStyle FAINT = AttributedStyle.DEFAULT.faint();
  private static final AttributedStyle RED =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);

  private static final int GAP = 2;
  private static final int EVENT_INDENT = 9;
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Dashboard() {}

  /** Returns the lines for a screen of so many columns, 80 or more for all of it. */
  public static List<AttributedString> render(Snapshot snapshot, int columns) {
    List<AttributedString> lines = new ArrayList<>();
    lines.add(
        line()
            .styled(BOLD, "bqx monitor")
            .append("  " + CLOCK.format(snapshot.at()) + " UTC  " + snapshot.server())
            .toAttributedString());
    lines.add(blank());
    families(snapshot, lines);
    lines.add(blank());
    workers(snapshot, lines);
    lines.add(blank());
    events(snapshot, columns, lines);
    lines.add(blank());
    grid(snapshot, columns, lines);
    return lines.stream().map(line -> line.columnSubSequence(0, columns)).toList();
  }

  private static void families(Snapshot snapshot, List<AttributedString> lines) {
    String name = "%-" + width(6, snapshot.families(), FamilyProgress::family) + "s";
    lines.add(
        bold(
            (name + " %7s %5s %11s %7s %7s %7s %6s  %s")
                .formatted(
                    "family", "done", "%", "rows", "disk", "rows/s", "elapsed", "ETA", "open")));
    for (FamilyProgress family : snapshot.families()) {
      lines.add(
          line()
              .append(
                  String.format(
                      Locale.ROOT,
                      name + " %7s %5.1f %,11d %7s %7s %7s %6s  ",
                      family.family(),
                      family.done() + "/" + family.total(),
                      family.percent(),
                      family.rows(),
                      Quantity.bytes(family.bytes()),
                      family.rowsPerSecond() == null
                          ? "-"
                          : String.format(Locale.ROOT, "%,.0f", family.rowsPerSecond()),
                      Quantity.duration(family.elapsedSeconds()),
                      eta(family)))
              .styled(family.failed() > 0 ? RED : PLAIN, open(family))
              .toAttributedString());
    }
  }

  private static String eta(FamilyProgress family) {
    return family.total() > 0 && family.done() == family.total()
        ? "done"
        : Quantity.duration(family.etaSeconds());
  }

  /** What is not done, briefly: the mark that the grid has for it, and how many. */
  private static String open(FamilyProgress family) {
    Map<PartitionState, Integer> counts = new LinkedHashMap<>();
    counts.put(PartitionState.FAILED, family.failed());
    counts.put(PartitionState.MISSING, family.missing());
    counts.put(PartitionState.RUNNING, family.running());
    counts.put(PartitionState.STALE, family.stale());
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .map(entry -> mark(entry.getKey()) + Integer.toString(entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static void workers(Snapshot snapshot, List<AttributedString> lines) {
    String partition =
        "%-" + width(18, snapshot.workers(), worker -> String.valueOf(worker.partition())) + "s";
    lines.add(
        bold(
            String.format(
                Locale.ROOT,
                "%-8s " + partition + " %-8s %-20s %7s %5s %8s",
                "backend",
                "computes",
                "state",
                "waits for",
                "time",
                "CPU %",
                "memory")));
    for (WorkerFact worker : snapshot.workers()) {
      lines.add(
          text(
              String.format(
                  Locale.ROOT,
                  "%-8d " + partition + " %-8s %-20s %7s %5s %8s",
                  worker.backendPid(),
                  worker.partition() == null ? "-" : worker.partition(),
                  cut(worker.state() == null ? "?" : worker.state(), 8),
                  cut(worker.waitsFor() == null ? "-" : worker.waitsFor(), 20),
                  Quantity.duration(worker.seconds()),
                  worker.cpuPercent() == null
                      ? "-"
                      : String.format(Locale.ROOT, "%.0f", worker.cpuPercent()),
                  worker.memoryBytes() == null ? "-" : Quantity.bytes(worker.memoryBytes()))));
    }
    if (snapshot.workers().isEmpty()) {
      lines.add(text("no backfill runs"));
    }
    WorkerFact stalest = snapshot.stalestHeartbeat();
    lines.add(
        text(
            "connections %d of %d, stalest heartbeat %s"
                .formatted(
                    snapshot.connections(),
                    snapshot.maxConnections(),
                    stalest == null
                        ? "-"
                        : "%s ago (backend %d)"
                            .formatted(
                                Quantity.duration(stalest.seconds()), stalest.backendPid()))));
  }

  private static void events(Snapshot snapshot, int columns, List<AttributedString> lines) {
    for (PartitionFact failed : snapshot.lastFailed()) {
      String when = CLOCK.format(failed.finishedAt()).substring(11) + "  " + failed.name();
      String message = Printable.of(String.valueOf(failed.reason()));
      AttributedStringBuilder line = line().styled(RED, "failed   ").append(when);
      boolean fits = line.length() + GAP + message.length() <= columns;
      lines.add((fits ? line.append("  " + message) : line).toAttributedString());
      if (!fits) {
        wrap(message, columns, lines);
      }
    }
    for (PartitionFact finished : snapshot.lastFinished()) {
      lines.add(
          text(
              String.format(
                  Locale.ROOT,
                  "finished %s  %s  %,d rows%s",
                  CLOCK.format(finished.finishedAt()).substring(11),
                  finished.name(),
                  finished.rows(),
                  finished.reason() == null ? "" : ", since stale: " + finished.reason())));
    }
    if (snapshot.lastFailed().isEmpty() && snapshot.lastFinished().isEmpty()) {
      lines.add(text("nothing was computed yet"));
    }
  }

  /**
   * A pair a row, a month a cell with one mark for each family; as many pairs beside each other as
   * fit.
   */
  private static void grid(Snapshot snapshot, int columns, List<AttributedString> lines) {
    Map<String, PartitionFact> byName =
        snapshot.partitions().stream()
            .collect(Collectors.toMap(PartitionFact::name, partition -> partition));
    List<String> families = snapshot.families().stream().map(FamilyProgress::family).toList();
    List<String> pairs =
        List.copyOf(
            new TreeSet<>(snapshot.partitions().stream().map(PartitionFact::pair).toList()));
    List<YearMonth> months =
        List.copyOf(
            new TreeSet<>(snapshot.partitions().stream().map(PartitionFact::month).toList()));
    if (families.isEmpty() || months.isEmpty()) {
      lines.add(text("no bars: ./bqx import FILE or ./bqx generate makes them"));
      return;
    }
    int label = pairs.stream().mapToInt(String::length).max().orElse(0) + 1;
    int fitting = Math.max(1, (columns - label) / families.size());
    if (months.size() > fitting) {
      months = months.subList(months.size() - fitting, months.size());
    }
    int width = label + months.size() * families.size();
    int blocks = Math.max(1, (columns + GAP) / (width + GAP));
    int rows = (pairs.size() + blocks - 1) / blocks;
    lines.add(
        bold(
            "%s to %s, a cell a month: %s"
                .formatted(
                    months.get(0), months.get(months.size() - 1), String.join(" ", families))));
    lines.add(styledLegend());
    for (int row = 0; row < rows; row++) {
      AttributedStringBuilder line = line();
      for (int index = row; index < pairs.size(); index += rows) {
        if (index > row) {
          line.append(" ".repeat(GAP));
        }
        String pair = pairs.get(index);
        line.append(pair).append(" ".repeat(label - pair.length()));
        for (YearMonth month : months) {
          for (String family : families) {
            PartitionFact partition = byName.get(family + " " + pair + " " + month);
            PartitionState state = partition == null ? PartitionState.NO_BARS : partition.state();
            line.styled(style(state), Character.toString(mark(state)));
          }
        }
      }
      lines.add(line.toAttributedString());
    }
  }

  private static AttributedString styledLegend() {
    AttributedStringBuilder line = line();
    for (PartitionState state : PartitionState.values()) {
      if (!state.lacksInputs()) {
        line.styled(style(state), Character.toString(mark(state))).append(" " + state + "  ");
      }
    }
    return line.append("blank: no bars, or no quotes for it").toAttributedString();
  }

  private static char mark(PartitionState state) {
    return switch (state) {
      case DONE -> '#';
      case RUNNING -> '>';
      case MISSING -> '.';
      case STALE -> '~';
      case FAILED -> '!';
      case NO_BARS, NO_QUOTES -> ' ';
    };
  }

  private static AttributedStyle style(PartitionState state) {
    return switch (state) {
      case DONE -> AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
      case RUNNING -> AttributedStyle.BOLD.foreground(AttributedStyle.CYAN);
      case STALE -> AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);
      case FAILED -> AttributedStyle.BOLD.foreground(AttributedStyle.RED);
      case MISSING, NO_BARS, NO_QUOTES -> FAINT;
    };
  }

  /** Returns how wide a column is that is usually this wide: names of any length fit. */
  private static <T> int width(int usual, List<T> rows, Function<T, String> cell) {
    return rows.stream().mapToInt(row -> cell.apply(row).length()).reduce(usual, Math::max);
  }

  /** Two lines of a message are enough to know it by; all of it is in bqx.progress. */
  private static void wrap(String message, int columns, List<AttributedString> lines) {
    int room = Math.max(1, columns - EVENT_INDENT);
    for (int from = 0; from < Math.min(message.length(), 2 * room); from += room) {
      String part = message.substring(from, Math.min(message.length(), from + room));
      lines.add(text(" ".repeat(EVENT_INDENT) + part));
    }
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length);
  }

  private static AttributedStringBuilder line() {
    return new AttributedStringBuilder();
  }

  private static AttributedString bold(String text) {
    return new AttributedString(text.stripTrailing(), BOLD);
  }

  private static AttributedString text(String text) {
    return new AttributedString(text);
  }

  private static AttributedString blank() {
    return AttributedString.EMPTY;
  }
}
