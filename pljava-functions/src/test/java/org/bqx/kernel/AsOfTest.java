package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AsOfTest {

  private static final int[] ONE = {1};

  /** A pair without a bar at 3, a peer with its last bar before the month and one at 2 and 4. */
  @Test
  void aPeersLastBarCountsUntilItIsTooOld() {
    double[] times = {0, 1, 2, 4, 7};
    double[] peerTimes = {Double.NaN, -5, 2, 3};
    double[] peerValues = {Double.NaN, 10, 20, 30};
    assertThat(AsOf.align(times, peerTimes, peerValues, ONE, 5, true))
        .containsExactly(10, Double.NaN, 20, 30, 30, 5, Double.NaN, 0, 1, 4);
  }

  @Test
  void nothingIsKnownBeforeThePeersFirstBar() {
    assertThat(
            AsOf.align(
                new double[] {1, 2},
                new double[] {Double.NaN, 3},
                new double[] {Double.NaN, 10},
                ONE,
                1e9,
                true))
        .containsOnly(Double.NaN);
  }

  /** The bar before it counts. */
  @Test
  void aBarWithAValueThatIsNotGoodIsNone() {
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      double[] times = {Double.NaN, 1, 2};
      double[] values = {Double.NaN, 10, 20, Double.NaN, 0.1, bad};
      assertThat(AsOf.align(new double[] {2}, times, values, new int[] {-1}, 1, true))
          .containsExactly(-10, 0.1, 1);
    }
  }

  @Property
  void everyTimeHasEachSeriesLastGoodBarAtOrBeforeIt(
      @ForAll("ascending") double[] times,
      @ForAll @Size(min = 1, max = 4) List<@From("series") double[]> series,
      @ForAll @IntRange(min = 1, max = 3) int columns,
      @ForAll("ages") double maxAge,
      @ForAll boolean ages) {
    int others = series.stream().mapToInt(one -> one.length + 1).sum();
    double[] otherTimes = new double[others];
    double[] otherValues = new double[columns * others];
    Arrays.setAll(otherValues, i -> i % 7 == 4 ? Double.NaN : 100 + i);
    int[] directions = new int[series.size()];
    List<double[]> expected = new ArrayList<>();
    int place = 0;
    for (int number = 0; number < directions.length; number++) {
      directions[number] = number % 2 == 0 ? 1 : -1;
      otherTimes[place++] = Double.NaN;
      double[] one = series.get(number);
      System.arraycopy(one, 0, otherTimes, place, one.length);
      for (int column = 0; column < columns; column++) {
        expected.add(naive(times, one, otherValues, place, others, columns, maxAge, column));
      }
      double[] first = expected.get(expected.size() - columns);
      for (int i = 0; i < times.length; i++) {
        first[i] = directions[number] * first[i];
      }
      if (ages) {
        expected.add(naive(times, one, otherValues, place, others, columns, maxAge, -1));
      }
      place += one.length;
    }
    assertThat(AsOf.align(times, otherTimes, otherValues, directions, maxAge, ages))
        .isEqualTo(expected.stream().flatMapToDouble(Arrays::stream).toArray());
  }

  /** Looks at all bars of a series for each time; the age is column -1. */
  private static double[] naive(
      double[] times,
      double[] otherTimes,
      double[] values,
      int place,
      int others,
      int columns,
      double maxAge,
      int column) {
    double[] expected = new double[times.length];
    for (int i = 0; i < times.length; i++) {
      int last = -1;
      for (int j = 0; j < otherTimes.length; j++) {
        boolean good = true;
        for (int k = 0; k < columns; k++) {
          good &= !Double.isNaN(values[k * others + place + j]);
        }
        // Of equal times the one that lies last.
        if (good && otherTimes[j] <= times[i] && (last < 0 || otherTimes[j] >= otherTimes[last])) {
          last = j;
        }
      }
      expected[i] =
          last < 0 || times[i] - otherTimes[last] > maxAge
              ? Double.NaN
              : column < 0 ? times[i] - otherTimes[last] : values[column * others + place + last];
    }
    return expected;
  }

  /** In any order, with ties, and maybe none. */
  @Provide
  Arbitrary<double[]> series() {
    return Arbitraries.integers()
        .between(-20, 60)
        .list()
        .ofMaxSize(20)
        .map(list -> list.stream().mapToDouble(i -> i / 2.0).toArray());
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
