package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AsOfTest {

  /** A pair without a bar at 3, a peer with its last bar before the month and one at 2 and 4. */
  @Test
  void aPeersLastBarCountsUntilItIsTooOld() {
    double[] times = {0, 1, 2, 4, 7};
    double[] peerTimes = {-5, 2, 3};
    double[] peerValues = {10, 20, 30};
    assertThat(AsOf.align(times, peerTimes, peerValues, 5))
        .containsExactly(10, Double.NaN, 20, 30, 30, 5, Double.NaN, 0, 1, 4);
  }

  @Test
  void nothingIsKnownBeforeThePeersFirstBar() {
    assertThat(AsOf.align(new double[] {1, 2}, new double[] {3}, new double[] {10}, 1e9))
        .containsOnly(Double.NaN);
  }

  /** What is absent in the peer is absent, though its bar is there. */
  @Test
  void anAbsentValueHasAnAge() {
    assertThat(AsOf.align(new double[] {2}, new double[] {1}, new double[] {Double.NaN, 5}, 1))
        .containsExactly(Double.NaN, 5, 1);
  }

  @Property
  void everyTimeHasTheLastBarAtOrBeforeIt(
      @ForAll("ascending") double[] times,
      @ForAll("ascending") double[] otherTimes,
      @ForAll @IntRange(min = 1, max = 3) int columns,
      @ForAll("ages") double maxAge) {
    double[] otherValues = new double[columns * otherTimes.length];
    Arrays.setAll(otherValues, i -> i % 5 == 4 ? Double.NaN : 100 + i);
    assertThat(AsOf.align(times, otherTimes, otherValues, maxAge))
        .isEqualTo(naive(times, otherTimes, otherValues, columns, maxAge));
  }

  private static double[] naive(
      double[] times, double[] otherTimes, double[] otherValues, int columns, double maxAge) {
    double[] expected = new double[(columns + 1) * times.length];
    for (int i = 0; i < times.length; i++) {
      int last = -1;
      for (int j = 0; j < otherTimes.length; j++) {
        if (otherTimes[j] <= times[i]) {
          last = j;
        }
      }
      boolean known = last >= 0 && times[i] - otherTimes[last] <= maxAge;
      for (int column = 0; column < columns; column++) {
        expected[column * times.length + i] =
            known ? otherValues[column * otherTimes.length + last] : Double.NaN;
      }
      expected[columns * times.length + i] = known ? times[i] - otherTimes[last] : Double.NaN;
    }
    return expected;
  }

  /** With ties, and times between those of the other series. */
  @Provide
  Arbitrary<double[]> ascending() {
    return Arbitraries.integers()
        .between(-20, 60)
        .list()
        .ofMinSize(1)
        .ofMaxSize(30)
        .map(list -> list.stream().mapToDouble(i -> i / 2.0).sorted().toArray());
  }

  @Provide
  Arbitrary<Double> ages() {
    return Arbitraries.of(0.0, 0.5, 3.0, 10.0, 1e9, Double.POSITIVE_INFINITY);
  }
}
