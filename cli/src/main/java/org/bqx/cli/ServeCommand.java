package org.bqx.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.partition.PartitionRange;
import org.bqx.report.ReportRequest;
import org.bqx.serve.LivePage;
import org.bqx.serve.PageServer;
import org.bqx.verify.VerifyJson;
import org.bqx.verify.VerifyOutcome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "serve",
    description = {
      "Show the report's page live, on this machine alone, until Ctrl-C: it reads and never writes.",
      "Prints the address, which nobody else knows."
    })
final class ServeCommand implements Callable<Integer> {
  /** Some seconds is what the states of 25 years take, on a server that does nothing else. */
  private static final int LONGEST_STATEMENT_SECONDS = 60;

  private static final int HIGHEST_PORT = 65_535;
  private static final int PAUSE_MILLIS = 200;

  @ParentCommand private Bqx bqx;
  @Mixin private RangeOptions options;

  @Option(
      names = "--family",
      split = ",",
      paramLabel = "FAMILY",
      description = "families, all by default")
  private List<String> families = List.of();

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description = "port on 127.0.0.1 (default: one that is free)")
  private int httpPort;

  @Option(
      names = "--verification",
      paramLabel = "FILE",
      description = "show what verify --json wrote there, beside the states of now")
  private Path verification;

  @Override
  public Integer call() throws Exception {
    options.check();
    options.require(
        httpPort >= 0 && httpPort <= HIGHEST_PORT,
        "--http-port %d is not from 0 to %d".formatted(httpPort, HIGHEST_PORT));
    PartitionRange range = options.range(families);
    VerifyOutcome outcome =
        verification == null ? null : VerifyJson.read(verification).within(range);
    Database database = bqx.databaseForReading("serve", LONGEST_STATEMENT_SECONDS);
    LivePage page =
        new LivePage(database, new ReportRequest(range, null, null, false), outcome, bqx::next);
    // What is wrong with the options or the database is said here, not in a browser.
    page.page();
    try (PageServer server = new PageServer(page, httpPort)) {
      bqx.print(server.address().toString());
      bqx.message("Ctrl-C ends it");
      while (!bqx.interrupted()) {
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.INTERRUPTED.code();
  }
}
