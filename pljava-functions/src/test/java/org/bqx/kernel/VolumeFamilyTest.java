package org.bqx.kernel;

import static java.lang.Double.NaN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.bqx.reference.References;
import org.junit.jupiter.api.Test;

class VolumeFamilyTest extends FamilyContract {

  VolumeFamilyTest() {
    super(Families.of("volume"), References.of("volume"));
  }

  @Override
  Bars bars(double[] rateIndex) {
    return MadeBars.of(rateIndex, "x", "volume");
  }

  @Override
  int[] windows() {
    return new int[] {15, 30, 60};
  }

  /** Volumes 0 ... 59 and prices that rise by the same share: each metric by hand. */
  @Test
  void aRisingVolumeByHand() {
    double[] values = new double[122];
    for (int bar = 0; bar < 61; bar++) {
      values[bar] = 100 + (bar == 60 ? 1 : 0);
      values[61 + bar] = bar == 0 ? 1_000 : bar - 1;
    }
    double[] row = rows(new Bars(values, 61), new int[] {60}, 60, 0).get(0);
    double stdev = Math.sqrt(60 * 61 / 12.0);
    assertThat(row)
        .containsExactly(
            new double[] {
              101,
              59 / 29.5,
              0,
              1 / 29.5,
              1_770,
              1,
              stdev / 29.5,
              0.01 * 59 / 1_770,
              29.5 / (stdev * 59) * Math.sqrt(60)
            },
            within(1e-12));
  }

  @Test
  void volumesOfZeroLeaveNothingButTheirSum() {
    double[] values = new double[200];
    Arrays.fill(values, 0, 100, 100);
    double[] row = rows(new Bars(values, 100), new int[] {15}, 99, 0).get(0);
    assertThat(row).containsExactly(100, NaN, NaN, NaN, 0, NaN, NaN, NaN, NaN);
    values[150] = -1;
    assertThat(family.defect(new Bars(values, 100)))
        .isEqualTo("volume is -1.0 at bar 51: must not be negative");
  }
}
