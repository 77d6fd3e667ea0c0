package org.bqx.report;

import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Base64;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import org.bqx.monitor.FamilyProgress;
import org.bqx.monitor.PartitionFact;
import org.bqx.partition.Partition;
import org.bqx.partition.PartitionState;
import org.bqx.report.Report.Proof;
import org.bqx.stages.Stage;
import org.bqx.terminal.Quantity;
import org.bqx.verify.Finding;
import org.bqx.verify.PartitionCheck;
import org.bqx.verify.VerifyOutcome;
import tools.jackson.databind.json.JsonMapper;

/**
 * A report as one page that loads nothing: style, script and data are in it.
 *
 * <p>Nothing from the database becomes markup or script. The template engine escapes what it
 * writes; the data is JSON in a block that is not executed, without a {@code <}; the page's script
 * sets text, never HTML; and the page's policy runs no script but those whose hashes it names.
 */
public final class HtmlReport {
  private static final String LIBRARY = "/META-INF/resources/webjars/uplot/";
  private static final String LIBRARY_PROPERTIES =
      "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
  private static final int BUCKETS = 400;
  private static final int MOST_FINDINGS = 200;
  private static final MathContext DRAWN = new MathContext(8);

  private HtmlReport() {}

  /** A cell of the heat map: a partition, or none where a pair lacks the month. */
  public record Cell(int index, String state, String glyph, boolean wrong, String label) {}

  /** A row of the heat map. */
  public record HeatRow(String pair, List<Cell> cells) {}

  /** The heat map of a family. */
  public record HeatMap(String family, List<String> months, List<HeatRow> rows) {}

  /** A row of the table of partitions; the cells are its numbers: rows, seconds, rows/s. */
  public record Row(String name, String state, List<String> cells, String proof) {}

  /** What the page says of the verification. */
  public record Verdict(
      String tone, String headline, List<String> lines, List<FindingRow> findings, long more) {}

  /** A difference or a warning. */
  public record FindingRow(
      String kind, String where, String column, String found, String expected, String check) {}

  /** Returns the page. */
  public static String render(Report report) {
    String style = library("dist/uPlot.min.css") + text("report.css");
    String library = library("dist/uPlot.iife.min.js");
    String script = text("report.js");
    Map<String, Object> model = new HashMap<>();
    model.put("server", report.server());
    model.put("at", Texts.time(report.at()));
    model.put("totals", totals(report));
    model.put("stages", stages(report));
    model.put("verdict", verdict(report));
    model.put("heatMaps", heatMaps(report));
    model.put("rows", rows(report));
    model.put("series", report.series());
    if (report.series() != null) {
      model.put("summaries", report.series().charts().stream().map(HtmlReport::summary).toList());
    }
    model.put("data", data(report));
    model.put("style", style);
    model.put("library", library);
    model.put("script", script);
    model.put("license", library("LICENSE").strip());
    model.put("libraryVersion", libraryVersion());
    model.put("styleHash", hash(style));
    model.put("scriptHashes", List.of(hash(library), hash(script)));
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

  private static List<List<String>> totals(Report report) {
    List<List<String>> rows = new ArrayList<>();
    for (FamilyProgress family : report.families()) {
      rows.add(
          List.of(
              family.family(),
              "%d of %d (%s %%)"
                  .formatted(family.done(), family.total(), Texts.floor(family.percent())),
              String.valueOf(family.missing()),
              String.valueOf(family.stale()),
              String.valueOf(family.failed()),
              String.valueOf(family.running()),
              Texts.count(family.rows()),
              Quantity.bytes(family.bytes()),
              Texts.count(family.rowsPerSecond()),
              Quantity.duration(family.elapsedSeconds())));
    }
    return rows;
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

  private static Verdict verdict(Report report) {
    VerifyOutcome outcome = report.verification();
    List<String> lines = Texts.verification(report);
    if (outcome == null) {
      return new Verdict("none", "Not verified", lines, List.of(), 0);
    }
    List<FindingRow> findings = new ArrayList<>();
    outcome.differences().forEach(finding -> findings.add(row("difference", finding)));
    for (PartitionCheck check : outcome.partitions()) {
      check.differences().forEach(finding -> findings.add(row("difference", finding)));
    }
    for (PartitionCheck check : outcome.partitions()) {
      if (check.error() != null) {
        findings.add(
            new FindingRow("not checked", check.partition().toString(), "", check.error(), "", ""));
      }
    }
    outcome.warnings().forEach(finding -> findings.add(row("warning", finding)));
    for (PartitionCheck check : outcome.partitions()) {
      check.warnings().forEach(finding -> findings.add(row("warning", finding)));
    }
    boolean isProven =
        outcome.differenceCount() == 0 && outcome.uncheckedCount() == 0 && !outcome.stopped();
    return new Verdict(
        isProven ? "good" : "bad",
        outcome.summary(),
        lines,
        findings.stream().limit(MOST_FINDINGS).toList(),
        Math.max(0, findings.size() - MOST_FINDINGS));
  }

  private static FindingRow row(String kind, Finding finding) {
    return new FindingRow(
        kind,
        Texts.where(finding),
        finding.column() == null ? "" : finding.column(),
        finding.found() == null ? "NULL" : finding.found(),
        finding.expected() == null ? "" : finding.expected(),
        finding.check());
  }

  /** Returns name, lowest, average and highest value of each line, none when there are no times. */
  private static List<List<String>> summary(Chart chart) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < chart.lines().size() && !chart.values().times().isEmpty(); i++) {
      String name = chart.lines().get(i).label();
      DoubleSummaryStatistics statistics =
          chart.values().values().get(i).stream()
              .filter(value -> value != null)
              .mapToDouble(Double::doubleValue)
              .summaryStatistics();
      rows.add(
          statistics.getCount() == 0
              ? List.of(name, "-", "-", "-")
              : List.of(
                  name,
                  Texts.value(statistics.getMin()),
                  Texts.value(statistics.getAverage()),
                  Texts.value(statistics.getMax())));
    }
    return rows;
  }

