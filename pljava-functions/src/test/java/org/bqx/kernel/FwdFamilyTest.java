package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bqx.reference.Reference;
import org.bqx.reference.References;
import org.junit.jupiter.api.Test;

class FwdFamilyTest extends FamilyContract {

  private static final int METRICS = 9;

  FwdFamilyTest() {
    super(Families.of("fwd"), References.of("fwd"));
  }

  @Override
  int[] shortWindows() {
    return new int[] {2, 5, 60, 630};
  }

  /** The family bqx in decimal arithmetic, over the future turned round, with its sign changed. */
  @Override
  Reference exact() {
    return (bars, bar, windows) -> {
      double[] row = new double[1 + METRICS * windows.length];
      Arrays.fill(row, Double.NaN);
      row[0] = bars.at(0, bar);
      for (int w = 0; w < windows.length; w++) {
        int length = windows[w];
        if (bar + length < bars.count()) {
          double[] turned = new double[length];
          for (int i = 0; i < length; i++) {
            turned[i] = bars.at(0, bar + length - i);
          }
          double[] metrics = ExactMetrics.bqx(turned, row[0]);
          for (int metric = 0; metric < METRICS; metric++) {
            boolean signed = metric < 2 || metric == 6;
            row[1 + metric * windows.length + w] = signed ? -metrics[metric] : metrics[metric];
          }
        }
      }
      return row;
    };
  }

  @Test
  void columnsAreOrderedByMetricThenWindow() {
    assertThat(names(sorted(bars(new double[] {1, 2}), new int[] {60, 90})))
        .startsWith(
            "w60_fwd_return", "w90_fwd_return", "w60_fwd_mean_return", "w90_fwd_mean_return")
        .hasSize(18);
  }

  /** With e the endpoint of fwd at t, that of bqx at t+W is e / (1 - e). */
  @Property(tries = 50)
  void endpointIsTheMirrorOfThatOfBqx(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 100) int length) {
    Bars bars = bars(Series.walk(150, 1e-3, seed));
    List<double[]> forward = rows(bars, new int[] {length}, 0, 0);
    FamilyRows past = new FamilyRows(Families.of("bqx"), bars, new int[] {length}, 0, 0);
    for (int bar = 0; bar < 150; bar++) {
      double[] row = past.next();
      if (bar >= length) {
        double endpoint = forward.get(bar - length)[7];
        assertThat(row[7]).isCloseTo(endpoint / (1 - endpoint), within(1e-13));
      }
    }
  }

  /** On a line with slope s, fwd at t and bqx at t+W are -s W (W+1) / 2 over x(t) and x(t+W). */
  @Test
  void onALineBothReturnsAreThatOfTheSlope() {
    double[] line = new double[100];
    for (int bar = 0; bar < 100; bar++) {
      line[bar] = 100 + bar / 8.0;
    }
    double expected = -60 * 61 / 2.0 / 8;
    double forward = rows(bars(line), new int[] {60}, 20, 0).get(0)[1];
    FamilyRows past = new FamilyRows(Families.of("bqx"), bars(line), new int[] {60}, 80, 0);
    assertThat(forward).isCloseTo(expected / line[20], within(1e-12));
    assertThat(past.next()[1]).isCloseTo(expected / line[80], within(1e-12));
  }

  @Test
  void windowLongerThanTheSeriesIsUndefined() {
    assertThat(rows(bars(new double[] {1, 2, 3}), new int[] {Integer.MAX_VALUE}, 0, 0))
        .allMatch(row -> row.length == 10 && Arrays.stream(row).skip(1).allMatch(Double::isNaN));
  }
}
