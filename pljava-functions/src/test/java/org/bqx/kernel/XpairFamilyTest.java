package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class XpairFamilyTest extends PriceFamilyContract {

  private static final int SLOTS = 8;
  private static final int GREATEST_AGE = 4_320;
  private static final List<String> CURRENCIES = List.of("aud", "cad", "chf", "gbp", "jpy", "usd");

  XpairFamilyTest() {
    super("xpair", "x", "close");
  }

  @Override
  List<String> classes() {
    return List.of("w60_xpair_momentum_divergence_base", "w60_xpair_momentum_divergence_quote");
  }

  /**
   * Six peers that follow the pair, three of them in the other direction, and two slots without a
   * pair. One peer has stale values now and then, one ends and comes back.
   */
  @Override
  Bars bars(double[] closes) {
    int count = closes.length;
    double[] values = Arrays.copyOf(closes, (2 + 3 * SLOTS) * count);
    for (int bar = 0; bar < count; bar++) {
      values[count + bar] = closes[bar] / 90;
      for (int slot = 0; slot < SLOTS; slot++) {
        double close = close(slot, bar, closes[bar]);
        int at = (2 + 3 * slot) * count + bar;
        values[at] = slot % 3 == 1 ? -close : close;
        values[at + count] = Double.isNaN(close) ? close : close / 90;
        values[at + 2 * count] =
            Double.isNaN(close) ? close : slot == 4 && bar % 400 > 380 ? 5 + bar % 2 : bar % 3;
      }
    }
    return new Bars(values, count);
  }

  private static double close(int slot, int bar, double close) {
    boolean absent = slot == 6 || slot == 3 || slot == 5 && bar % 1_300 > 900;
    double noise = new Random(31L * bar + slot).nextGaussian();
    return absent ? Double.NaN : Math.sqrt(close * 100) * (1 + 5e-5 * noise);
  }

  /** The peers among the files of 2021. */
  @Override
  Bars realBars(String file, RealPrices prices, int from, int to) throws IOException {
    String base = file.substring(0, 3);
    String quote = file.substring(3, 6);
    int count = to - from;
    Bars own = prices.bars(from, to, "x", "close", "minute");
    double[] minutes = Arrays.copyOfRange(own.values(), 2 * count, 3 * count);
    List<String> others =
        CURRENCIES.stream().filter(name -> !name.equals(base) && !name.equals(quote)).toList();
    double[] values = Arrays.copyOf(own.values(), (2 + 6 * others.size()) * count);
    Arrays.fill(values, 2 * count, values.length, Double.NaN);
    for (int slot = 0; slot < 2 * others.size(); slot++) {
      String other = others.get(slot / 2);
      boolean ofBase = slot % 2 == 0;
      String shared = ofBase ? base : quote;
      for (boolean first : new boolean[] {true, false}) {
        Path path =
            RealPrices.directory()
                .resolve((first ? shared + other : other + shared) + "_2021.csv.gz");
        if (Files.exists(path)) {
          double[] aligned = aligned(path, minutes, ofBase == first ? 1 : -1);
          System.arraycopy(aligned, 0, values, (2 + 3 * slot) * count, aligned.length);
        }
      }
    }
    return new Bars(values, count);
  }

  private static double[] aligned(Path path, double[] minutes, int direction) throws IOException {
    RealPrices prices = new RealPrices(path, BASELINE);
    Bars bars = prices.bars(0, prices.count(), "x", "close", "minute");
    int count = bars.count();
    double[] otherMinutes = afterNaN(bars, 2);
    double[] values = new double[2 * (count + 1)];
    System.arraycopy(afterNaN(bars, 0), 0, values, 0, count + 1);
    System.arraycopy(afterNaN(bars, 1), 0, values, count + 1, count + 1);
    return AsOf.align(minutes, otherMinutes, values, new int[] {direction}, GREATEST_AGE, true);
  }

  private static double[] afterNaN(Bars bars, int input) {
    double[] series = new double[bars.count() + 1];
    series[0] = Double.NaN;
    System.arraycopy(bars.values(), input * bars.count(), series, 1, bars.count());
    return series;
  }

  @Test
  void aPairWithoutPeersHasUndefinedColumnsAlone() {
    double[] walk = Series.walk(400, 1e-4, 3);
    double[] values = Arrays.copyOf(walk, 2 * walk.length);
    Arrays.fill(values, walk.length, values.length, 1.1);
    List<double[]> rows = rows(new Bars(values, walk.length), windows(), 0, 0);
    assertThat(rows.get(399)).hasSize(18);
    assertThat(Arrays.copyOfRange(rows.get(399), 1, 18)).containsOnly(Double.NaN);
  }

  /** y is a straight line of z: nothing remains but rounding, which is no residual. */
  @Test
  void aMarketThatStandsStillAndJumpsOnceHasNoResidual() {
    int count = 300;
    double[] values = new double[(2 + 6) * count];
    Arrays.fill(values, 5 * count, 8 * count, Double.NaN);
    for (int bar = 0; bar < count; bar++) {
      double jump = bar == count - 1 ? 1 : 0;
      values[bar] = 100.5649924119142 + jump * 0.4004315152402;
      values[count + bar] = 1.1;
      values[2 * count + bar] = 100.3 + jump * 0.31;
      values[3 * count + bar] = 0.9;
    }
    Bars bars = new Bars(values, count);
    int residual = 1 + names(sorted(bars, windows())).indexOf("w240_xpair_coint_z");
    assertThat(rows(bars, windows(), 0, 0).get(count - 1)[residual]).isNaN();
    assertThat(reference.row(bars, count - 1, windows())[residual]).isNaN();
  }

  @Test
  void closesMustBePositive() {
    assertThat(family.defect(new Bars(new double[] {100, 101, 1.1, 0}, 2)))
        .isEqualTo("close is 0.0 at bar 2: must be positive");
  }
}
