package org.bqx.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Iterator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Whatever SQL passes to the functions: an error that SQL knows, before the first row, or a finite
 * row for each bar that was asked for.
 */
class FunctionsFuzzTest {
  private static final String NULL_OR_INVALID = "22004|22023";
  private static final int AS_MANY = -2;

  @Property(tries = 10_000)
  void featureRows(
      @ForAll("families") String family,
      @ForAll("indexes") double[] inputs,
      @ForAll("counts") Integer bars,
      @ForAll("windowLengths") int[] windows,
      @ForAll("skips") Integer skip,
      @ForAll("skips") Integer tail) {
    Integer count = countOf(inputs, bars);
    Iterator<double[]> rows;
    try {
      rows = FeatureFunctions.featureRows(family, inputs, count, windows, skip, tail);
    } catch (SQLException refused) {
      assertThat(refused.getSQLState()).matches(NULL_OR_INVALID);
      return;
    }
    int given = 0;
    while (rows.hasNext()) {
      assertRow(rows.next(), inputs, windows, skip + given++);
    }
    assertThat(given).isEqualTo(count - skip - tail);
  }

  @Property(tries = 2000)
  void featureReference(
      @ForAll("families") String family,
      @ForAll("indexes") double[] inputs,
      @ForAll("counts") Integer bars,
      @ForAll("windowLengths") int[] windows,
      @ForAll("positions") int[] positions) {
    Iterator<double[]> rows;
    try {
      rows =
          ReferenceFunctions.featureReference(
              family, inputs, countOf(inputs, bars), windows, positions);
    } catch (SQLException refused) {
      assertThat(refused.getSQLState()).matches(NULL_OR_INVALID);
      return;
    }
    for (int position : positions) {
      assertRow(rows.next(), inputs, windows, position - 1);
    }
    assertThat(rows.hasNext()).isFalse();
  }

  @Property(tries = 5000)
  void asOf(
      @ForAll("times") double[] times,
      @ForAll("times") double[] otherTimes,
      @ForAll("indexes") double[] otherValues,
      @ForAll("directions") int[] directions,
      @ForAll("index") Double maxAge,
      @ForAll boolean ages) {
    double[] series = series(otherTimes);
    try {
      double[] aligned =
          FeatureFunctions.asOf(times, series, otherValues, directions, maxAge, ages);
      int width = otherValues.length / series.length + (ages ? 1 : 0);
      assertThat(aligned).hasSize(directions.length * width * times.length);
    } catch (SQLException refused) {
      assertThat(refused.getSQLState()).matches(NULL_OR_INVALID);
    }
  }

  @Property(tries = 1000)
  void mergeTimes(@ForAll("times") double[] times, @ForAll("index") Double first) {
    double[] series = series(times);
    try {
      assertThat(FeatureFunctions.mergeTimes(series, first))
          .hasSizeBetween(0, series.length)
          .isSorted();
    } catch (SQLException refused) {
      assertThat(refused.getSQLState()).matches(NULL_OR_INVALID);
    }
  }

  /** One series of these times, or more where a NaN is among them. */
  private static double[] series(double[] times) {
    if (times == null) {
      return null;
    }
    double[] series = new double[times.length + 1];
    series[0] = Double.NaN;
    System.arraycopy(times, 0, series, 1, times.length);
    return series;
  }

  @Property(tries = 2000)
  void inputsDigest(
      @ForAll("indexes") double[] inputs,
      @ForAll("counts") Integer bars,
      @ForAll("skips") Integer firstBars) {
    try {
      assertThat(
              FeatureFunctions.inputsDigest(new byte[0], inputs, countOf(inputs, bars), firstBars))
          .matches("[0-9a-f]{64}");
    } catch (SQLException refused) {
      assertThat(refused.getSQLState()).matches(NULL_OR_INVALID);
    }
  }

  @Property(tries = 100)
  void functionsVersion(@ForAll("families") String family) {
    try {
      assertThat(FeatureFunctions.functionsVersion(family)).matches("revision [1-9][0-9]*");
    } catch (SQLException refused) {
      assertThat(refused.getSQLState()).matches(NULL_OR_INVALID);
    }
  }

  private static void assertRow(double[] row, double[] rateIndex, int[] windows, int bar) {
    int known = (int) Arrays.stream(windows).filter(length -> length <= bar).count();
    assertThat(row).hasSize(1 + 9 * known);
    assertThat(Arrays.stream(row).allMatch(Double::isFinite)).isTrue();
    assertThat(row[0]).isEqualTo(rateIndex[bar]);
  }

