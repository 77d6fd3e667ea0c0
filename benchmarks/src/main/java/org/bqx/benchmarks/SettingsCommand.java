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
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "settings",
    description = {
      "What the server's settings do to a range: a private server for each, measured in turn."
    })
final class SettingsCommand implements Callable<Integer> {
  @ParentCommand private Bench bench;

  @Option(names = "--pairs", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
  private int pairCount = 4;

  @Option(names = "--months", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
  private int monthCount = 2;

  @Option(names = "--workers", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
  private int workers = 2;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often each is measured (default: ${DEFAULT-VALUE})")
  private int rounds = 5;

  @Override
  public Integer call() throws Exception {
    bench.requirePairs(pairCount);
    bench.require(monthCount >= 1, "--months %d is below 1".formatted(monthCount));
    bench.require(workers >= 1, "--workers %d is below 1".formatted(workers));
    bench.require(rounds >= 1, "--rounds %d is below 1".formatted(rounds));
    try (Progress bars = bench.progress("generate", "bars");
        SettingsBench settings =
            new SettingsBench(bench.families(), pairCount, monthCount, workers, bars::advance)) {
      List<SettingResult> results;
      try (Progress progress = bench.progress("settings", "measurements")) {
        results = settings.run(rounds, progress::total, () -> progress.advance(1));
      }
      Machine machine = settings.plain().machine();
      bench.print(
          "settings",
          Map.of("machine", machine, "results", results),
          SettingText.lines(results, machine));
    }
    return ExitCode.DONE.code();
  }
}
