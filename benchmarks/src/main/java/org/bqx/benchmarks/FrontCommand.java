package org.bqx.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bqx.benchmarks.database.FrontBench;
import org.bqx.benchmarks.report.FrontResult;
import org.bqx.benchmarks.report.FrontText;
import org.bqx.benchmarks.report.Machine;
import org.bqx.failure.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private SizeOptions size = new SizeOptions(4, 2, 3);

  @Option(names = "--nodes", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
  private int nodeCount = 3;

  @Option(names = "--workers", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
  private int workers = 2;

  @Override
  public Integer call() throws Exception {
    size.check(bench);
    bench.require(nodeCount >= 1, "--nodes %d is below 1".formatted(nodeCount));
    bench.require(workers >= 1, "--workers %d is below 1".formatted(workers));
    try (FrontBench front = new FrontBench(size.pairs(), size.months(), nodeCount, workers)) {
      List<FrontResult> results =
          bench.measure("front", (total, step) -> front.run(size.rounds(), total, step));
      Machine machine = front.machine();
      bench.print(
          "front",
          Map.of("machine", machine, "nodes", nodeCount, "results", results),
          FrontText.lines(results, nodeCount, machine));
    }
    return ExitCode.DONE.code();
  }
}
