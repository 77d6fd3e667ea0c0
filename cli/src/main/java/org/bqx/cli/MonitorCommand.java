package org.bqx.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.bqx.failure.ExitCode;
import org.bqx.monitor.MonitorStore;
import org.bqx.monitor.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "monitor", description = "Show how far everything is, on the whole terminal.")
final class MonitorCommand implements Callable<Integer> {
  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      description = "how often the facts are read (default: ${DEFAULT-VALUE})",
      defaultValue = "10")
  private int every;

  @Option(names = "--once", description = "print once and end, as it does into a pipe")
  private boolean once;

  @Override
  public Integer call() throws Exception {
    if (every < 1) {
      throw new ParameterException(spec.commandLine(), "--every %d is below 1".formatted(every));
    }
    try (MonitorStore store = new MonitorStore(bqx.database("monitor"))) {
      if (once || !bqx.outputIsTerminal()) {
        StatusCommand.print(bqx, store.read());
      } else if (new Screen(Duration.ofSeconds(every), bqx.outputHasColors()).show(store::read)) {
        return ExitCode.INTERRUPTED.code();
      }
    }
    return ExitCode.DONE.code();
  }
}
