package org.bqx.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.YearMonth;
import java.util.List;
import java.util.concurrent.Callable;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.failure.IoReason;
import org.bqx.report.HtmlReport;
import org.bqx.report.MarkdownReport;
import org.bqx.report.Report;
import org.bqx.report.ReportRequest;
import org.bqx.report.ReportStore;
import org.bqx.verify.VerifyJson;
import org.bqx.verify.VerifyOutcome;
import org.bqx.verify.VerifyRequest;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "report",
    description = {
      "Verify, and write what there is and what was found.",
      "One HTML page that loads nothing, or Markdown. The exit code is that of verify."
    })
final class ReportCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";

  @ParentCommand private Bqx bqx;
  @Mixin private PartitionOptions options;

  @Option(names = "--html", paramLabel = "FILE", description = "write the page")
  private Path html;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = STANDARD_OUTPUT,
      description = "write Markdown, to standard output without a file")
  private Path markdown;

  @ArgGroup private Source source = new Source();

  @Option(
      names = "--pair",
      paramLabel = "PAIR",
      description = "draw this pair (default: the first that has rows)")
  private String pair;

  @Option(
      names = "--month",
      paramLabel = "YYYY-MM",
      description = "draw this month (default: the last that has rows)")
  private YearMonth month;

  /** Where the verification comes from, when it is not made now. */
  private static final class Source {
    @Option(
        names = "--verification",
        paramLabel = "FILE",
        description = "report what verify --json wrote there, rather than verify now")
    private Path verification;

    @Option(names = "--no-verify", description = "do not verify; the report says so")
    private boolean skip;
  }

  @Override
  public Integer call() throws Exception {
    options.check();
    options.require(
        html != null || markdown != null, "nothing to write: name --html FILE or --markdown");
    if (html == null && (pair != null || month != null)) {
      bqx.message(
          "--pair and --month choose what the page of --html draws, Markdown draws nothing");
    }
    requireWritable(html);
    requireWritable(markdown);
    Database database = bqx.database("report");
    VerifyOutcome outcome = verification(database);
    ReportRequest request =
        new ReportRequest(
            options.range(),
            pair == null ? null : Names.normalize(List.of(pair)).get(0),
            month,
            html != null);
    Report report = new ReportStore(database).read(request, outcome);
    if (html != null) {
      writePage(bqx, report, html);
    }
    if (markdown != null) {
      writeMarkdown(report);
    }
    if (outcome == null) {
      return ExitCode.DONE.code();
    }
    bqx.message(outcome.summary());
    return VerifyCommand.exitCode(outcome).code();
  }

  private VerifyOutcome verification(Database database) throws Exception {
    if (source.skip) {
      return null;
    }
    if (source.verification != null) {
      return VerifyJson.read(source.verification).within(options.range());
    }
    return VerifyCommand.verify(
        bqx, database, VerifyRequest.of(options.range(), options.workers()));
  }

  static void writePage(Bqx bqx, Report report, Path file) {
    write(file, HtmlReport.render(report, bqx::next));
    bqx.message("report: " + file);
  }

  private void writeMarkdown(Report report) {
    String text = MarkdownReport.render(report);
    if (isStandardOutput(markdown)) {
      text.lines().forEach(bqx::print);
    } else {
      write(markdown, text);
      bqx.message("report: " + markdown);
    }
  }

  /** A reader of the file sees the old text or the new, never half of it. */
  private static void write(Path file, String text) {
    Path written = written(file);
    try {
      Files.writeString(written, text, StandardCharsets.UTF_8);
      try {
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException impossible) {
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(written);
      }
    } catch (IOException refused) {
      throw new Failure(
          ExitCode.FAILED,
          "cannot write %s: %s".formatted(file, IoReason.of(refused)),
          null,
          refused);
    }
  }

  /** Before a verification that takes minutes, not after. */
  private static void requireWritable(Path file) {
    if (file == null || isStandardOutput(file)) {
      return;
    }
    String reason = null;
    if (Files.isDirectory(file)) {
      reason = "it is a folder";
    } else if (Files.exists(file) && !Files.isRegularFile(file)) {
      reason = "it is no regular file";
    } else {
      try {
        Files.writeString(written(file), "");
        Files.delete(written(file));
      } catch (IOException refused) {
        reason = IoReason.of(refused);
      }
    }
    if (reason != null) {
      throw new Failure(
          ExitCode.USAGE, "cannot write %s: %s".formatted(file, reason), "name another file");
    }
  }

  /** Where a file is written before it is moved to its name. */
  private static Path written(Path file) {
    return file.resolveSibling(file.getFileName() + ".writing");
  }

  private static boolean isStandardOutput(Path file) {
    return file.toString().equals(STANDARD_OUTPUT);
  }
}
