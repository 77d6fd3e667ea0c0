package org.bqx.benchmarks.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Iterator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is measured beside the kernel computes the same. */
class WindowRowsTest {
  private static final int[] WINDOWS = {5, 60, 90};
  private static final int SKIP = 90;
  private static final double[] BARS = KernelBenchmark.walk(600);

  @ParameterizedTest
  @ValueSource(strings = {"bqx", "reg"})
  void loopsOverEachWindowGiveTheKernelsValues(String family) {
    assertSameRows(family, KernelBenchmark.naiveRows(family, BARS, WINDOWS, SKIP));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bqx", "reg"})
  void commonsMathGivesTheKernelsValues(String family) {
    assertSameRows(family, KernelBenchmark.commonsMathRows(family, BARS, WINDOWS, SKIP));
  }

  private static void assertSameRows(String family, Iterator<double[]> others) {
    Iterator<double[]> kernel = KernelBenchmark.rollingRows(family, BARS, WINDOWS, SKIP);
    int rows = 0;
    while (kernel.hasNext()) {
      double[] expected = kernel.next();
      double[] actual = others.next();
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i])
            .as("row %d, element %d", rows, i)
            .isCloseTo(expected[i], within(Math.max(1e-11, 1e-9 * Math.abs(expected[i]))));
      }
      rows++;
    }
    assertThat(rows).isEqualTo(BARS.length - SKIP);
    assertThat(others.hasNext()).isFalse();
  }
}
