package org.bqx.cli;

import java.nio.file.Path;
import java.time.YearMonth;
import java.util.concurrent.Callable;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.failure.GivenFile;
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
    GivenFile.requireWritable(html);
    GivenFile.requireWritable(isStandardOutput(markdown) ? null : markdown);
    VerifyOutcome before =
        source.verification == null
            ? null
            : VerifyJson.read(source.verification).within(options.range());
    ReportRequest request =
        new ReportRequest(
            options.range(), pair == null ? null : Names.ofOne(pair), month, html != null);
    Database database = bqx.database("report");
    ReportStore store = new ReportStore(database);
    store.check(request);
    VerifyOutcome outcome =
        before != null || source.skip
            ? before
            : VerifyCommand.verify(
                bqx, database, VerifyRequest.of(options.range(), options.workers()));
    Report report = store.read(request, outcome);
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

  static void writePage(Bqx bqx, Report report, Path file) {
    GivenFile.write(file, HtmlReport.render(report, bqx::next));
    bqx.message("report: " + file);
  }

  private void writeMarkdown(Report report) {
    String text = MarkdownReport.render(report);
    if (isStandardOutput(markdown)) {
      text.lines().forEach(bqx::print);
    } else {
      GivenFile.write(markdown, text);
      bqx.message("report: " + markdown);
    }
  }

  private static boolean isStandardOutput(Path file) {
    return file != null && file.toString().equals(STANDARD_OUTPUT);
  }
}
