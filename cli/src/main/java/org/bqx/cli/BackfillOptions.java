package org.bqx.cli;

import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import org.bqx.run.BackfillRequest;
import org.bqx.run.RunSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say which partitions, which plan and backfill share. */
final class BackfillOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--family",
      split = ",",
      paramLabel = "FAMILY",
      description = "bqx, reg or both (default)")
  private List<String> families = List.of();

  @Option(
      names = "--pairs",
      split = ",",
      paramLabel = "PAIR",
      description = "pairs in any case, all by default")
  private List<String> pairs = List.of();

  @Option(names = "--from", paramLabel = "YYYY-MM", description = "first month")
  private YearMonth from;

  @Option(names = "--to", paramLabel = "YYYY-MM", description = "last month, included")
  private YearMonth to;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "partitions at a time (default: the number of processors)")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Option(names = "--force", description = "compute what is done, too")
  private boolean force;

  @Option(names = "--retry", description = "compute what failed, and nothing else")
  private boolean retry;

  @Option(names = "--newest-first", description = "begin with the last month")
  private boolean newestFirst;

  BackfillRequest request() {
    if (workers < 1) {
      throw usage("--workers %d is below 1".formatted(workers));
    }
    if (from != null && to != null && to.isBefore(from)) {
      throw usage("--to %s is before --from %s".formatted(to, from));
    }
    if (force && retry) {
      throw usage("--force and --retry exclude each other");
    }
    return new BackfillRequest(
        Pairs.normalize(families), Pairs.normalize(pairs), from, to, workers, force);
  }

  RunSettings settings() {
    RunSettings usual = RunSettings.DEFAULT;
    return settings(
        false, usual.patience(), usual.statementTimeout(), usual.lockTimeout(), usual.keepRuns());
  }

  RunSettings settings(
      boolean failFast,
      Duration patience,
      Duration statementTimeout,
      Duration lockTimeout,
      int keepRuns) {
    if (keepRuns < 1) {
      throw usage("--keep-runs %d is below 1".formatted(keepRuns));
    }
    return new RunSettings(
        newestFirst, retry, failFast, patience, statementTimeout, lockTimeout, keepRuns);
  }

  ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
