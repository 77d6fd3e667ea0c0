package org.bqx.benchmarks.kernels;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bqx.kernel.Bars;
import org.bqx.kernel.Families;
import org.bqx.kernel.FamilyRows;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** A month of rows by the kernel, by loops over each window, and by Apache Commons Math. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KernelBenchmark {
  /** Rows of one invocation: about the bars of a month. */
  static final int ROWS = 32_000;

  private static final long SEED = 1;
  private static final double STEP = 0.01;

  /** The family; whoever runs this names one. */
  @Param("none")
  public String family;

  /** Window lengths, separated by a plus sign. */
  @Param({"60", "90", "150", "240", "390", "630", "60+90+150+240+390+630"})
  public String windows;

  private double[] rateIndex;
  private int[] windowLengths;
  private int skip;

  /** Makes the bars: the longest window, and then those that get a row. */
  @Setup
  public void makeBars() {
    windowLengths = Arrays.stream(windows.split("\\+")).mapToInt(Integer::parseInt).toArray();
    skip = windowLengths[windowLengths.length - 1];
    rateIndex = walk(skip + ROWS);
  }

  /** Returns a random walk that starts at 100, with steps like those of a minute's close. */
  static double[] walk(int bars) {
    Random random = new Random(SEED);
    double[] walk = new double[bars];
    double index = 100;
    for (int i = 0; i < bars; i++) {
      walk[i] = index;
      index += STEP * random.nextGaussian();
    }
    return walk;
  }

  /** The kernel. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void rolling(Blackhole hole) {
    consume(rollingRows(family, rateIndex, windowLengths, skip), hole);
  }

  /** Two passes over each window. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void naive(Blackhole hole) {
    consume(naiveRows(family, rateIndex, windowLengths, skip), hole);
  }

  /** What the library offers for the purpose. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void commonsMath(Blackhole hole) {
    consume(commonsMathRows(family, rateIndex, windowLengths, skip), hole);
  }

  static Iterator<double[]> rollingRows(
      String family, double[] rateIndex, int[] windowLengths, int skip) {
    Bars bars = new Bars(rateIndex, rateIndex.length);
    return new FamilyRows(Families.of(family), bars, windowLengths, skip, 0);
  }

  static Iterator<double[]> naiveRows(
      String family, double[] rateIndex, int[] windowLengths, int skip) {
    Rivals rivals = Rivals.of(family);
    return new WindowRows(
        rateIndex,
        windowLengths,
        skip,
        rivals.metrics(),
        (window, bar, row, offset) ->
            rivals.naive(rateIndex, windowLengths[window], bar, row, offset));
  }

  static Iterator<double[]> commonsMathRows(
      String family, double[] rateIndex, int[] windowLengths, int skip) {
    Rivals rivals = Rivals.of(family);
    return new WindowRows(
        rateIndex,
        windowLengths,
        skip,
        rivals.metrics(),
        rivals.commonsMath(rateIndex, windowLengths, skip));
  }

  private static void consume(Iterator<double[]> rows, Blackhole hole) {
    while (rows.hasNext()) {
      hole.consume(rows.next());
    }
  }
}
