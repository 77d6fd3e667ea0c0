package org.bqx.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bqx.engine.EngineName;
import org.bqx.failure.ExitCode;
import org.bqx.run.Backfill;
import org.bqx.run.BackfillOutcome;
import org.bqx.run.BackfillRequest;
import org.bqx.run.RunSettings;
import org.bqx.terminal.Progress;
import org.bqx.terminal.Quantity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "backfill",
    description = "Compute the partitions that are missing, stale or failed.")
final class BackfillCommand implements Callable<Integer> {
  @ParentCommand private Bqx bqx;
  @Mixin private BackfillOptions options;

  @Option(names = "--dry-run", description = "say what would be computed: the same as plan")
  private boolean dryRun;

  @Option(names = "--fail-fast", description = "stop at the first failure")
  private boolean failFast;

  @Option(names = "--follow", description = "go on: compute new bars as they come, until Ctrl-C")
  private boolean follow;

  @Option(
      names = "--poll",
      paramLabel = "SECONDS",
      description = "look for new bars this often, told of any or not (default: 30)")
  private int poll = 30;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "come back to what others hold for so long (default: 60)")
  private int wait = seconds(RunSettings.DEFAULT.patience());

  @Option(
      names = "--statement-timeout",
      paramLabel = "SECONDS",
      description = "the longest a partition may take, 0 for no limit (default: 600)")
  private int statementTimeout = seconds(RunSettings.DEFAULT.statementTimeout());

  @Option(
      names = "--lock-timeout",
      paramLabel = "SECONDS",
      description = "wait for readers of old rows so long, then come back (default: 10)")
  private int lockTimeout = seconds(RunSettings.DEFAULT.lockTimeout());

  @Option(
      names = "--keep-runs",
      paramLabel = "N",
      description = "remember the last N runs in bqx.run (default: 100)")
  private int keepRuns = RunSettings.DEFAULT.keepRuns();

  @Option(
      names = "--engine",
      paramLabel = "server|client",
      description = "where to compute (default: what the database records, see migrate)")
  private EngineName engine;

  @Option(names = "--json", description = "print JSON; one object a partition with --follow")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    BackfillRequest request = options.request();
    RunSettings settings = settings();
    if (dryRun) {
      return PlanCommand.print(bqx, "backfill", List.of(request), settings, false, json).code();
    }
    BackfillOutcome outcome;
    if (follow) {
      outcome =
          new Backfill(bqx.database("backfill"), request, settings, new FollowPrinter(bqx, json))
              .follow(Duration.ofSeconds(poll));
    } else {
      try (Progress progress = bqx.progress("backfill", "partitions", 0)) {
        outcome =
            new Backfill(
                    bqx.database("backfill"),
                    request,
                    settings,
                    new BackfillProgress(bqx, progress))
                .run();
      }
      if (outcome.planned() == 0 && !outcome.stopped()) {
        StatusCommand.sayOfMiscounted(bqx, bqx.database("backfill"));
      }
    }
    if (json) {
      bqx.printJson("backfill", outcome);
    } else {
      bqx.print(text(outcome));
    }
    return exitCode(outcome).code();
  }

  private RunSettings settings() {
    options.require(!(follow && dryRun), "--follow and --dry-run exclude each other");
    options.require(poll >= 1, "--poll %d is below 1".formatted(poll));
    return options.settings(
        failFast,
        notNegative("--wait", wait),
        notNegative("--statement-timeout", statementTimeout),
        notNegative("--lock-timeout", lockTimeout),
        keepRuns,
        engine);
  }

  private Duration notNegative(String option, int seconds) {
    options.require(seconds >= 0, "%s %d is negative".formatted(option, seconds));
    return Duration.ofSeconds(seconds);
  }

  static String text(BackfillOutcome outcome) {
    if (outcome.planned() == 0) {
      return outcome.empty() ? "nothing to compute: this range has no bars" : "nothing to compute";
    }
    return String.format(
        Locale.ROOT,
        "%,d of %s computed, %s, %,d failed, %,d held by others%s%s",
        outcome.done(),
        Quantity.of(outcome.planned(), "partition"),
        Quantity.of(outcome.rows(), "row"),
        outcome.failed().size(),
        outcome.held().size(),
        outcome.removed() == 0
            ? ""
            : ", rows of %s removed".formatted(Quantity.of(outcome.removed(), "partition")),
        outcome.stopped() ? ", interrupted" : "");
  }

  static ExitCode exitCode(BackfillOutcome outcome) {
    if (outcome.stopped()) {
      return ExitCode.INTERRUPTED;
    }
    if (!outcome.failed().isEmpty()) {
      return ExitCode.FAILED;
    }
    return outcome.held().isEmpty() ? ExitCode.DONE : ExitCode.HELD;
  }

  private static int seconds(Duration duration) {
    return Math.toIntExact(duration.toSeconds());
  }
}
