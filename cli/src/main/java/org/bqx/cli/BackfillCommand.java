package org.bqx.cli;

import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.run.Backfill;
import org.bqx.run.BackfillOutcome;
import org.bqx.run.BackfillRequest;
import org.bqx.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "backfill",
    description = "Compute the partitions that are missing, stale or failed.")
final class BackfillCommand implements Callable<Integer> {
  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;

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

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (workers < 1) {
      throw new ParameterException(
          spec.commandLine(), "--workers %d is below 1".formatted(workers));
    }
    if (from != null && to != null && to.isBefore(from)) {
      throw new ParameterException(
          spec.commandLine(), "--to %s is before --from %s".formatted(to, from));
    }
    BackfillRequest request =
        new BackfillRequest(
            Pairs.normalize(families), Pairs.normalize(pairs), from, to, workers, force);
    Database database = bqx.database("backfill");
    BackfillOutcome outcome;
    try (Progress progress = bqx.progress("backfill", "partitions", 0)) {
      outcome = new Backfill(database, request, new BackfillProgress(progress)).run();
    }
    if (json) {
      bqx.printJson("backfill", outcome);
    } else {
      bqx.out().println(text(outcome));
    }
    return exitCode(outcome).code();
  }

  static String text(BackfillOutcome outcome) {
    if (outcome.planned() == 0) {
      return "nothing to compute";
    }
    return String.format(
        Locale.ROOT,
        "%,d of %,d partitions computed, %,d rows, %,d failed, %,d held by others%s",
        outcome.done(),
        outcome.planned(),
        outcome.rows(),
        outcome.failed().size(),
        outcome.held().size(),
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
}
