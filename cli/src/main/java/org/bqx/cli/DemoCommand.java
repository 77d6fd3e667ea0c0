package org.bqx.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.bqx.catalogue.Catalogue;
import org.bqx.catalogue.Catalogue.Example;
import org.bqx.catalogue.FamilyStore;
import org.bqx.catalogue.SchemaStage;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.generate.BarGenerator;
import org.bqx.generate.BarGenerator.Range;
import org.bqx.imports.ImportSummary;
import org.bqx.migrations.Migrations;
import org.bqx.partition.PartitionRange;
import org.bqx.partition.PartitionState;
import org.bqx.plan.BackfillPlan;
import org.bqx.plan.Planner;
import org.bqx.report.ReportRequest;
import org.bqx.report.ReportStore;
import org.bqx.run.Backfill;
import org.bqx.run.BackfillOutcome;
import org.bqx.run.BackfillRequest;
import org.bqx.run.RunSettings;
import org.bqx.terminal.Progress;
import org.bqx.terminal.Quantity;
import org.bqx.verify.VerifyOutcome;
import org.bqx.verify.VerifyRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description = {
      "Everything once: migrate, make bars, compute their features, verify, report.",
      "What is there already is left alone."
    })
final class DemoCommand implements Callable<Integer> {
  static final long SEED = 1;

  private static final YearMonth FROM = YearMonth.of(2024, 7);

  /** What bqx is about, and enabled in every database. */
  private static final List<String> CORE = List.of("bqx", "reg");

  /** Of how many pairs the other families are computed: enough to see what they are. */
  private static final int FEW = 3;

  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;

  @Option(names = "--pairs", paramLabel = "N", description = "how many pairs (default: all 28)")
  private int pairCount = Integer.MAX_VALUE;

