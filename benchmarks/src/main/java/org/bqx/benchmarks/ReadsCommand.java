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
import picocli.CommandLine.Mixin;
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

  @Mixin private SizeOptions size = new SizeOptions(28, 6, 5);

  @Override
  public Integer call() throws Exception {
    size.check(bench);
    bench.require(bench.families().isEmpty(), "reads are of bqx and reg: --family has no meaning");
    try (BenchServer server = new BenchServer(Map.of())) {
      ReadsBench reads;
      try (Progress progress = bench.progress("generate", "bars")) {
        reads =
            new ReadsBench(
                server.createDatabase("bench", FAMILIES),
                size.pairs(),
                size.months(),
                progress::advance);
      }
      List<ReadResult> results =
          bench.measure("reads", (total, step) -> reads.run(size.rounds(), total, step));
      Machine machine = server.machine();
      bench.print(
          "reads",
          Map.of("machine", machine, "results", results),
          ReadText.lines(results, machine));
    }
    return ExitCode.DONE.code();
  }
}
