package org.bqx.report;

import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bqx.digest.Digests;
import org.bqx.gaps.Coverage;
import org.bqx.gaps.Gap;
import org.bqx.monitor.FamilyProgress;
import org.bqx.monitor.PartitionFact;
import org.bqx.partition.Partition;
import org.bqx.partition.PartitionRange;
import org.bqx.partition.PartitionState;
import org.bqx.report.Attention.Group;
import org.bqx.report.Features.MonthFigures;
import org.bqx.report.Features.Panel;
import org.bqx.report.Report.Proof;
import org.bqx.stages.Stage;
import org.bqx.terminal.Quantity;
import org.bqx.verify.Finding;
import org.bqx.verify.PartitionCheck;
import org.bqx.verify.VerifyOutcome;
import tools.jackson.databind.json.JsonMapper;

/**
 * A report as one page that loads nothing: style, script and data are in it. A live page asks where
 * it came from, and nobody else.
 *
 * <p>Nothing from the database becomes markup or script. The template engine escapes what it
 * writes; the data is JSON in a block that is not executed, without a {@code <}; the page's script
 * sets text, never HTML; and the page's policy runs no script but the one whose hash it names.
 */
public final class HtmlReport {
  private static final String STYLE = text("report.css");
  private static final String SCRIPT = text("report.js");

  /** Groups before those that the reader unfolds, so that all of it fits the first screen. */
  private static final int FIRST_GROUPS = 6;

  private static final int MOST_GROUPS = 200;
  private static final int MOST_ROWS = 20;
  private static final int MOST_GAPS = 50;
  private static final int SLOWEST = 30;
  private static final String OPEN = "open";

  private HtmlReport() {}

  /** What the page says first. */
  public record Verdict(String tone, String sign, String headline, List<String> lines) {}

  /** What is found together: its first row stands in its line, the others unfold. */
  public record GroupRow(
      String tone,
      String sign,
      String kind,
      String where,
      String text,
      FindingRow first,
      List<FindingRow> rows,
      long more,
      String count,
      String next,
      String goTo) {}

  /** A value for people, and as it is. */
  public record Value(String text, String full) {}

  /** A difference or a warning. */
  public record FindingRow(
      String where, String time, String column, Value found, Value expected, String check) {}

  /** A family in the list that the reader chooses from. */
  public record FamilyRow(String family, List<String> counts) {}

  /**
   * Returns the page as a file of its own.
   *
   * @param next makes commands reach the server that the report is of
   */
  public static String render(Report report, UnaryOperator<String> next) {
    return render(report, next, 0);
  }

  /**
   * Returns the page as it asks for itself again.
   *
   * @param next as above
   * @param everySeconds how often
   */
  public static String renderLive(Report report, UnaryOperator<String> next, int everySeconds) {
    return render(report, next, everySeconds);
  }

  /**
   * Returns the policy of a page.
   *
   * @param live whether it may ask where it came from
   */
  public static String policy(boolean live) {
    return "default-src 'none'; style-src '%s'; script-src '%s'; img-src data:;%s base-uri 'none'; form-action 'none'"
        .formatted(hash(STYLE), hash(SCRIPT), live ? " connect-src 'self';" : "");
  }

  /** Returns a panel as the page's script reads it. */
  public static String json(Panel panel) {
    return JsonMapper.shared().writeValueAsString(PageData.panel(panel));
  }

  /** Returns a column's months as the page's script reads them. */
  public static String json(List<MonthFigures> months) {
    return JsonMapper.shared().writeValueAsString(PageData.months(months));
  }

  private static String render(Report report, UnaryOperator<String> next, int every) {
    List<Group> groups = Attention.of(report);
    Map<String, Object> model = new HashMap<>();
    model.put("server", report.server());
    model.put("at", Texts.time(report.at()));
    model.put("range", range(report.range()));
    model.put("live", every);
    model.put("verdict", verdict(report, groups));
    List<GroupRow> rows =
        groups.stream().limit(MOST_GROUPS).map(group -> row(group, next)).toList();
    model.put("groups", rows.subList(0, Math.min(FIRST_GROUPS, rows.size())));
    model.put("furtherGroups", rows.subList(Math.min(FIRST_GROUPS, rows.size()), rows.size()));
    model.put("moreGroups", Math.max(0, groups.size() - MOST_GROUPS));
    model.put("completeness", completeness(report));
    model.put("gaps", gaps(report));
    model.put("moreGaps", Math.max(0, openGaps(report).count() - MOST_GAPS));
    model.put("families", families(report));
    model.put("hasFeatures", report.features() != null);
    model.put("totals", totals(report));
    model.put("slowest", slowest(report));
    model.put("stages", stages(report));
    model.put("data", data(report, groups, every));
    model.put("style", STYLE);
    model.put("script", SCRIPT);
    model.put("policy", policy(every > 0));
    try {
      StringWriter page = new StringWriter();
      configuration().getTemplate("report.ftlh").process(model, page);
      return page.toString();
    } catch (IOException | TemplateException broken) {
      throw new IllegalStateException("the template of the report is broken", broken);
    }
  }

