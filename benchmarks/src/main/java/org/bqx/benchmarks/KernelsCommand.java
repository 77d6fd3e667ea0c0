package org.bqx.benchmarks;

import java.util.List;
import java.util.concurrent.Callable;
import org.bqx.benchmarks.kernels.KernelBench;
import org.bqx.benchmarks.kernels.Rivals;
import org.bqx.benchmarks.report.KernelResult;
import org.bqx.benchmarks.report.KernelText;
import org.bqx.failure.ExitCode;
import org.bqx.kernel.Families;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "kernels",
    description = {
      "The kernels by JMH, without a database: nanoseconds a row and window, beside loops over each",
      "window and Apache Commons Math, and bytes allocated for a row."
    })
final class KernelsCommand implements Callable<Integer> {
  @ParentCommand private Bench bench;

  @Option(
      names = "--windows",
      split = ",",
      paramLabel = "W",
      description = "lengths, each alone and then all in one row (default: 60,90,150,240,390,630)")
  private List<Integer> windows = List.of(60, 90, 150, 240, 390, 630);

  @Option(
      names = "--iterations",
      paramLabel = "N",
      description = "iterations that count (default: ${DEFAULT-VALUE})")
  private int iterations = 5;

  @Option(
      names = "--milliseconds",
      paramLabel = "N",
      description = "the least time of an iteration (default: ${DEFAULT-VALUE})")
  private int milliseconds = 1000;

  @Override
  public Integer call() throws Exception {
    List<String> known = Families.names().stream().filter(Rivals::exist).toList();
    for (String family : bench.families()) {
      bench.require(
          known.contains(family),
          "--family %s has no rivals: must be of %s".formatted(family, String.join(", ", known)));
    }
    List<String> families = bench.families().isEmpty() ? known : bench.families();
    List<Integer> lengths = windows.stream().distinct().sorted().toList();
    bench.require(lengths.get(0) >= 3, "--windows %d is below 3".formatted(lengths.get(0)));
    bench.require(iterations >= 1, "--iterations %d is below 1".formatted(iterations));
    bench.require(milliseconds >= 1, "--milliseconds %d is below 1".formatted(milliseconds));
    KernelBench kernels = new KernelBench(families, lengths, iterations, milliseconds);
    List<KernelResult> results = bench.measure("kernels", kernels::run);
    bench.print("kernels", results, KernelText.lines(results));
    return ExitCode.DONE.code();
  }
}
