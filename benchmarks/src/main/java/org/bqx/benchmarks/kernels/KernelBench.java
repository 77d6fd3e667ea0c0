package org.bqx.benchmarks.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bqx.benchmarks.report.KernelResult;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link KernelBenchmark} by JMH, each case in a JVM of its own with the server's options. */
public final class KernelBench {
  private static final int WARM_UPS = 3;
  private static final String ALLOCATED = "gc.alloc.rate.norm";
  private static final List<String> METHODS = List.of("rolling", "naive", "commonsMath");

  private final List<String> families;
  private final List<String> windows;
  private final int iterations;
  private final long iterationMillis;

  /**
   * @param families that have {@link Rivals}
   * @param windowLengths each is measured alone, then all in one row
   * @param iterations that count, three more warm up
   * @param iterationMillis the least time of an iteration
   */
  public KernelBench(
      List<String> families, List<Integer> windowLengths, int iterations, long iterationMillis) {
    this.families = families;
    Stream<String> all =
        windowLengths.size() == 1
            ? Stream.of()
            : Stream.of(
                windowLengths.stream().map(String::valueOf).collect(Collectors.joining("+")));
    this.windows = Stream.concat(windowLengths.stream().map(String::valueOf), all).toList();
    this.iterations = iterations;
    this.iterationMillis = iterationMillis;
  }

  /**
   * Measures.
   *
   * @param total is told how many measurements there will be
   * @param afterMeasurement is told of each
   */
  public List<KernelResult> run(IntConsumer total, Runnable afterMeasurement)
      throws RunnerException {
    total.accept(families.size() * windows.size() * METHODS.size());
    List<KernelResult> results = new ArrayList<>();
    for (String family : families) {
      for (String window : windows) {
        List<RunResult> byMethod = new ArrayList<>();
        for (String method : METHODS) {
          byMethod.add(run(family, window, method));
          afterMeasurement.run();
        }
        int count = window.split("\\+").length;
        Map<String, Double> nanos =
            IntStream.range(0, METHODS.size())
                .boxed()
                .collect(
                    Collectors.toMap(
                        METHODS::get, i -> byMethod.get(i).getPrimaryResult().getScore() / count));
        results.add(
            new KernelResult(
                family,
                window,
                nanos.get("rolling"),
                nanos.get("naive"),
                nanos.get("commonsMath"),
                allocated(byMethod.get(0))));
      }
    }
    return results;
  }

  private RunResult run(String family, String window, String method) throws RunnerException {
    TimeValue time = TimeValue.milliseconds(iterationMillis);
    return new Runner(
            new OptionsBuilder()
                .include("^" + KernelBenchmark.class.getName() + "\\." + method + "$")
                .param("family", family)
                .param("windows", window)
                .forks(1)
                .jvmArgs("-XX:+UseSerialGC", "-Xshare:auto")
                .warmupIterations(WARM_UPS)
                .warmupTime(time)
                .measurementIterations(iterations)
                .measurementTime(time)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .build())
        .runSingle();
  }

  private static double allocated(RunResult result) {
    Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
    if (allocated == null) {
      throw new IllegalStateException("JMH did not report " + ALLOCATED);
    }
    return allocated.getScore();
  }
}