  private static Configuration configuration() {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setClassForTemplateLoading(HtmlReport.class, "");
    configuration.setDefaultEncoding(StandardCharsets.UTF_8.name());
    configuration.setLocale(Locale.ROOT);
    configuration.setNumberFormat("computer");
    configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
    configuration.setLogTemplateExceptions(false);
    return configuration;
  }

  /** Returns what the page is restricted to, null when it is of all. */
  private static String range(PartitionRange range) {
    List<String> parts = new ArrayList<>();
    if (!range.families().isEmpty()) {
      parts.add(String.join(", ", range.families()));
    }
    if (!range.pairs().isEmpty()) {
      parts.add(String.join(", ", range.pairs()));
    }
    if (range.from() != null) {
      parts.add("from " + range.from());
    }
    if (range.to() != null) {
      parts.add("to " + range.to());
    }
    return parts.isEmpty() ? null : String.join(" ", parts);
  }

  private static Verdict verdict(Report report, List<Group> groups) {
    VerifyOutcome outcome = report.verification();
    List<String> lines = Texts.verification(report);
    boolean isWrong = groups.stream().anyMatch(group -> group.kind().isWrong());
    if (outcome == null) {
      return new Verdict(isWrong ? "bad" : "none", isWrong ? "✕" : "?", "Not verified", lines);
    }
    boolean isProven =
        outcome.differenceCount() == 0 && outcome.uncheckedCount() == 0 && !outcome.stopped();
    return new Verdict(isProven ? "good" : "bad", isProven ? "✓" : "≠", outcome.summary(), lines);
  }

  private static GroupRow row(Group group, UnaryOperator<String> next) {
    List<FindingRow> rows = group.rows().stream().limit(MOST_ROWS).map(HtmlReport::row).toList();
    Partition goTo = group.goTo();
    return new GroupRow(
        group.kind().tone(),
        group.kind().sign(),
        group.kind().text(),
        group.where(),
        group.text(),
        rows.isEmpty() ? null : rows.get(0),
        rows.size() < 2 ? List.of() : rows,
        Math.max(0, group.rows().size() - MOST_ROWS),
        count(group),
        group.next() == null ? null : next.apply(group.next()),
        goTo == null ? null : "%s|%s|%s".formatted(goTo.family(), goTo.pair(), goTo.month()));
  }

  private static String count(Group group) {
    return switch (group.kind()) {
      case DIFFERS -> Quantity.of(group.count(), "difference");
      case GAP -> Quantity.of(group.count(), "gap");
      case WARNING -> Quantity.of(group.count(), "warning");
      case HOLE, NO_QUOTES -> Quantity.of(group.count(), "month");
      default -> Quantity.of(group.count(), "partition");
    };
  }

  private static FindingRow row(Finding finding) {
    String found = finding.found() == null ? "NULL" : finding.found();
    String expected = finding.expected() == null ? "" : finding.expected();
    return new FindingRow(
        Texts.where(finding),
        finding.time() == null ? "" : Texts.time(finding.time()),
        finding.column() == null ? "" : finding.column(),
        new Value(Texts.rounded(found, expected), found),
        new Value(Texts.rounded(expected, found), expected),
        finding.check());
  }

  /** Returns what is to be said of the bars as a whole. */
  private static List<String> completeness(Report report) {
    List<String> lines = new ArrayList<>();
    long bars = report.coverage().stream().mapToLong(Coverage::bars).sum();
    long missing = report.coverage().stream().mapToLong(Coverage::missing).sum();
    if (!report.knowsGaps()) {
      lines.add("Gaps in the bars are unknown while a node does not answer: ./bqx node list.");
    } else if (report.coverage().isEmpty()) {
      lines.add("Nobody has looked for gaps yet: ./bqx gaps does.");
    }
    if (!report.coverage().isEmpty()) {
      lines.add(
          "%s of %s have a bar in %s of %s: %s\u00a0%%."
              .formatted(
                  Texts.count(bars),
                  Quantity.of(bars + missing, "minute") + " of an open market",
                  Quantity.of(report.coverage().size(), "month"),
                  Quantity.of(
                      report.coverage().stream().map(Coverage::pair).distinct().count(), "pair"),
                  Texts.floor(bars + missing == 0 ? 100 : 100.0 * bars / (bars + missing))));
    }
    if (report.knowsGaps() && !report.coverage().isEmpty()) {
      Map<String, Long> states =
          report.gaps().stream().collect(Collectors.groupingBy(Gap::state, Collectors.counting()));
      lines.add(
          "%s open, %s acknowledged, %s of holidays."
              .formatted(
                  Quantity.of(states.getOrDefault(OPEN, 0L), "gap"),
                  Texts.count(states.getOrDefault("acknowledged", 0L)),
                  Texts.count(states.getOrDefault("holiday", 0L))));
    }
    return lines;
  }

