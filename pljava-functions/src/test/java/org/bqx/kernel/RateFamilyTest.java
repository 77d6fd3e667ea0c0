package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bqx.reference.References;
import org.junit.jupiter.api.Test;

class RateFamilyTest extends FamilyContract {

  RateFamilyTest() {
    super(Families.of("rate"), References.of("rate"));
  }

  @Override
  Bars bars(double[] rateIndex) {
    return MadeBars.of(rateIndex, "x", "o", "h", "l");
  }

  @Override
  int[] windows() {
    return new int[] {15, 30, 60, 240};
  }

  /** By hand: closes 100, 101, 103, 103; the last bar has no range. */
  @Test
  void rowsByHand() {
    Bars bars =
        new Bars(
            new double[] {
              100, 101, 103, 103, 99, 100, 102, 103, 101, 102, 104, 103, 98, 100, 100, 103
            },
            4);
    // bar_range, bar_body, upper_shadow, lower_shadow, close_location; return, gap; zscore,
    // position of 3 bars
    double[] row = rows(bars, new int[] {3}, 2, 1).get(0);
    assertThat(row)
        .containsExactly(
            new double[] {
              103,
              4 / 103.0,
              0.25,
              0.25,
              0.5,
              0.75,
              2 / 101.0,
              1 / 101.0,
              (103 - 304 / 3.0) / Math.sqrt(7 / 3.0),
              1
            },
            within(1e-14));
    double[] flat = rows(bars, new int[] {3}, 3, 0).get(0);
    assertThat(flat[1]).isZero();
    assertThat(new double[] {flat[2], flat[3], flat[4], flat[5]}).containsOnly(Double.NaN);
  }

  @Test
  void aHighBelowTheCloseIsADefectOfTheBars() {
    Bars bars = new Bars(new double[] {1, 3, 1, 2, 2, 2.5, 1, 1}, 2);
    assertThat(family.defect(bars))
        .isEqualTo("index of high is 2.5 at bar 2: must not be below rate_index, which is 3.0");
    bars = new Bars(new double[] {1, 3, 1, 2, 2, 3.5, 1, 2.5}, 2);
    assertThat(family.defect(bars))
        .isEqualTo("index of low is 2.5 at bar 2: must not be above index of open, which is 2.0");
  }
}
