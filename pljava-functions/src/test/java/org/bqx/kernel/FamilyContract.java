package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.bqx.reference.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for the rows of any family. */
abstract class FamilyContract {

  static final int[] DEFAULT_WINDOWS = {60, 90, 150, 240, 390, 630};

  private static final int EXACT_STEP = 47;

  final Family family;
  final Reference reference;

  FamilyContract(Family family, Reference reference) {
    this.family = family;
    this.reference = reference;
  }

  /** Makes all inputs of closes: each value of the closes at and before its bar alone. */
  Bars bars(double[] rateIndex) {
    return new Bars(rateIndex, rateIndex.length);
  }

  /** The windows that the family has in the catalogue. */
  int[] windows() {
    return family.shortestWindow() == 0 ? new int[0] : DEFAULT_WINDOWS;
  }

  /** Other windows, for which a decimal computation is quick. */
  int[] shortWindows() {
    return windows();
  }

  /** The rows in decimal arithmetic, or in another that is better than the reference's. */
  Reference exact() {
    return reference;
  }

  /** The absolute difference from the reference that a column allows. */
  double absolute(String column) {
    return Bound.ABSOLUTE;
  }

  @Provide
  Arbitrary<int[]> windowSets() {
    if (family.shortestWindow() == 0) {
      return Arbitraries.just(new int[0]);
    }
    return Arbitraries.integers()
        .between(family.shortestWindow(), 120)
        .set()
        .ofMinSize(1)
        .ofMaxSize(5)
        .map(set -> set.stream().mapToInt(Integer::intValue).sorted().toArray());
  }

  @Test
  void takesTheBarsOfItsTest() {
    Bars bars = bars(Series.WALK.bars());
    assertThat(bars.inputs()).isGreaterThanOrEqualTo(family.inputs());
    assertThat(family.defect(bars)).isNull();
    assertThat(family.revision()).isPositive();
  }

