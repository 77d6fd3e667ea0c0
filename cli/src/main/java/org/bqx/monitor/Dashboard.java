package org.bqx.monitor;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bqx.terminal.Printable;
import org.bqx.terminal.Quantity;
import org.bqx.terminal.WordWrap;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * A snapshot as lines of text, each no wider than asked. Every state has a mark of its own, so that
 * nothing is told by colour alone. On a narrow screen what matters least is left out, and what is
 * left is broken between words.
 */
public final class Dashboard {
  private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
  private static final AttributedStyle BOLD = AttributedStyle.BOLD;
  private static final AttributedStyle RED =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);

  private static final int INDENT = 2;
  private static final int EVENT_INDENT = 9;
  private static final int EVENT_LINES = 3;
  private static final int LEAST_BAR = 10;
  private static final int LONGEST_BAR = 40;
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Snapshot snapshot;
  private final int columns;
  private final List<AttributedString> lines = new ArrayList<>();

  private Dashboard(Snapshot snapshot, int columns) {
    this.snapshot = snapshot;
    this.columns = columns;
  }

  /** Returns the lines for a screen of so many columns, 80 or more for all of it. */
  public static List<AttributedString> render(Snapshot snapshot, int columns) {
    return render(snapshot, columns, Grid.View.ALL);
  }

  /** Returns the lines with a grid of what the view says. */
  static List<AttributedString> render(Snapshot snapshot, int columns, Grid.View view) {
    Dashboard dashboard = new Dashboard(snapshot, columns);
    dashboard.title();
    dashboard.overall();
    dashboard.blank();
    dashboard.families();
    dashboard.blank();
    dashboard.runs();
    dashboard.workers();
    dashboard.blank();
    dashboard.events();
    dashboard.blank();
    new Grid(snapshot, columns, view).render(columns).forEach(dashboard::add);
    return dashboard.lines;
  }

  private void title() {
    add(
        line()
            .styled(BOLD, "bqx monitor")
            .append("  " + DATE_TIME.format(snapshot.at()) + " UTC  " + snapshot.server())
            .toAttributedString());
    blank();
  }

  private void overall() {
    FamilyProgress all = snapshot.all();
    String figures =
        String.format(
            Locale.ROOT,
            " %,d/%,d %.1f %%  ETA %s",
            all.done(),
            all.total(),
            all.percent(),
            eta(all));
    int room = Math.min(LONGEST_BAR, columns - all.family().length() - figures.length() - 3);
    AttributedStringBuilder line = line().styled(BOLD, all.family());
    if (room >= LEAST_BAR) {
      // Full only when everything is done.
      int filled = (int) (room * all.percent() / 100);
      line.append(" [")
          .styled(Mark.DONE.style(), "#".repeat(filled))
          .append("-".repeat(room - filled) + "]");
    }
    add(line.styled(BOLD, figures).toAttributedString());
  }

  private void families() {
    TextTable table =
        new TextTable()
            .column("family", -6, TextTable.KEPT)
            .column("done", 7, TextTable.KEPT)
            .column("%", 5, TextTable.KEPT)
            .column("rows", 11, 2)
            .column("disk", 7, 3)
            .column("rows/s", 7, 1)
            .column("elapsed", 7, 4)
            .column("ETA", 6, TextTable.KEPT)
            .column(" open", -1, TextTable.KEPT);
    for (FamilyProgress family : snapshot.families()) {
      table.row(
          family.failed() > 0 ? RED : PLAIN,
          family.family(),
          family.done() + "/" + family.total(),
          String.format(Locale.ROOT, "%.1f", family.percent()),
          String.format(Locale.ROOT, "%,d", family.rows()),
          Quantity.bytes(family.bytes()),
          family.rowsPerSecond() == null
              ? "-"
              : String.format(Locale.ROOT, "%,.0f", family.rowsPerSecond()),
          Quantity.duration(family.elapsedSeconds()),
          eta(family),
          " " + open(family));
    }
    table.render(columns).forEach(this::add);
    if (!snapshot.silentNodes().isEmpty()) {
      add(
          new AttributedString(
              "no sizes: node %s did not answer in 2 s"
                  .formatted(String.join(", ", snapshot.silentNodes()))));
    }
  }

  private static String eta(FamilyProgress family) {
    return family.total() > 0 && family.done() == family.total()
        ? "done"
        : Quantity.duration(family.etaSeconds());
  }

  /** What is not done, briefly: the mark that the grid has for it, and how many. */
  private static String open(FamilyProgress family) {
    Map<Mark, Integer> counts = new LinkedHashMap<>();
    counts.put(Mark.FAILED, family.failed());
    counts.put(Mark.UNREACHABLE, family.unreachable());
    counts.put(Mark.MISSING, family.missing());
    counts.put(Mark.RUNNING, family.running());
    counts.put(Mark.STALE, family.stale());
    counts.put(Mark.AGAIN, family.again());
    counts.put(Mark.REMOVAL, family.removals());
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .map(entry -> entry.getKey().sign() + Integer.toString(entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  private void runs() {
    for (RunFact run : snapshot.runs()) {
      add(
          "run %d of %s since %s: %s"
              .formatted(
                  run.runId(), run.role(), DATE_TIME.format(run.startedAt()), run.options()));
    }
    long planned = snapshot.partitions().stream().filter(PartitionFact::planned).count();
    long left = snapshot.all().total() - snapshot.all().done() - planned;
    if (!snapshot.runs().isEmpty()) {
      if (left > 0) {
        add(
            "%s not done that no run computes: not in the ETA"
                .formatted(Quantity.of(left, "partition")));
      }
      blank();
    }
  }

  private void workers() {
    TextTable table =
        new TextTable()
            .column("backend", -8, TextTable.KEPT)
            .column("computes", -18, TextTable.KEPT)
            .column("state", -8, 4)
            .column("waits for", -20, 1)
            .column("time", 7, TextTable.KEPT)
            .column("CPU %", 5, 3)
            .column("memory", 8, 2);
    for (WorkerFact worker : snapshot.workers()) {
      table.row(
          PLAIN,
          worker.backend(),
          worker.partition() == null ? "-" : worker.partition(),
          worker.state() == null ? "?" : worker.state(),
          worker.waitsFor() == null ? "-" : worker.waitsFor(),
          Quantity.duration(worker.seconds()),
          worker.cpuPercent() == null
              ? "?"
              : String.format(Locale.ROOT, "%.0f", worker.cpuPercent()),
          Quantity.bytes(worker.memoryBytes()));
    }
    table.render(columns).forEach(this::add);
    if (snapshot.workers().isEmpty()) {
      add(snapshot.runs().isEmpty() ? "no backfill runs" : "no backend computes");
    }
    WorkerFact stalest = snapshot.stalestHeartbeat();
    add(
        "connections %d of %d, stalest heartbeat %s"
            .formatted(
                snapshot.connections(),
                snapshot.maxConnections(),
                stalest == null
                    ? "-"
                    : "%s ago (backend %s)"
                        .formatted(Quantity.duration(stalest.seconds()), stalest.backend())));
  }

  private void events() {
    for (PartitionFact failed : snapshot.lastFailed()) {
      List<AttributedString> message =
          WordWrap.of(
              line()
                  .styled(RED, "failed   ")
                  .append(CLOCK.format(failed.finishedAt()) + "  " + failed.name() + "  ")
                  .append(Printable.of(String.valueOf(failed.reason())))
                  .toAttributedString(),
              columns,
              EVENT_INDENT);
      // Enough to know it by; all of it is in bqx.progress.
      message.stream().limit(EVENT_LINES).forEach(this::add);
    }
    for (PartitionFact finished : snapshot.lastFinished()) {
      WordWrap.of(
              new AttributedString(
                  String.format(
                      Locale.ROOT,
                      "finished %s  %s  %s%s",
                      CLOCK.format(finished.finishedAt()),
                      finished.name(),
                      Quantity.of(finished.rows(), "row"),
                      finished.reason() == null ? "" : ", since stale: " + finished.reason())),
              columns,
              EVENT_INDENT)
          .forEach(this::add);
    }
    if (snapshot.lastFailed().isEmpty() && snapshot.lastFinished().isEmpty()) {
      add("nothing was computed yet");
    }
  }

  private void add(String text) {
    add(new AttributedString(text));
  }

  private void add(AttributedString line) {
    for (AttributedString part : WordWrap.of(line, columns, INDENT)) {
      // Characters that are two columns wide have been counted as one.
      lines.add(part.columnSubSequence(0, columns));
    }
  }

  private void blank() {
    lines.add(AttributedString.EMPTY);
  }

  private static AttributedStringBuilder line() {
    return new AttributedStringBuilder();
  }
}
