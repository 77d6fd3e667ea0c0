package org.bqx.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bqx.monitor.FamilyProgress;
import org.bqx.monitor.PartitionFact;
import org.bqx.run.Partition;
import org.bqx.stages.Stage;
import org.bqx.terminal.Printable;
import org.bqx.terminal.Quantity;
import org.bqx.verify.Finding;
import org.bqx.verify.PartitionCheck;
import org.bqx.verify.VerifyOutcome;

/** A report as Markdown, with the tables that GitHub, GitLab and pandoc know. */
public final class MarkdownReport {
  private static final int MOST_FINDINGS = 50;

  private MarkdownReport() {}

  /** Returns the text. */
  public static String render(Report report) {
    List<String> lines = new ArrayList<>();
    lines.add("# bqx report");
    lines.add("");
    lines.add(text("%s, %s.".formatted(report.server(), Texts.time(report.at()))));
    totals(report, lines);
    stages(report, lines);
    verification(report, lines);
    report.families().forEach(family -> partitions(report, family.family(), lines));
    lines.add("");
    return String.join("\n", lines);
  }

  private static void totals(Report report, List<String> lines) {
    heading(lines, "Totals");
    List<List<String>> rows = new ArrayList<>();
    for (FamilyProgress family : report.families()) {
      rows.add(
          List.of(
              family.family(),
              family.done() + " of " + family.total(),
              Texts.floor(family.percent()),
              Texts.count(family.rows()),
              Quantity.bytes(family.bytes()),
              Texts.count(family.rowsPerSecond()),
              Quantity.duration(family.elapsedSeconds())));
    }
    table(
        lines,
        List.of("family", "partitions done", "%", "rows", "on disk", "rows/s", "took"),
        1,
        rows);
  }

  private static void stages(Report report, List<String> lines) {
    heading(lines, "Stages");
    List<List<String>> rows = new ArrayList<>();
    for (Stage stage : report.stages()) {
      rows.add(
          List.of(
              stage.version(),
              stage.title(),
              stage.status(),
              stage.started() == null ? "" : Texts.time(stage.started()),
              stage.result() == null ? "" : stage.result()));
    }
    table(lines, List.of("stage", "", "state", "started", "made or removed"), 5, rows);
  }

  private static void verification(Report report, List<String> lines) {
    heading(lines, "Verification");
    VerifyOutcome outcome = report.verification();
    lines.add("**%s.**".formatted(outcome == null ? "Not verified" : outcome.summary()));
    Texts.verification(report).forEach(line -> lines.add(text(line)));
    if (outcome == null) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    Stream.concat(
            outcome.differences().stream(),
            outcome.partitions().stream().flatMap(check -> check.differences().stream()))
        .forEach(finding -> rows.add(row("difference", finding)));
    outcome.partitions().stream()
        .filter(check -> check.error() != null)
        .forEach(
            check ->
                rows.add(
                    List.of(
                        "not checked", check.partition().toString(), "", check.error(), "", "")));
    Stream.concat(
            outcome.warnings().stream(),
            outcome.partitions().stream().flatMap(check -> check.warnings().stream()))
        .forEach(finding -> rows.add(row("warning", finding)));
    if (!rows.isEmpty()) {
      lines.add("");
      table(
          lines,
          List.of("", "where", "column", "found", "expected", "check"),
          6,
          rows.stream().limit(MOST_FINDINGS).toList());
    }
    if (rows.size() > MOST_FINDINGS) {
      lines.add("");
      lines.add(
          "%d more: `./bqx verify --json` lists them.".formatted(rows.size() - MOST_FINDINGS));
    }
  }

  private static List<String> row(String kind, Finding finding) {
    return List.of(
        kind,
        Texts.where(finding),
        finding.column() == null ? "" : finding.column(),
        finding.found() == null ? "NULL" : finding.found(),
        finding.expected() == null ? "" : finding.expected(),
        finding.check());
  }

  private static void partitions(Report report, String family, List<String> lines) {
    Map<Partition, PartitionCheck> checks = report.checks();
    List<PartitionFact> partitions =
        report.partitions().stream().filter(p -> p.family().equals(family)).toList();
    heading(lines, "Partitions of " + family);
    if (partitions.isEmpty()) {
      lines.add("None.");
      return;
    }
    List<Integer> windows = report.windows().get(family);
    List<String> names =
        new ArrayList<>(List.of("unique times", "min index", "max index", "avg index"));
    windows.forEach(window -> names.add("w%d NULLs".formatted(window)));
    if (partitions.stream().anyMatch(p -> hasR2(checks.get(Report.key(p)), windows))) {
      windows.forEach(window -> names.add("w%d avg r2".formatted(window)));
    }
    List<String> headings =
        new ArrayList<>(List.of("pair", "month", "state", "verification", "rows"));
    headings.addAll(names);
    List<List<String>> rows = new ArrayList<>();
    for (PartitionFact partition : partitions) {
      PartitionCheck check = checks.get(Report.key(partition));
      List<String> row = new ArrayList<>();
      row.add(partition.pair());
      row.add(partition.month().toString());
      row.add(
          partition.reason() == null
              ? partition.state()
              : partition.state() + ": " + partition.reason());
      row.add(report.proof(partition, check).toString());
      row.add(Texts.count(partition.rows()));
      names.forEach(name -> row.add(fact(check, name)));
      rows.add(row);
    }
    table(lines, headings, 4, rows);
  }

  private static boolean hasR2(PartitionCheck check, List<Integer> windows) {
    return check != null && check.facts().containsKey("w%d avg r2".formatted(windows.get(0)));
  }

  private static String fact(PartitionCheck check, String name) {
    String value = check == null ? null : check.facts().get(name);
    if (value == null) {
      return "-";
    }
    return name.contains("index") || name.endsWith("r2")
        ? Texts.value(Double.parseDouble(value))
        : Texts.count(Long.valueOf(value));
  }

  private static void heading(List<String> lines, String heading) {
    lines.add("");
    lines.add("## " + heading);
    lines.add("");
  }

  /** Adds a table whose columns are numbers, set right, but for the first ones. */
  private static void table(
      List<String> lines, List<String> headings, int texts, List<List<String>> rows) {
    lines.add(line(headings));
    List<String> rule = new ArrayList<>(Collections.nCopies(headings.size(), "---:"));
    Collections.fill(rule.subList(0, texts), "---");
    lines.add("| " + String.join(" | ", rule) + " |");
    rows.forEach(row -> lines.add(line(row)));
  }

  private static String line(List<String> cells) {
    return cells.stream().map(MarkdownReport::text).collect(Collectors.joining(" | ", "| ", " |"));
  }

  /** Text that is nothing but text in Markdown, on one line. */
  private static String text(String text) {
    return Printable.of(text.replaceAll("\\s+", " "))
        .replaceAll("[\\\\`*\\[\\]<>&|~#]|_(?!\\w)|(?<!\\w)_", "\\\\$0");
  }
}
