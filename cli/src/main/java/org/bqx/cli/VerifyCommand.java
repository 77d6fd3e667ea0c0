package org.bqx.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.failure.GivenFile;
import org.bqx.terminal.Progress;
import org.bqx.verify.JUnitReport;
import org.bqx.verify.Verification;
import org.bqx.verify.VerifyOutcome;
import org.bqx.verify.VerifyRequest;
import org.bqx.verify.VerifyRequest.Band;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "verify",
    description = {
      "Check what was computed against the bars.",
      "Rows, NULLs, relations between fields, state, and values against a reference. Differences are",
      "named by pair, time and column; exit code 3."
    })
final class VerifyCommand implements Callable<Integer> {
  @ParentCommand private Bqx bqx;
  @Mixin private PartitionOptions options;

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
    options.check();
    options.require(depth.sample >= 0, "--sample %d is below 0".formatted(depth.sample));
    VerifyRequest request =
        new VerifyRequest(
            options.range(),
            depth.sample,
            depth.full,
            band(),
            triangleTolerance,
            options.workers());
    GivenFile.requireWritable(junit);
    VerifyOutcome outcome = verify(bqx, bqx.database("verify"), request);
    if (json) {
      bqx.printJson("verify", outcome);
    } else {
      VerifyText.table(outcome).forEach(bqx::print);
    }
    if (junit != null) {
      JUnitReport.write(junit, outcome, VerifyText::line);
    }
    bqx.message(outcome.summary());
    return exitCode(outcome).code();
  }

  static VerifyOutcome verify(Bqx bqx, Database database, VerifyRequest request) throws Exception {
    try (Progress progress = bqx.progress("verify", "partitions", 0)) {
      return new Verification(
              database,
              request,
              progress::total,
              () -> progress.advance(1),
              message -> progress.message(bqx.next(message)))
          .run();
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
      options.require(
          ends.length == 2 && parsed.lowest() <= parsed.highest(),
          "--band %s is not of the form LOW:HIGH".formatted(band));
      return parsed;
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException malformed) {
      throw options.usage("--band %s is not of the form LOW:HIGH".formatted(band));
    }
  }
}
