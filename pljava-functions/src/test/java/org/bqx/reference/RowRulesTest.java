package org.bqx.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.bqx.kernel.Bars;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowRulesTest {
  private static final int[] WINDOWS = {5, 12};
  private static final int SKIP = 12;
  private static final int WIDTH = 19;

  private final double[] index = walk(40);

  @ParameterizedTest
  @ValueSource(strings = {"bqx", "reg"})
  void nothingThatIsNoNumberHolds(String family) {
    double[] rows = rows(family);
    assertThat(RowRules.hold(family, rows, 0, 0, index, WINDOWS, SKIP)).isTrue();
    for (int i = 0; i < rows.length; i++) {
      for (double value :
          new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
        double[] changed = rows.clone();
        changed[i] = value;
        assertThat(RowRules.hold(family, changed, 0, 0, index, WINDOWS, SKIP))
            .as("%s at %d", value, i)
            .isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bqx", "reg"})
  void rowsAreThoseOfTheirBars(String family) {
    double[] rows = rows(family);
    double[] without = Arrays.copyOfRange(rows, WIDTH, rows.length);
    assertThat(RowRules.hold(family, without, 0, 0, index, WINDOWS, SKIP + 1)).isTrue();
    assertThat(RowRules.hold(family, without, 0, 0, index, WINDOWS, SKIP)).isFalse();
    assertThat(RowRules.hold(family, rows, 0, 0, index, WINDOWS, SKIP + 1)).isFalse();
    assertThat(RowRules.hold(family, rows, 0, 0, index, WINDOWS, -1)).isFalse();
    assertThat(RowRules.hold(family, without, 0, 0, index, WINDOWS, WINDOWS[1] - 1)).isFalse();
    // Those that are not looked at may be anything, and the others need their history alone.
    double[] changed = rows.clone();
    Arrays.fill(changed, 0, WIDTH, Double.NaN);
    assertThat(RowRules.hold(family, changed, 0, 0, index, WINDOWS, SKIP)).isFalse();
    assertThat(RowRules.hold(family, changed, 0, 1, index, WINDOWS, SKIP)).isTrue();
    changed[WIDTH] = Double.NaN;
    assertThat(RowRules.hold(family, changed, 0, 1, index, WINDOWS, SKIP)).isFalse();
    double[] torn = Arrays.copyOf(rows, rows.length - 1);
    assertThat(RowRules.hold(family, torn, 0, 0, index, WINDOWS, SKIP)).isFalse();
  }

  /** By the reference, with what the kernels compute from other columns computed so here. */
  private double[] rows(String family) {
    Reference reference = References.of(family);
    Bars bars = new Bars(index, index.length);
    double[] rows = new double[(index.length - SKIP) * WIDTH];
    for (int bar = SKIP, at = 0; bar < index.length; bar++, at += WIDTH) {
      System.arraycopy(reference.row(bars, bar, WINDOWS), 0, rows, at, WIDTH);
      double inverse = 1 / index[bar];
      for (int i = 0; i < WINDOWS.length; i++) {
        int w = at + 1 + 9 * i;
        if (family.equals("bqx")) {
          rows[w + 1] = rows[w] * (1.0 / WINDOWS[i]);
          rows[w + 6] = (index[bar - WINDOWS[i]] - index[bar]) * inverse;
          rows[w + 7] = (rows[w + 2] - rows[w + 3]) * inverse;
          rows[w + 8] = rows[w + 5] * inverse;
        } else {
          double reach = WINDOWS[i] - 1;
          rows[w + 3] = rows[w] * (reach * reach);
          rows[w + 4] = rows[w + 1] * reach;
        }
      }
    }
    return rows;
  }

  private static double[] walk(int bars) {
    Random random = new Random(1);
    double[] index = new double[bars];
    index[0] = 100;
    for (int bar = 1; bar < bars; bar++) {
      index[bar] = index[bar - 1] * (1 + 1e-4 * random.nextGaussian());
    }
    return index;
  }
}
