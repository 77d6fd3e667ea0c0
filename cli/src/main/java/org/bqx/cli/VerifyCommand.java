package org.bqx.cli;

import java.nio.file.Path;
import java.time.YearMonth;
import java.util.List;
import java.util.concurrent.Callable;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.terminal.Progress;
import org.bqx.verify.JUnitReport;
import org.bqx.verify.Verification;
import org.bqx.verify.VerifyOutcome;
import org.bqx.verify.VerifyRequest;
import org.bqx.verify.VerifyRequest.Band;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "verify",
    description = {
      "Check what was computed against the bars: rows, NULLs, relations between fields, state, and",
      "values against a reference. Differences are named by pair, time and column; exit code 3."
    })
final class VerifyCommand implements Callable<Integer> {
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

  @ArgGroup private Depth depth = new Depth();

  @Option(
      names = "--band",
      paramLabel = "LOW:HIGH",
      description = "where rate_index is expected, a warning elsewhere (default: 50:200)")
  private String band = "50:200";

  @Option(
      names = "--triangle-tolerance",
      paramLabel = "SHARE",
      description = "warn when a cross is further from its pairs (default: ${DEFAULT-VALUE})")
  private double triangleTolerance = VerifyRequest.DEFAULT_TRIANGLE_TOLERANCE;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "partitions at a time (default: the number of processors)")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Option(names = "--junit", paramLabel = "FILE", description = "write JUnit XML, too")
  private Path junit;

  /** How many rows are compared; the two exclude each other. */
  private static final class Depth {
    @Option(
        names = "--sample",
        paramLabel = "N",
        description = "rows of a partition that meet the reference (default: 200)")
    private int sample = VerifyRequest.DEFAULT_SAMPLE;

    @Option(names = "--full", description = "compute every row again and compare bit by bit")
    private boolean full;
  }

  @Override
  public Integer call() throws Exception {
    require(workers >= 1, "--workers %d is below 1".formatted(workers));
    require(depth.sample >= 0, "--sample %d is below 0".formatted(depth.sample));
    require(
        from == null || to == null || !to.isBefore(from),
        "--to %s is before --from %s".formatted(to, from));
    VerifyRequest request =
        new VerifyRequest(
            Pairs.normalize(families),
            Pairs.normalize(pairs),
            from,
            to,
            depth.sample,
            depth.full,
            band(),
            triangleTolerance,
            workers);
    VerifyOutcome outcome = verify(bqx, bqx.database("verify"), request);
    if (json) {
      bqx.printJson("verify", outcome);
    } else {
      VerifyText.table(outcome).forEach(bqx.out()::println);
    }
    if (junit != null) {
      JUnitReport.write(junit, outcome, VerifyText::line);
    }
    bqx.message(VerifyText.summary(outcome));
    return exitCode(outcome).code();
  }

  static VerifyOutcome verify(Bqx bqx, Database database, VerifyRequest request) throws Exception {
    try (Progress progress = bqx.progress("verify", "partitions", 0)) {
      return new Verification(database, request, progress::total, () -> progress.advance(1)).run();
    }
  }

  /** Nothing is verified but what was checked to its end without a difference. */
  static ExitCode exitCode(VerifyOutcome outcome) {
    if (outcome.stopped()) {
      return ExitCode.INTERRUPTED;
    }
    if (outcome.differenceCount() > 0) {
      return ExitCode.DIFFERENT;
    }
    return outcome.uncheckedCount() == 0 ? ExitCode.DONE : ExitCode.FAILED;
  }

  private Band band() {
    String[] ends = band.split(":", -1);
    try {
      Band parsed = new Band(Double.parseDouble(ends[0]), Double.parseDouble(ends[1]));
      require(
          ends.length == 2 && parsed.lowest() <= parsed.highest(),
          "--band %s is not of the form LOW:HIGH".formatted(band));
      return parsed;
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException malformed) {
      throw new ParameterException(
          spec.commandLine(), "--band %s is not of the form LOW:HIGH".formatted(band), malformed);
    }
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
