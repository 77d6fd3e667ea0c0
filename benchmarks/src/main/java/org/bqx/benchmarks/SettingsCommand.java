package org.bqx.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bqx.benchmarks.database.SettingsBench;
import org.bqx.benchmarks.report.Machine;
import org.bqx.benchmarks.report.SettingResult;
import org.bqx.benchmarks.report.SettingText;
import org.bqx.failure.ExitCode;
import org.bqx.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "settings",
    description = {
      "What the server's settings do to a range: a private server for each, measured in turn."
    })
final class SettingsCommand implements Callable<Integer> {
  @ParentCommand private Bench bench;

  @Mixin private SizeOptions size = new SizeOptions(4, 2, 5);

  @Option(names = "--workers", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
  private int workers = 2;

  @Override
  public Integer call() throws Exception {
    size.check(bench);
    bench.require(workers >= 1, "--workers %d is below 1".formatted(workers));
    try (Progress bars = bench.progress("generate", "bars");
        SettingsBench settings =
            new SettingsBench(
                bench.families(), size.pairs(), size.months(), workers, bars::advance)) {
      List<SettingResult> results =
          bench.measure("settings", (total, step) -> settings.run(size.rounds(), total, step));
      Machine machine = settings.plain().machine();
      bench.print(
          "settings",
          Map.of("machine", machine, "results", results),
          SettingText.lines(results, machine));
    }
    return ExitCode.DONE.code();
  }
}
