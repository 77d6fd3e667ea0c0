package org.bqx.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bqx.monitor.FamilyProgress;
import org.bqx.monitor.PartitionFact;
import org.bqx.partition.Partition;
import org.bqx.stages.Stage;
import org.bqx.terminal.Printable;
import org.bqx.terminal.Quantity;
import org.bqx.verify.Finding;
import org.bqx.verify.PartitionCheck;
import org.bqx.verify.VerifyFacts;
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
    Set<String> nulls = new LinkedHashSet<>();
    Set<String> averages = new LinkedHashSet<>();
    for (PartitionFact partition : partitions) {
      VerifyFacts facts = facts(checks, partition);
      nulls.addAll(facts.nulls().keySet());
      averages.addAll(facts.averages().keySet());
    }
    if (nulls.isEmpty()) {
      nulls.addAll(report.labels().getOrDefault(family, List.of()));
    }
    List<String> headings =
        new ArrayList<>(
            List.of(
                "pair",
                "month",
                "state",
                "verification",
                "rows",
                "unique times",
                "min index",
                "max index",
                "avg index"));
    nulls.forEach(label -> headings.add(label + " NULLs"));
    headings.addAll(averages);
    List<List<String>> rows = new ArrayList<>();
    for (PartitionFact partition : partitions) {
      VerifyFacts facts = facts(checks, partition);
      List<String> row = new ArrayList<>();
      row.add(partition.pair());
      row.add(partition.month().toString());
      row.add(
          partition.reason() == null
              ? partition.state().toString()
              : partition.state() + ": " + partition.reason());
      row.add(report.proof(partition, checks.get(Report.key(partition))).toString());
      row.add(Texts.count(partition.rows()));
      row.add(Texts.count(facts.uniqueTimes()));
      row.add(Texts.value(facts.minIndex()));
      row.add(Texts.value(facts.maxIndex()));
      row.add(Texts.value(facts.avgIndex()));
      nulls.forEach(label -> row.add(Texts.count(facts.nulls().get(label))));
      averages.forEach(label -> row.add(Texts.value(facts.averages().get(label))));
      rows.add(row);
    }
    table(lines, headings, 4, rows);
  }

  private static VerifyFacts facts(Map<Partition, PartitionCheck> checks, PartitionFact partition) {
    PartitionCheck check = checks.get(Report.key(partition));
    return check == null ? VerifyFacts.NONE : check.facts();
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
