package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.bqx.reference.References;
import org.junit.jupiter.api.Test;

class TimeFamilyTest extends FamilyContract {

  TimeFamilyTest() {
    super(Families.of("time"), References.of("time"));
  }

  @Override
  Bars bars(double[] rateIndex) {
    return MadeBars.of(rateIndex, "x", "minute");
  }

  @Test
  void theWeekByHand() {
    // 2024-07-05, a Friday.
    long friday = 19_909 * 1_440L;
    double[] minutes = {
      friday - 1,
      friday,
      friday + 13 * 60,
      friday + 16 * 60 - 1,
      friday + 16 * 60,
      friday + 21 * 60,
      friday + 2 * 1_440 - 1,
      friday + 2 * 1_440,
      friday + 3 * 1_440 + 8 * 60 - 1,
      friday + 3 * 1_440 + 8 * 60
    };
    double[] values = new double[20];
    Arrays.fill(values, 0, 10, 100);
    System.arraycopy(minutes, 0, values, 10, 10);
    List<double[]> rows = rows(new Bars(values, 10), new int[0], 0, 0);
    assertThat(column(rows, 5)).containsExactly(0, 0, 1, 1, 0, 0, 0, 0, 0, 0);
    assertThat(column(rows, 6)).containsExactly(0, 0, 0, 0, 1, 1, 1, 0, 0, 0);
    assertThat(column(rows, 7)).containsExactly(659, 0, 0, 179, 180, 480, 659, 0, 479, 0);
    assertThat(column(rows, 8)).containsExactly(4, 0, 3, 3, 2, 4, 4, 0, 0, 1);
    assertThat(rows.get(1))
        .containsExactly(
            new double[] {
              100, 0, 1, Math.sin(8 * Math.PI / 7), Math.cos(8 * Math.PI / 7), 0, 0, 0, 0, 1
            },
            within(1e-15));
    assertThat(rows.get(0)).hasSize(9);
    assertThat(rows.get(7)[9]).isOne();
  }

  @Test
  void timesThatAreNotMinutesAreADefectOfTheBars() {
    assertThat(family.defect(new Bars(new double[] {1, 1, 5, 5.5}, 2)))
        .isEqualTo("minute is 5.5 at bar 2: must be a whole number of minutes since 1970");
    assertThat(family.defect(new Bars(new double[] {1, 1, 5, 5}, 2)))
        .isEqualTo("minute is 5.0 at bar 2: must be after that of the bar before");
    assertThat(family.defect(new Bars(new double[] {1, Double.NaN}, 1))).isNotNull();
  }

  private static double[] column(List<double[]> rows, int element) {
    return rows.stream().mapToDouble(row -> row[element]).toArray();
  }
}
