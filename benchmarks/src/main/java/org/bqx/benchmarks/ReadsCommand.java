package org.bqx.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bqx.benchmarks.database.BenchServer;
import org.bqx.benchmarks.database.ReadsBench;
import org.bqx.benchmarks.report.Machine;
import org.bqx.benchmarks.report.ReadResult;
import org.bqx.benchmarks.report.ReadText;
import org.bqx.failure.ExitCode;
import org.bqx.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "reads",
    description = {
      "What typical reads take, and what joining families costs beside reading one of them."
    })
final class ReadsCommand implements Callable<Integer> {
  /** Which the reads name. */
  private static final List<String> FAMILIES = List.of("bqx", "reg");

  @ParentCommand private Bench bench;

  @Option(names = "--pairs", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
  private int pairCount = 28;

  @Option(names = "--months", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
  private int monthCount = 6;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often each is measured (default: ${DEFAULT-VALUE})")
  private int rounds = 5;

  @Override
  public Integer call() throws Exception {
    bench.requirePairs(pairCount);
    bench.require(monthCount >= 1, "--months %d is below 1".formatted(monthCount));
    bench.require(rounds >= 1, "--rounds %d is below 1".formatted(rounds));
    bench.require(bench.families().isEmpty(), "reads are of bqx and reg: --family has no meaning");
    try (BenchServer server = new BenchServer(Map.of())) {
      ReadsBench reads;
      try (Progress progress = bench.progress("generate", "bars")) {
        reads =
            new ReadsBench(
                server.createDatabase("bench", FAMILIES), pairCount, monthCount, progress::advance);
      }
      List<ReadResult> results;
      try (Progress progress = bench.progress("reads", "measurements")) {
        results = reads.run(rounds, progress::total, () -> progress.advance(1));
      }
      Machine machine = server.machine();
      bench.print(
          "reads",
          Map.of("machine", machine, "results", results),
          ReadText.lines(results, machine));
    }
    return ExitCode.DONE.code();
  }
}
