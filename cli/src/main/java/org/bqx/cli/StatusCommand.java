package org.bqx.cli;

import java.util.concurrent.Callable;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.gaps.BarsSummary;
import org.bqx.gaps.GapStore;
import org.bqx.monitor.Dashboard;
import org.bqx.monitor.MonitorStore;
import org.bqx.monitor.OpenMetrics;
import org.bqx.monitor.PartitionFact;
import org.bqx.monitor.Snapshot;
import org.bqx.partition.LeftOut;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "status", description = "Print once what the monitor shows.")
final class StatusCommand implements Callable<Integer> {
  @ParentCommand private Bqx bqx;

  @ArgGroup private Format format = new Format();

  /** At most one of them. */
  private static final class Format {
    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Option(names = "--prometheus", description = "print metrics for Prometheus, as OpenMetrics")
    private boolean prometheus;
  }

  @Override
  public Integer call() throws Exception {
    Database database = bqx.database("status");
    try (MonitorStore store = new MonitorStore(database)) {
      Snapshot snapshot = store.read();
      if (format.json) {
        bqx.printJson("status", snapshot);
      } else if (format.prometheus) {
        try (GapStore gaps = new GapStore(database)) {
          OpenMetrics.lines(VersionText.version(), snapshot, gaps.summary(), store.newestBars())
              .forEach(bqx::print);
        }
      } else {
        print(bqx, snapshot);
        LeftOut.of(snapshot.partitions().stream().map(PartitionFact::state))
            .lines()
            .forEach(bqx::message);
      }
    }
    if (!format.json && !format.prometheus) {
      sayOfBars(bqx, database);
    }
    return ExitCode.DONE.code();
  }

  /** Says what somebody should look at in the bars, if anything. */
  static void sayOfBars(Bqx bqx, Database database) throws Exception {
    try (GapStore gaps = new GapStore(database)) {
      gaps.summary().lines().forEach(line -> bqx.message(bqx.next(line)));
    }
  }

  /** Says which bars no backfill sees, since nobody counted them. */
  static void sayOfMiscounted(Bqx bqx, Database database) throws Exception {
    try (GapStore gaps = new GapStore(database)) {
      BarsSummary.miscountedLines(gaps.miscounted()).forEach(line -> bqx.message(bqx.next(line)));
    }
  }

  /** Says which pairs have no baseline, or one that is another bar's. */
  static void sayOfBaselines(Bqx bqx, Database database) throws Exception {
    try (GapStore gaps = new GapStore(database)) {
      BarsSummary.baselineLines(gaps.missingBaselines())
          .forEach(line -> bqx.message(bqx.next(line)));
      BarsSummary.oldBaselineLines(gaps.oldBaselines())
          .forEach(line -> bqx.message(bqx.next(line)));
    }
  }

  static void print(Bqx bqx, Snapshot snapshot) {
    bqx.printLines(Dashboard.render(snapshot, bqx.columns()));
  }
}
