package org.bqx.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.bqx.catalogue.Catalogue;
import org.bqx.catalogue.Catalogue.Example;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.generate.BarGenerator;
import org.bqx.generate.BarGenerator.Range;
import org.bqx.imports.ImportSummary;
import org.bqx.migrations.Migrations;
import org.bqx.partition.PartitionRange;
import org.bqx.report.ReportRequest;
import org.bqx.report.ReportStore;
import org.bqx.run.Backfill;
import org.bqx.run.BackfillOutcome;
import org.bqx.run.BackfillRequest;
import org.bqx.run.RunSettings;
import org.bqx.terminal.Progress;
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

  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;

  @Option(names = "--pairs", paramLabel = "N", description = "how many pairs (default: all 28)")
  private int pairCount = Integer.MAX_VALUE;

  @Option(
      names = "--months",
      paramLabel = "N",
      description = "how many months from 2024-07 on (default: ${DEFAULT-VALUE})")
  private int monthCount = 2;

  @Override
  public Integer call() throws Exception {
    if (pairCount < 1 || monthCount < 1) {
      throw new ParameterException(spec.commandLine(), "--pairs and --months start at 1");
    }
    long start = System.nanoTime();
    YearMonth to = FROM.plusMonths(monthCount - 1L);
    Database database = bqx.database("demo");
    int migrations =
        Migrations.flyway(database.dataSource(), Map.of()).migrate().migrationsExecuted;
    bqx.message(migrations == 0 ? "schema: up to date" : "schema: " + migrations + " migrations");

    List<String> pairs;
    List<Range> ranges;
    List<Example> examples;
    try (Catalogue catalogue = new Catalogue(database)) {
      pairs = catalogue.pairs(List.of()).stream().limit(pairCount).toList();
      ranges = missing(catalogue, pairs, to);
      examples = catalogue.examples();
    }
    long bars = generate(database, ranges);
    bqx.message(
        bars == 0 ? "bars: there already" : String.format(Locale.ROOT, "bars: %,d made", bars));

    BackfillOutcome outcome = backfill(database, pairs, to);
    bqx.message("features: " + BackfillCommand.text(outcome));
    ExitCode code = BackfillCommand.exitCode(outcome);
    if (code != ExitCode.DONE) {
      return code.code();
    }

    VerifyOutcome verified = verify(database, pairs, to);
    boolean changed = migrations > 0 || bars > 0 || outcome.planned() > 0;
    Path report = bqx.home().resolve(".bqx").resolve("report.html");
    if (changed || !Files.exists(report)) {
      Files.createDirectories(report.getParent());
      ReportRequest request = new ReportRequest(range(pairs, to), null, null);
      ReportCommand.writePage(bqx, new ReportStore(database).read(request, verified), report);
    }
    code = VerifyCommand.exitCode(verified);
    if (code != ExitCode.DONE) {
      return code.code();
    }
    if (!changed) {
      bqx.message("everything was there already, nothing changed; the report: " + report);
    }
    bqx.message(
        String.format(Locale.ROOT, "done in %.0f s; try:", (System.nanoTime() - start) / 1e9));
    if (!examples.isEmpty()) {
      bqx.print(psqlLine(examples, pairs.get(0)));
    }
    return ExitCode.DONE.code();
  }

  private static PartitionRange range(List<String> pairs, YearMonth to) {
    return new PartitionRange(List.of(), pairs, FROM, to);
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

  private BackfillOutcome backfill(Database database, List<String> pairs, YearMonth to)
      throws Exception {
    BackfillRequest request =
        new BackfillRequest(range(pairs, to), Runtime.getRuntime().availableProcessors(), false);
    try (Progress progress = bqx.progress("backfill", "partitions", 0)) {
      return new Backfill(
              database, request, RunSettings.DEFAULT, new BackfillProgress(bqx, progress))
          .run();
    }
  }

  private VerifyOutcome verify(Database database, List<String> pairs, YearMonth to)
      throws Exception {
    VerifyOutcome outcome =
        VerifyCommand.verify(
            bqx,
            database,
            VerifyRequest.of(range(pairs, to), Runtime.getRuntime().availableProcessors()));
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
