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

  private interface Rows {
    Iterator<double[]> of(double[] rateIndex, int[] windows, Integer skip) throws SQLException;
  }

  private interface Reference {
    double[] of(double[] windowValues, Double currentValue) throws SQLException;
  }

  @Property(tries = 5000)
  void bqxRows(
      @ForAll("indexes") double[] rateIndex,
      @ForAll("windowLengths") int[] windows,
      @ForAll("skips") Integer skip) {
    check(FeatureFunctions::bqxRows, rateIndex, windows, skip);
  }

  @Property(tries = 5000)
  void regRows(
      @ForAll("indexes") double[] rateIndex,
      @ForAll("windowLengths") int[] windows,
      @ForAll("skips") Integer skip) {
    check(FeatureFunctions::regRows, rateIndex, windows, skip);
  }

  @Property(tries = 2000)
  void references(@ForAll("indexes") double[] windowValues, @ForAll("index") Double currentValue) {
    check(ReferenceFunctions::bqx, windowValues, currentValue);
    check(ReferenceFunctions::reg, windowValues, currentValue);
  }

  private static void check(Rows rows, double[] rateIndex, int[] windows, Integer skip) {
    Iterator<double[]> iterator;
    try {
      iterator = rows.of(rateIndex, windows, skip);
    } catch (SQLException refused) {
      assertThat(refused.getSQLState()).matches(NULL_OR_INVALID);
      return;
    }
    int count = 0;
    while (iterator.hasNext()) {
      double[] row = iterator.next();
      int bar = skip + count++;
      int known = (int) Arrays.stream(windows).filter(length -> length <= bar).count();
      assertThat(row).hasSize(1 + 9 * known);
      assertThat(Arrays.stream(row).allMatch(Double::isFinite)).isTrue();
      assertThat(row[0]).isEqualTo(rateIndex[bar]);
    }
    assertThat(count).isEqualTo(rateIndex.length - skip);
  }

  private static void check(Reference reference, double[] windowValues, Double currentValue) {
    try {
      double[] metrics = reference.of(windowValues, currentValue);
      assertThat(metrics).hasSize(9);
      assertThat(Arrays.stream(metrics).allMatch(Double::isFinite)).isTrue();
    } catch (SQLException refused) {
      assertThat(refused.getSQLState()).matches(NULL_OR_INVALID);
    }
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
