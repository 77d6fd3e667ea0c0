package org.bqx.cli;

import java.util.concurrent.Callable;
import org.bqx.failure.ExitCode;
import org.bqx.monitor.Dashboard;
import org.bqx.monitor.MonitorStore;
import org.bqx.monitor.Snapshot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "status", description = "Print once what the monitor shows.")
final class StatusCommand implements Callable<Integer> {
  @ParentCommand private Bqx bqx;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    try (MonitorStore store = new MonitorStore(bqx.database("status"))) {
      Snapshot snapshot = store.read();
      if (json) {
        bqx.printJson("status", snapshot);
      } else {
        print(bqx, snapshot);
      }
    }
    return ExitCode.DONE.code();
  }

  static void print(Bqx bqx, Snapshot snapshot) {
    bqx.printLines(Dashboard.render(snapshot, bqx.columns()));
  }
}