  /** The number of bars that the inputs have, unless another is given. */
  private static Integer countOf(double[] inputs, Integer bars) {
    return bars != null && bars == AS_MANY && inputs != null ? (Integer) inputs.length : bars;
  }

  @Provide
  Arbitrary<String> families() {
    return Arbitraries.frequencyOf(
            Tuple.of(20, Arbitraries.of("bqx", "reg")),
            Tuple.of(1, Arbitraries.of("", "BQX", "b\u0131qx", "no such", "\0")))
        .injectNull(0.02);
  }

  @Provide
  Arbitrary<Integer> counts() {
    return Arbitraries.frequencyOf(
            Tuple.of(20, Arbitraries.just(AS_MANY)),
            Tuple.of(2, Arbitraries.integers().between(1, 40)),
            Tuple.of(1, Arbitraries.of(Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE)))
        .injectNull(0.02);
  }

  /** Mostly of one series. */
  @Provide
  Arbitrary<int[]> directions() {
    return Arbitraries.frequencyOf(
            Tuple.of(20, Arbitraries.of(1, -1)), Tuple.of(1, Arbitraries.of(0, Integer.MIN_VALUE)))
        .array(int[].class)
        .ofMinSize(1)
        .ofMaxSize(2)
        .injectNull(0.02);
  }

  @Provide
  Arbitrary<int[]> positions() {
    return Arbitraries.frequencyOf(
            Tuple.of(20, Arbitraries.integers().between(1, 10)),
            Tuple.of(1, Arbitraries.of(Integer.MIN_VALUE, -1, 0, 80, Integer.MAX_VALUE)))
        .array(int[].class)
        .ofMaxSize(8)
        .injectNull(0.02);
  }

  /** Mostly ascending. */
  @Provide
  Arbitrary<double[]> times() {
    return Arbitraries.frequencyOf(
            Tuple.of(
                8,
                Arbitraries.integers()
                    .between(-20, 60)
                    .list()
                    .ofMaxSize(20)
                    .map(
                        list ->
                            list.stream().mapToDouble(Integer::doubleValue).sorted().toArray())),
            Tuple.of(1, anything().array(double[].class).ofMaxSize(20)))
        .injectNull(0.02);
  }

  /** Most arrays are all indexes, some of them hold something else. */
  @Provide
  Arbitrary<double[]> indexes() {
    Arbitrary<Double> good =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.doubles().between(1, 200)),
            Tuple.of(2, Arbitraries.of(100.0, 1e-100, 1e100, 1e-50, 1e50, Math.nextUp(100.0))));
    return Arbitraries.frequencyOf(
            Tuple.of(6, good.array(double[].class).ofMaxSize(80)),
            Tuple.of(2, anything().array(double[].class).ofMaxSize(20)))
        .injectNull(0.02);
  }

  @Provide
  Arbitrary<Double> index() {
    return anything().injectNull(0.02);
  }

  private static Arbitrary<Double> anything() {
    return Arbitraries.frequencyOf(
        Tuple.of(6, Arbitraries.doubles().between(1, 200)),
        Tuple.of(
            2,
            Arbitraries.of(
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                0.0,
                -0.0,
                -1.0,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                1e-101,
                1e101)));
  }

  @Provide
  Arbitrary<int[]> windowLengths() {
    Arbitrary<Integer> good = Arbitraries.integers().between(2, 90);
    return Arbitraries.frequencyOf(
            Tuple.of(
                6,
                good.set()
                    .ofMinSize(1)
                    .ofMaxSize(6)
                    .map(set -> set.stream().mapToInt(Integer::intValue).sorted().toArray())),
            Tuple.of(
                2,
                Arbitraries.frequencyOf(
                        Tuple.of(5, good),
                        Tuple.of(2, Arbitraries.of(Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE)))
                    .array(int[].class)
                    .ofMaxSize(6)))
        .injectNull(0.02);
  }

  @Provide
  Arbitrary<Integer> skips() {
    return Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.integers().between(0, 30)),
            Tuple.of(1, Arbitraries.of(Integer.MIN_VALUE, -1, 80, Integer.MAX_VALUE)))
        .injectNull(0.02);
  }
}