  private static Stream<Gap> openGaps(Report report) {
    return report.gaps().stream().filter(gap -> gap.state().equals(OPEN));
  }

  private static List<List<String>> gaps(Report report) {
    return openGaps(report)
        .sorted(Comparator.comparing(Gap::minutes).reversed())
        .limit(MOST_GAPS)
        .map(
            gap ->
                List.of(
                    gap.pair(),
                    Texts.time(gap.from()),
                    Texts.time(gap.to()),
                    Texts.minutes(gap.minutes())))
        .toList();
  }

  private static List<FamilyRow> families(Report report) {
    Map<Partition, PartitionCheck> checks = report.checks();
    Map<String, Long> wrong =
        report.partitions().stream()
            .filter(
                partition -> {
                  Proof proof = report.proof(partition, checks.get(Report.key(partition)));
                  return proof == Proof.DIFFERENT && partition.is(PartitionState.DONE)
                      || proof == Proof.UNREADABLE;
                })
            .collect(Collectors.groupingBy(PartitionFact::family, Collectors.counting()));
    return report.families().stream()
        .map(
            family ->
                new FamilyRow(
                    family.family(),
                    List.of(
                        "%s of %s"
                            .formatted(Texts.count(family.done()), Texts.count(family.total())),
                        some(wrong.getOrDefault(family.family(), 0L)),
                        some(family.failed()),
                        some(family.stale()),
                        some(family.missing()),
                        some(family.running()))))
        .toList();
  }

  /** Nothing is not a number to look at. */
  private static String some(long count) {
    return count == 0 ? "–" : Texts.count(count);
  }

  private static List<List<String>> totals(Report report) {
    List<List<String>> rows = new ArrayList<>();
    for (FamilyProgress family : report.families()) {
      List<PartitionFact> timed =
          report.partitions().stream()
              .filter(p -> p.family().equals(family.family()) && Report.seconds(p) != null)
              .sorted(Comparator.comparing(Report::seconds))
              .toList();
      PartitionFact slowest = timed.isEmpty() ? null : timed.get(timed.size() - 1);
      rows.add(
          List.of(
              family.family(),
              Texts.count(family.rows()),
              Quantity.bytes(family.bytes()),
              Texts.count(family.rowsPerSecond()),
              Quantity.duration(family.elapsedSeconds()),
              timed.isEmpty() ? "-" : Texts.seconds(Report.seconds(timed.get(timed.size() / 2))),
              slowest == null
                  ? "-"
                  : "%s %s %s"
                      .formatted(
                          Texts.seconds(Report.seconds(slowest)),
                          slowest.pair(),
                          slowest.month())));
    }
    return rows;
  }

  private static List<List<String>> slowest(Report report) {
    return report.partitions().stream()
        .filter(partition -> Report.seconds(partition) != null)
        .sorted(Comparator.comparing(Report::seconds).reversed())
        .limit(SLOWEST)
        .map(
            partition ->
                List.of(
                    partition.name(),
                    partition.state().toString(),
                    Texts.count(partition.rows()),
                    String.format(Locale.ROOT, "%.3f", Report.seconds(partition)),
                    Texts.count(Report.rowsPerSecond(partition))))
        .toList();
  }

  private static List<List<String>> stages(Report report) {
    List<List<String>> rows = new ArrayList<>();
    for (Stage stage : report.stages()) {
      rows.add(
          List.of(
              stage.version(),
              stage.title(),
              stage.status(),
              stage.started() == null ? "-" : Texts.time(stage.started()),
              Quantity.duration(stage.seconds()),
              stage.result() == null ? "" : stage.result()));
    }
    return rows;
  }

  private static String data(Report report, List<Group> groups, int every) {
    Map<String, Object> data = new PageData(report).toMap();
    data.put("live", every);
    groups.stream()
        .map(Group::goTo)
        .filter(goTo -> goTo != null)
        .findFirst()
        .ifPresent(
            goTo ->
                data.put("opensAt", List.of(goTo.family(), goTo.pair(), goTo.month().toString())));
    return JsonMapper.shared().writeValueAsString(data).replace("<", "\\u003c");
  }

  private static String hash(String text) {
    byte[] digest = Digests.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return "sha256-" + Base64.getEncoder().encodeToString(digest);
  }

  private static String text(String resource) {
    try (InputStream stream = HtmlReport.class.getResourceAsStream(resource)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