  @Test
  void namesSayWhichFamilyAndAreUniqueAndFitPostgres() {
    List<String> names = names(sorted(bars(Series.WALK.bars()), windows()));
    assertThat(names)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("(w\\d+_)?" + family.name() + "_[a-z0-9_]+"))
        .allMatch(name -> name.length() <= 63);
  }

  @Test
  void rowHoldsTheColumnsWhoseNeedIsMet() {
    Bars bars = bars(Series.WALK.bars());
    List<Columns> groups = sorted(bars, windows());
    for (Columns group : groups) {
      assertThat(group.width()).isPositive().isEqualTo(group.names().size());
      assertThat(group.needs()).isNotNegative();
      assertThat(group.lookahead()).isNotNegative();
    }
    List<double[]> rows = rows(bars, windows(), 0, 0);
    assertThat(rows).hasSize(bars.count());
    for (int t = 0; t < rows.size(); t++) {
      int bar = t;
      int width =
          groups.stream().filter(group -> group.needs() <= bar).mapToInt(Columns::width).sum();
      assertThat(rows.get(bar)).hasSize(1 + width);
      assertThat(rows.get(bar)[0]).isEqualTo(bars.at(0, bar));
    }
  }

  @Test
  void nextPastTheEndIsRefused() {
    FamilyRows rows = new FamilyRows(family, bars(new double[] {1, 2}), windows(), 1, 0);
    assertThat(rows.hasNext()).isTrue();
    rows.next();
    assertThat(rows.hasNext()).isFalse();
    assertThatThrownBy(rows::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("no row after bar 1");
  }

  @ParameterizedTest
  @EnumSource
  void everyRowAgreesWithTheReference(Series series) {
    assertRows(bars(series.bars()), windows(), 0, 1, reference);
  }

  @ParameterizedTest
  @EnumSource
  void rowsAgreeWithExactArithmetic(Series series) {
    assertRows(bars(series.bars()), shortWindows(), 640, EXACT_STEP, exact());
  }

  /** The judge is judged too. */
  @ParameterizedTest
  @EnumSource
  void theReferenceAgreesWithExactArithmetic(Series series) {
    Bars bars = bars(series.bars());
    List<String> names = names(sorted(bars, shortWindows()));
    for (int bar = 640; bar < bars.count(); bar += 143) {
      assertWithin(
          names,
          reference.row(bars, bar, shortWindows()),
          exact().row(bars, bar, shortWindows()),
          bar);
    }
  }

  @Property(tries = 100)
  void walksAgreeWithExactArithmetic(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int digits,
      @ForAll("windowSets") int[] windows) {
    double[] walk = Series.walk(200, Math.pow(10, -digits), seed);
    assertRows(bars(walk), windows, 0, 41, exact());
  }

  @Property(tries = 200)
  void bitsDependNeitherOnSkipNorOnTail(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 300) int length,
      @ForAll @DoubleRange(min = 0, max = 1) double before,
      @ForAll @DoubleRange(min = 0, max = 1) double after,
      @ForAll("windowSets") int[] windows) {
    Bars bars = bars(Series.walk(length, 1e-4, seed));
    int skip = (int) (before * (length - 1));
    int tail = (int) (after * (length - skip));
    List<double[]> all = rows(bars, windows, 0, 0);
    assertSameBits(rows(bars, windows, skip, tail), all.subList(skip, length - tail));
  }

  @Property(tries = 200)
  void bitsDependOnlyOnTheBarsThatColumnsSayTheyRead(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 300) int length,
      @ForAll @DoubleRange(min = 0, max = 1) double part,
      @ForAll("windowSets") int[] windows) {
    Bars bars = bars(Series.walk(length, 1e-4, seed));
    int last = (int) (part * (length - 1));
    List<double[]> all = rows(bars, windows, 0, 0);
    List<double[]> cut = rows(cutAfter(bars, last), windows, 0, 0);
    List<double[]> changed = rows(changedAfter(bars, last), windows, 0, 0);
    assertThat(cut).hasSize(last + 1);
    for (int bar = 0; bar <= last; bar++) {
      assertThat(cut.get(bar)).hasSameSizeAs(all.get(bar));
      int element = 1;
      for (Columns group : sorted(bars, windows)) {
        int to = element + group.width();
        if (group.needs() > bar) {
          break;
        }
        double[] read = Arrays.copyOfRange(all.get(bar), element, to);
        double[] without = Arrays.copyOfRange(cut.get(bar), element, to);
        if (bar + group.lookahead() <= last) {
          assertThat(without).isEqualTo(read);
          assertThat(Arrays.copyOfRange(changed.get(bar), element, to)).isEqualTo(read);
        } else {
          assertThat(without).containsOnly(Double.NaN);
        }
        element = to;
      }
    }
  }

  @Property(tries = 200)
  void bitsDoNotDependOnOtherWindows(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 300) int length,
      @ForAll("windowSets") int[] windows) {
    Bars bars = bars(Series.walk(length, 1e-4, seed));
    List<String> names = names(sorted(bars, windows));
    List<double[]> all = rows(bars, windows, 0, 0);
    for (int window : windows) {
      int[] alone = {window};
      List<String> namesAlone = names(sorted(bars, alone));
      List<double[]> rowsAlone = rows(bars, alone, 0, 0);
      for (int bar = 0; bar < length; bar++) {
        double[] row = rowsAlone.get(bar);
        for (int i = 1; i < row.length; i++) {
          double same = all.get(bar)[1 + names.indexOf(namesAlone.get(i - 1))];
          assertThat(Double.doubleToLongBits(row[i])).isEqualTo(Double.doubleToLongBits(same));
        }
      }
    }
  }

  /** The groups of columns in the order of the rows. */
  final List<Columns> sorted(Bars bars, int[] windows) {
    return family.columns(bars, windows).stream()
        .sorted(Comparator.comparingInt(Columns::needs))
        .toList();
  }

  static List<String> names(List<Columns> groups) {
    return groups.stream().flatMap(group -> group.names().stream()).toList();
  }

  final List<double[]> rows(Bars bars, int[] windows, int skip, int tail) {
    List<double[]> copies = new ArrayList<>();
    new FamilyRows(family, bars, windows, skip, tail)
        .forEachRemaining(row -> copies.add(row.clone()));
    return copies;
  }

  /** Compares every {@code step}-th row from bar {@code skip} on. */
  final void assertRows(Bars bars, int[] windows, int skip, int step, Reference judge) {
    List<String> names = names(sorted(bars, windows));
    FamilyRows rows = new FamilyRows(family, bars, windows, skip, 0);
    for (int bar = skip; bar < bars.count(); bar++) {
      double[] row = rows.next();
      if ((bar - skip) % step == 0) {
        assertWithin(names, row, judge.row(bars, bar, windows), bar);
      }
    }
    assertThat(rows.hasNext()).isFalse();
  }

  private void assertWithin(List<String> names, double[] actual, double[] expected, int bar) {
    assertThat(actual[0]).isEqualTo(expected[0]);
    Bound.assertWithin(
        names,
        this::absolute,
        Arrays.copyOfRange(actual, 1, actual.length),
        Arrays.copyOfRange(expected, 1, expected.length),
        "bar " + bar);
  }

  /** Compares bit by bit; a NaN is equal to a NaN. */
  static void assertSameBits(List<double[]> actual, List<double[]> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i)).as("row %s", i).isEqualTo(expected.get(i));
    }
  }

  private static Bars cutAfter(Bars bars, int last) {
    int count = last + 1;
    double[] values = new double[bars.inputs() * count];
    for (int input = 0; input < bars.inputs(); input++) {
      System.arraycopy(bars.values(), input * bars.count(), values, input * count, count);
    }
    return new Bars(values, count);
  }

  private static Bars changedAfter(Bars bars, int last) {
    double[] values = bars.values().clone();
    for (int i = 0; i < values.length; i++) {
      if (i % bars.count() > last) {
        values[i] *= 1.5;
      }
    }
    return new Bars(values, bars.count());
  }
}
