package org.bqx.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bqx.benchmarks.database.BenchServer;
import org.bqx.benchmarks.database.GrowthBench;
import org.bqx.benchmarks.report.GrowthResult;
import org.bqx.benchmarks.report.GrowthText;
import org.bqx.benchmarks.report.Machine;
import org.bqx.failure.ExitCode;
import org.bqx.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "growth",
    description = {
      "How cost grows with months, pairs, years of history and windows, beside the floor for as many",
      "rows."
    })
final class GrowthCommand implements Callable<Integer> {
  @ParentCommand private Bench bench;

  @Option(
      names = "--by",
      split = ",",
      paramLabel = "WHAT",
      description = "of months, pairs, history and windows (default: all)")
  private List<GrowthResult.By> by = List.of(GrowthResult.By.values());

  @Option(
      names = "--largest",
      paramLabel = "N",
      description = "leave out larger amounts (default: ${DEFAULT-VALUE})")
  private int largest = 28;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often each is measured (default: ${DEFAULT-VALUE})")
  private int rounds = 5;

  @Override
  public Integer call() throws Exception {
    bench.require(rounds >= 1, "--rounds %d is below 1".formatted(rounds));
    bench.require(largest >= 1, "--largest %d is below 1".formatted(largest));
    try (BenchServer server = new BenchServer(Map.of())) {
      GrowthBench growth = new GrowthBench(server, bench.families(), largest);
      try (Progress progress = bench.progress("generate", "bars")) {
        growth.prepare(by.stream().distinct().sorted().toList(), progress::advance);
      }
      List<GrowthResult> results =
          bench.measure("growth", (total, step) -> growth.run(rounds, total, step));
      Machine machine = server.machine();
      bench.print(
          "growth",
          Map.of("machine", machine, "results", results),
          GrowthText.lines(results, machine));
    }
    return ExitCode.DONE.code();
  }
}
