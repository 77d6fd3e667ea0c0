package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bqx.reference.References;
import org.junit.jupiter.api.Test;

class SpreadFamilyTest extends FamilyContract {

  SpreadFamilyTest() {
    super(Families.of("spread"), References.of("spread"));
  }

  @Override
  Bars bars(double[] rateIndex) {
    return MadeBars.of(rateIndex, "x", "bid", "ask");
  }

  /**
   * Quotes of 5 digits with a spread of 2 points while the mid moves: no spread is below another.
   */
  @Test
  void equalSpreadsInPointsAreEqualAtUnequalMids() {
    double[] values = new double[3 * 100];
    for (int bar = 0; bar < 100; bar++) {
      values[bar] = 100;
      values[100 + bar] = (108_000 + bar * 37 % 50) / 1e5;
      values[200 + bar] = (108_002 + bar * 37 % 50) / 1e5;
    }
    List<double[]> rows = rows(new Bars(values, 100), new int[0], 60, 0);
    assertThat(rows).allMatch(row -> row[7] == 0.5 && row[6] == 0);
    values[299] += 1e-5;
    assertThat(rows(new Bars(values, 100), new int[0], 99, 0).get(0)[7]).isEqualTo(59.5 / 60);
  }

  @Test
  void rowsByHand() {
    double[] values = new double[3 * 61];
    for (int bar = 0; bar < 61; bar++) {
      values[bar] = 100;
      values[61 + bar] = 100 - 0.001 * bar;
      values[122 + bar] = 100 + 0.001 * bar;
    }
    // S = bar / 5 basis points, mid 100.
    assertThat(rows(new Bars(values, 61), new int[0], 60, 0).get(0))
        .containsExactly(
            new double[] {
              100, 12, 6.1, 0.2 * Math.sqrt(60 * 61 / 12.0), 0.2, 11.8, 0, 59.5 / 60, 0
            },
            within(1e-11));
    values[61] = 0;
    assertThat(family.defect(new Bars(values, 61)))
        .isEqualTo("bid_close is 0.0 at bar 1: must be positive");
  }
}
