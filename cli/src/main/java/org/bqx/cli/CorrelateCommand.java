package org.bqx.cli;

import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.partition.PartitionRange;
import org.bqx.partition.Work;
import org.bqx.run.Backfill;
import org.bqx.run.BackfillOutcome;
import org.bqx.run.BackfillRequest;
import org.bqx.run.Correlations;
import org.bqx.run.RunSettings;
import org.bqx.terminal.Progress;
import org.bqx.terminal.Quantity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "correlate",
    description = {
      "Compute how each feature went with a target, or the pairs with each other.",
      "With a target it is month by month, where that is missing, stale or failed; pairs with each",
      "other (--pair-days) are day by day."
    })
final class CorrelateCommand implements Callable<Integer> {
  /** The options of features and targets, which pairs have none of. */
  private static final List<String> NOT_OF_PAIR_DAYS =
      List.of("--target", "--features", "--windows", "--workers", "--retry", "--dry-run");

  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;
  @Mixin private RangeOptions options;
  @Mixin private WorkersOption workers;

  @Option(
      names = "--target",
      paramLabel = "wW_hH",
      description = "wW_bqx_return of the H-th bar after (default: w60_h60)")
  private String target = "w60_h60";

  @Option(
      names = "--features",
      split = ",",
      paramLabel = "PATTERN",
      description = "for instance bqx.*,reg.w60_*; kept for all pairs and months (at first: all)")
  private List<String> features = List.of();

  @Option(
      names = "--windows",
      split = ",",
      paramLabel = "W",
      description = "bars of the rolling correlations, likewise (at first: 60,240,390)")
  private List<Integer> windows = List.of();

  @Option(
      names = "--pair-days",
      description = "fill bqx.pair_corr_day instead: all pairs, each day of these months")
  private boolean pairDays;

  @Option(
      names = "--force",
      description = "compute what is done, too; remove rows whose bars are gone")
  private boolean force;

  @Option(names = "--retry", description = "compute what failed, and nothing else")
  private boolean retry;

  @Option(names = "--dry-run", description = "say what would be computed")
  private boolean dryRun;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    options.check();
    options.require(!(force && retry), "--force and --retry exclude each other");
    options.require(
        !dryRun || features.isEmpty() && windows.isEmpty(),
        "--dry-run excludes --features and --windows, which would change what is done");
    if (pairDays) {
      return fillPairs();
    }
    String name = target.strip().toLowerCase(Locale.ROOT);
    PartitionRange range = options.range(List.of(name));
    options.require(
        !range.pairs().contains(PartitionRange.MARKET),
        "features are correlated pair by pair: the market is none");
    BackfillRequest request =
        new BackfillRequest(Work.CORRELATIONS, range, workers.workers(), force);
    RunSettings settings = RunSettings.DEFAULT.withRetry(retry);
    Database database = bqx.database("correlate");
    try (Catalogue catalogue = new Catalogue(database)) {
      range.check(Work.CORRELATIONS, catalogue);
    }
    try (Correlations correlations = new Correlations(database)) {
      correlations.check(name);
      if (!dryRun) {
        correlations.define(name, features, windows);
      } else if (!correlations.isDefined(name)) {
        throw new Failure(
            ExitCode.FAILED,
            "no correlations with target \"%s\" were asked for yet".formatted(name),
            "./bqx correlate --target " + name);
      }
    }
    if (dryRun) {
      PlanCommand.print(bqx, "correlate", List.of(request), settings, false, json);
      return ExitCode.DONE.code();
    }
    BackfillOutcome outcome;
    try (Progress progress = bqx.progress("correlate", "months", 0)) {
      outcome =
          new Backfill(database, request, settings, new BackfillProgress(bqx, progress)).run();
    }
    try (Correlations correlations = new Correlations(database)) {
      int unquoted = correlations.unquoted(name, range);
      if (unquoted > 0) {
        bqx.message(
            "no correlations of the features of %s: no bar there has the bid and ask that they are made of"
                .formatted(Quantity.of(unquoted, "partition")));
      }
    }
    if (json) {
      bqx.printJson("correlate", outcome);
    } else {
      bqx.print(BackfillCommand.text(outcome));
    }
    return BackfillCommand.exitCode(outcome).code();
  }

  private int fillPairs() throws Exception {
    for (String option : NOT_OF_PAIR_DAYS) {
      options.require(
          !spec.commandLine().getParseResult().hasMatchedOption(option),
          "--pair-days excludes " + option);
    }
    PartitionRange range = options.range(List.of());
    options.require(range.pairs().isEmpty(), "--pair-days is of all pairs: it excludes --pairs");
    long rows = 0;
    List<YearMonth> months;
    Database database = bqx.database("correlate");
    try (Correlations correlations = new Correlations(database)) {
      months = correlations.months(range);
      try (Progress progress = bqx.progress("correlate", "months", months.size())) {
        for (YearMonth month : months) {
          rows += correlations.fillPairs(month, force);
          progress.advance(1);
        }
      }
    }
    if (json) {
      bqx.printJson("pairDays", new PairDays(months.size(), rows));
    } else {
      bqx.print(
          "%s looked at by day, %s written"
              .formatted(Quantity.of(months.size(), "month"), Quantity.of(rows, "row")));
    }
    return ExitCode.DONE.code();
  }

  private record PairDays(int months, long rows) {}
}