  @Option(
      names = "--months",
      paramLabel = "N",
      description = "how many months from 2024-07 on (default: ${DEFAULT-VALUE})")
  private int monthCount = 2;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description =
          "spread the pairs over this many private servers behind a front, the embedded server")
  private Integer nodeCount;

  @Option(
      names = "--families",
      split = ",",
      paramLabel = "FAMILY",
      description =
          "families to compute for every pair, or all (default: bqx and reg for every pair, the"
              + " others for three)")
  private List<String> families = List.of();

  @Override
  public Integer call() throws Exception {
    if (pairCount < 1 || monthCount < 1) {
      throw new ParameterException(spec.commandLine(), "--pairs and --months start at 1");
    }
    if (nodeCount != null && (nodeCount < 1 || bqx.namesServer())) {
      throw new ParameterException(
          spec.commandLine(),
          "--nodes starts at 1, and makes private servers: it goes with no connection option");
    }
    Instant started = started();
    YearMonth to = FROM.plusMonths(monthCount - 1L);
    Database database = bqx.database("demo");
    if (nodeCount != null && SchemaStage.isServer(database)) {
      throw new Failure(
          ExitCode.FAILED,
          "the embedded server computes, as a demo without --nodes has made it: it cannot become the"
              + " front of %s".formatted(Quantity.of(nodeCount, "node")),
          "delete it with all its data, then the same again: ./bqx stop --delete");
    }
    bqx.message("schema: looking for migrations");
    int migrations =
        Migrations.flyway(
                database.dataSource(), nodeCount == null ? Map.of() : MigrateCommand.FRONT)
            .migrate()
            .migrationsExecuted;
    bqx.message(
        migrations == 0 ? "schema: up to date" : "schema: " + Quantity.of(migrations, "migration"));
    if (nodeCount != null) {
      database = new DemoNodes(bqx, nodeCount).addTo(database);
    }

    List<String> computed = enable(database);
    List<String> pairs;
    List<Range> missing;
    List<Example> examples;
    try (Catalogue catalogue = new Catalogue(database)) {
      pairs = catalogue.pairs(List.of()).stream().limit(pairCount).toList();
      missing = missing(catalogue, pairs, to);
      examples = catalogue.examples(computed);
    }
    List<PartitionRange> ranges = ranges(computed, pairs, to);
    bqx.message(bqx.next(text(ranges)));
    long bars = generate(database, missing);
    bqx.message(
        bars == 0 ? "bars: there already" : String.format(Locale.ROOT, "bars: %,d made", bars));

    boolean changed = migrations > 0 || bars > 0;
    for (PartitionRange range : ranges) {
      BackfillOutcome outcome = backfill(database, range);
      bqx.message("features of %s: %s".formatted(pairs(range), BackfillCommand.text(outcome)));
      ExitCode code = BackfillCommand.exitCode(outcome);
      if (code != ExitCode.DONE) {
        return code.code();
      }
      changed |= outcome.planned() > 0;
    }

    VerifyOutcome verified = verify(database, ranges);
    Path report = bqx.home().resolve(".bqx").resolve("report.html");
    if (changed || !Files.exists(report)) {
      Files.createDirectories(report.getParent());
      PartitionRange shown = range(computed, pairs, to);
      ReportRequest request = new ReportRequest(shown, null, null, true);
      ReportCommand.writePage(bqx, new ReportStore(database).read(request, verified), report);
    }
    ExitCode code = VerifyCommand.exitCode(verified);
    if (code != ExitCode.DONE) {
      return code.code();
    }
    if (!changed) {
      bqx.message("everything was there already, nothing changed; the report: " + report);
    }
    sayWhatIsLeftOut(database, range(computed, pairs, to));
    bqx.message(
        String.format(
            Locale.ROOT,
            "done in %d s%s",
            Duration.between(started, Instant.now()).toSeconds(),
            examples.isEmpty() ? "" : "; try:"));
    if (!examples.isEmpty()) {
      bqx.print(psqlLine(examples, pairs.get(0)));
    }
    return ExitCode.DONE.code();
  }

  /** Returns when the process began: as the launcher, which installs and builds, and then is us. */
  private static Instant started() {
    return ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
  }

  /** Returns the families that are computed for any pair, each enabled. */
  private List<String> enable(Database database) throws Exception {
    try (Catalogue catalogue = new Catalogue(database);
        FamilyStore store = new FamilyStore(database)) {
      List<String> named = store.named(families.isEmpty() ? List.of("all") : families);
      List<String> enabled = catalogue.families(List.of());
      for (String family : named) {
        if (!enabled.contains(family)) {
          store.enable(family, true);
        }
      }
      return named.stream().distinct().toList();
    }
  }

  /** Returns what is computed: one range, or one of every pair and one of a few. */
  private List<PartitionRange> ranges(List<String> computed, List<String> pairs, YearMonth to) {
    if (!families.isEmpty() || pairs.size() <= FEW) {
      return List.of(range(computed, pairs, to));
    }
    List<String> others = computed.stream().filter(family -> !CORE.contains(family)).toList();
    return List.of(range(CORE, pairs, to), range(others, pairs.subList(0, FEW), to));
  }

  private static PartitionRange range(List<String> families, List<String> pairs, YearMonth to) {
    List<String> owners = new ArrayList<>(pairs);
    owners.add(PartitionRange.MARKET);
    return new PartitionRange(families, owners, FROM, to);
  }

  private static String text(List<PartitionRange> ranges) {
    return "families: "
        + ranges.stream()
            .map(range -> "%s of %s".formatted(String.join(", ", range.families()), pairs(range)))
            .collect(Collectors.joining("; "))
        + (ranges.size() > 1 ? "; every family of every pair: ./bqx demo --families all" : "");
  }

  private static String pairs(PartitionRange range) {
    List<String> pairs = range.pairsWithBars();
    return pairs.size() <= FEW ? String.join(", ", pairs) : pairs.size() + " pairs";
  }

  /** What plan and status count as missing, since its family is enabled, is told here first. */
  private void sayWhatIsLeftOut(Database database, PartitionRange all) throws Exception {
    BackfillRequest request =
        new BackfillRequest(all, Runtime.getRuntime().availableProcessors(), false);
    BackfillPlan plan = new Planner(database).plan(request, RunSettings.DEFAULT);
    int missing = plan.states().getOrDefault(PartitionState.MISSING, 0);
    if (missing > 0) {
      bqx.message(
          bqx.next(
              "left out, and so missing in plan and status: %s, about %d s of work; ./bqx backfill computes them"
                  .formatted(Quantity.of(missing, "partition"), Math.round(plan.seconds()))));
    }
  }

  private static List<Range> missing(Catalogue catalogue, List<String> pairs, YearMonth to)
      throws Exception {
    List<Range> ranges = new ArrayList<>();
    for (String pair : pairs) {
      for (YearMonth month : catalogue.monthsWithoutBars(pair, FROM, to)) {
        Range last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
        if (last != null && last.pair().equals(pair) && last.to().plusMonths(1).equals(month)) {
          ranges.set(ranges.size() - 1, new Range(pair, last.from(), month));
        } else {
          ranges.add(new Range(pair, month, month));
        }
      }
    }
    return ranges;
  }

  private long generate(Database database, List<Range> ranges) throws Exception {
    try (Progress progress = bqx.progress("generate", "bars", 0)) {
      return new BarGenerator(
              database, Runtime.getRuntime().availableProcessors(), progress::advance)
          .generate(SEED, ranges).stream().mapToLong(ImportSummary::inserted).sum();
    }
  }

  private BackfillOutcome backfill(Database database, PartitionRange range) throws Exception {
    BackfillRequest request =
        new BackfillRequest(range, Runtime.getRuntime().availableProcessors(), false);
    try (Progress progress = bqx.progress("backfill", "partitions", 0)) {
      return new Backfill(
              database, request, RunSettings.DEFAULT, new BackfillProgress(bqx, progress))
          .run();
    }
  }

  private VerifyOutcome verify(Database database, List<PartitionRange> ranges) throws Exception {
    VerifyOutcome outcome = null;
    for (PartitionRange range : ranges) {
      VerifyRequest request = VerifyRequest.of(range, Runtime.getRuntime().availableProcessors());
      VerifyOutcome ofRange = VerifyCommand.verify(bqx, database, request);
      outcome = outcome == null ? ofRange : outcome.and(ofRange);
      if (outcome.stopped()) {
        break;
      }
    }
    if (VerifyCommand.exitCode(outcome) != ExitCode.DONE) {
      VerifyText.table(outcome).forEach(bqx::print);
    }
    bqx.message("check: " + outcome.summary());
    return outcome;
  }

  private String psqlLine(List<Example> examples, String pair) {
    String columns = examples.stream().map(Example::column).collect(Collectors.joining(", "));
    String tables =
        examples.stream()
            .map(example -> "bqx." + example.family())
            .collect(Collectors.joining(" JOIN "))
            .replaceAll("( JOIN \\S+)", "$1 USING (pair, ts_utc, rate_index)");
    return bqx.next(
        ("./bqx psql -c \"SELECT ts_utc, rate_index, %s FROM %s"
                + " WHERE pair = '%s' ORDER BY ts_utc DESC LIMIT 5\"")
            .formatted(columns, tables, pair));
  }
}
