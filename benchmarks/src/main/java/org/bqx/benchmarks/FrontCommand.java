package org.bqx.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bqx.benchmarks.database.FrontBench;
import org.bqx.benchmarks.report.FrontResult;
import org.bqx.benchmarks.report.FrontText;
import org.bqx.benchmarks.report.Machine;
import org.bqx.failure.ExitCode;
import org.bqx.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "front",
    description = {
      "What a front and its nodes take beside a single server with the same bars, on this machine:",
      "import, backfill, verify and queries, in turn. Processor time is of the servers alone."
    })
final class FrontCommand implements Callable<Integer> {
  @ParentCommand private Bench bench;

  @Option(names = "--pairs", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
  private int pairCount = 4;

  @Option(names = "--months", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
  private int monthCount = 2;

  @Option(names = "--nodes", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
  private int nodeCount = 3;

  @Option(names = "--workers", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
  private int workers = 2;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often each is measured (default: ${DEFAULT-VALUE})")
  private int rounds = 3;

  @Override
  public Integer call() throws Exception {
    bench.requirePairs(pairCount);
    bench.require(monthCount >= 1, "--months %d is below 1".formatted(monthCount));
    bench.require(nodeCount >= 1, "--nodes %d is below 1".formatted(nodeCount));
    bench.require(workers >= 1, "--workers %d is below 1".formatted(workers));
    bench.require(rounds >= 1, "--rounds %d is below 1".formatted(rounds));
    try (FrontBench front = new FrontBench(pairCount, monthCount, nodeCount, workers)) {
      List<FrontResult> results;
      try (Progress progress = bench.progress("front", "measurements")) {
        results = front.run(rounds, progress::total, () -> progress.advance(1));
      }
      Machine machine = front.machine();
      bench.print(
          "front",
          Map.of("machine", machine, "nodes", nodeCount, "results", results),
          FrontText.lines(results, nodeCount, machine));
    }
    return ExitCode.DONE.code();
  }
}