  private static List<HeatMap> heatMaps(Report report) {
    Map<Partition, PartitionCheck> checks = report.checks();
    TreeSet<YearMonth> months = new TreeSet<>();
    report.partitions().forEach(partition -> months.add(partition.month()));
    Map<String, Map<String, Map<YearMonth, Cell>>> families = new LinkedHashMap<>();
    report.families().forEach(family -> families.put(family.family(), new LinkedHashMap<>()));
    for (int i = 0; i < report.partitions().size(); i++) {
      PartitionFact partition = report.partitions().get(i);
      Proof proof = report.proof(partition, checks.get(Report.key(partition)));
      boolean wrong = proof == Proof.DIFFERENT || proof == Proof.UNREADABLE;
      families
          .computeIfAbsent(partition.family(), family -> new LinkedHashMap<>())
          .computeIfAbsent(partition.pair(), pair -> new HashMap<>())
          .put(
              partition.month(),
              new Cell(
                  i,
                  partition.state().toString().replace(' ', '-'),
                  wrong ? "≠" : glyph(partition.state()),
                  wrong,
                  "%s: %s, %s".formatted(partition.name(), partition.state(), proof)));
    }
    List<HeatMap> maps = new ArrayList<>();
    families.forEach(
        (family, pairs) -> {
          List<HeatRow> rows = new ArrayList<>();
          pairs.forEach(
              (pair, cells) -> {
                List<Cell> row = new ArrayList<>();
                // A list that the template reads: null is the cell that there is not.
                months.forEach(month -> row.add(cells.get(month)));
                rows.add(new HeatRow(pair, row));
              });
          maps.add(new HeatMap(family, months.stream().map(YearMonth::toString).toList(), rows));
        });
    return maps;
  }

  private static String glyph(PartitionState state) {
    return switch (state) {
      case DONE -> "✓";
      case MISSING -> "·";
      case RUNNING -> "▸";
      case STALE -> "~";
      case FAILED -> "✕";
      case NO_BARS, NO_QUOTES -> "–";
    };
  }

  private static List<Row> rows(Report report) {
    Map<Partition, PartitionCheck> checks = report.checks();
    List<Row> rows = new ArrayList<>();
    for (PartitionFact partition : report.partitions()) {
      Double seconds = Report.seconds(partition);
      rows.add(
          new Row(
              partition.name(),
              partition.state().toString(),
              List.of(
                  Texts.count(partition.rows()),
                  seconds == null ? "-" : String.format(Locale.ROOT, "%.3f", seconds),
                  Texts.count(Report.rowsPerSecond(partition))),
              report.proof(partition, checks.get(Report.key(partition))).toString()));
    }
    return rows;
  }

  /** The data for the script: the facts of each partition, and the lines. */
  private static String data(Report report) {
    Map<Partition, PartitionCheck> checks = report.checks();
    List<List<List<String>>> facts = new ArrayList<>();
    for (PartitionFact partition : report.partitions()) {
      facts.add(Texts.facts(report, partition, checks.get(Report.key(partition))));
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("facts", facts);
    if (report.series() != null) {
      data.put("charts", report.series().charts().stream().map(HtmlReport::drawn).toList());
    }
    return JsonMapper.shared().writeValueAsString(data).replace("<", "\\u003c");
  }

  private static Map<String, Object> drawn(Chart chart) {
    Map<String, Object> drawn = new LinkedHashMap<>();
    drawn.put("family", chart.family());
    drawn.put("lines", chart.lines());
    drawn.put("values", drawn(chart.values()));
    return drawn;
  }

  private static List<Object> drawn(Lines lines) {
    Lines thinned = lines.thinned(BUCKETS).broken();
    List<Object> drawn = new ArrayList<>();
    drawn.add(thinned.times());
    for (List<Double> line : thinned.values()) {
      drawn.add(line.stream().map(HtmlReport::drawn).toList());
    }
    return drawn;
  }

  private static Double drawn(Double value) {
    return value == null || !Double.isFinite(value)
        ? null
        : Double.valueOf(new BigDecimal(value).round(DRAWN).doubleValue());
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String library(String name) {
    return text(LIBRARY + libraryVersion() + "/" + name);
  }

  private static String libraryVersion() {
    Properties properties = new Properties();
    try (InputStream stream = HtmlReport.class.getResourceAsStream(LIBRARY_PROPERTIES)) {
      properties.load(stream);
      return properties.getProperty("version");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String text(String resource) {
    try (InputStream stream = HtmlReport.class.getResourceAsStream(resource)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
