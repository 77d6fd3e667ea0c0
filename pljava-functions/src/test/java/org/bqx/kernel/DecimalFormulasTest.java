package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Columns that no library knows, by their written formula in decimals of 40 digits, in 32 bars:
 * prices enter exactly, logarithm and exponential are series. A formula returns null where the
 * column is undefined.
 */
class DecimalFormulasTest {

  private static final MathContext DIGITS = new MathContext(40);
  private static final BigDecimal ONE = BigDecimal.ONE;
  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final BigDecimal HALF_PI =
      new BigDecimal("1.570796326794896619231321691639751442098584699688");
  private static final double[] CLOSES = Series.walk(1_500, 1e-4, 11);

  /** Bars with volume, without, and where it is absent; flat bars; see {@link MadeBars}. */
  private static final int[] BARS = IntStream.range(0, 32).map(i -> 245 + 39 * i).toArray();

  private final Map<String, IntFunction<BigDecimal>> formulas = new HashMap<>();

  @Test
  void series() {
    assertThat(logarithm(TWO, ONE).doubleValue()).isEqualTo(Math.log(2));
    assertThat(logarithm(new BigDecimal("100.01"), BigDecimal.valueOf(100)).doubleValue())
        .isCloseTo(Math.log1p(1e-4), within(1e-19));
    assertThat(exponential(new BigDecimal("-0.25")).doubleValue()).isEqualTo(Math.exp(-0.25));
  }

  @Test
  void realizedVolatility() {
    Bars bars = MadeBars.of(CLOSES, "x", "o", "h", "l");
    BigDecimal[] x = decimals(bars, 0);
    BigDecimal[] open = decimals(bars, 1);
    BigDecimal[] high = decimals(bars, 2);
    BigDecimal[] low = decimals(bars, 3);
    BigDecimal ln2 = logarithm(TWO, ONE);
    IntFunction<BigDecimal> change = t -> logarithm(x[t], x[t - 1]);
    IntFunction<BigDecimal> gap = t -> logarithm(open[t], x[t - 1]);
    IntFunction<BigDecimal> body = t -> logarithm(x[t], open[t]);
    IntFunction<BigDecimal> range = t -> square(logarithm(high[t], low[t]));
    IntFunction<BigDecimal> garmanKlass =
        t ->
            range
                .apply(t)
                .divide(TWO, DIGITS)
                .subtract(TWO.multiply(ln2).subtract(ONE).multiply(square(body.apply(t)), DIGITS));
    IntFunction<BigDecimal> rogersSatchell =
        t -> {
          BigDecimal up = logarithm(high[t], open[t]);
          BigDecimal down = logarithm(low[t], open[t]);
          BigDecimal moved = body.apply(t);
          return up.multiply(up.subtract(moved))
              .add(down.multiply(down.subtract(moved)))
              .max(BigDecimal.ZERO);
        };
    for (int length : new int[] {20, 60, 240}) {
      String prefix = "w" + length + "_rvol_";
      BigDecimal share = new BigDecimal("0.34");
      BigDecimal k =
          share.divide(
              new BigDecimal("1.34")
                  .add(BigDecimal.valueOf(length + 1).divide(number(length - 1), DIGITS)),
              DIGITS);
      formulas.put(prefix + "close", t -> root(variance(last(change, t, length))));
      formulas.put(
          prefix + "parkinson",
          t -> root(sum(last(range, t, length)).divide(number(4 * length).multiply(ln2), DIGITS)));
      formulas.put(prefix + "garman_klass", t -> root(mean(last(garmanKlass, t, length))));
      formulas.put(prefix + "rogers_satchell", t -> root(mean(last(rogersSatchell, t, length))));
      formulas.put(
          prefix + "yang_zhang",
          t ->
              root(
                  variance(last(gap, t, length))
                      .add(k.multiply(variance(last(body, t, length))))
                      .add(ONE.subtract(k).multiply(mean(last(rogersSatchell, t, length))))));
    }
    IntFunction<BigDecimal> product = t -> change.apply(t).multiply(change.apply(t - 1)).abs();
    IntFunction<BigDecimal> bipower = t -> HALF_PI.multiply(mean(last(product, t, 59)));
    formulas.put("w60_rvol_bipower", t -> root(bipower.apply(t)));
    formulas.put(
        "w60_rvol_jump",
        t ->
            ONE.subtract(
                    bipower
                        .apply(t)
                        .divide(mean(last(i -> square(change.apply(i)), t, 60)), DIGITS))
                .max(BigDecimal.ZERO));
    formulas.put(
        "rvol_ratio",
        t ->
            root(variance(last(change, t, 20)))
                .divide(root(variance(last(change, t, 240))), DIGITS));
    assertColumns("rvol", bars, new int[] {20, 60, 240}, 18, 0);
  }

  @Test
  void microstructure() {
    Bars bars = MadeBars.of(CLOSES, "x", "h", "l", "volume");
    BigDecimal[] x = decimals(bars, 0);
    BigDecimal[] high = decimals(bars, 1);
    BigDecimal[] low = decimals(bars, 2);
    BigDecimal[] volume = decimals(bars, 3);
    IntFunction<BigDecimal> moved = t -> x[t].subtract(x[t - 1]);
    formulas.put("micro_tick_direction", t -> number(moved.apply(t).signum()));
    formulas.put(
        "w60_micro_roll",
        t -> {
          List<BigDecimal> own = last(moved, t, 59);
          List<BigDecimal> before = last(moved, t - 1, 59);
          BigDecimal covariance = BigDecimal.ZERO;
          for (int i = 0; i < 59; i++) {
            covariance =
                covariance.add(
                    own.get(i)
                        .subtract(mean(own))
                        .multiply(before.get(i).subtract(mean(before)), DIGITS));
          }
          covariance = covariance.divide(number(58), DIGITS);
          return TWO.multiply(root(covariance.negate().max(BigDecimal.ZERO))).divide(x[t], DIGITS);
        });
    formulas.put(
        "w60_micro_toxicity",
        t -> weighted(i -> location(x[i], high[i], low[i]).abs(), volume, t, 60));
    BigDecimal divisor = number(3).subtract(TWO.multiply(root(TWO)));
    IntFunction<BigDecimal> spread =
        t -> {
          BigDecimal beta =
              square(logarithm(high[t], low[t])).add(square(logarithm(high[t - 1], low[t - 1])));
          BigDecimal gamma = square(logarithm(high[t].max(high[t - 1]), low[t].min(low[t - 1])));
          BigDecimal alpha =
              root(TWO.multiply(beta))
                  .subtract(root(beta))
                  .divide(divisor, DIGITS)
                  .subtract(root(gamma.divide(divisor, DIGITS)));
          // 2 tanh(a/2) = 2 (exp a - 1) / (exp a + 1)
          BigDecimal power = exponential(alpha);
          return TWO.multiply(power.subtract(ONE))
              .divide(power.add(ONE), DIGITS)
              .max(BigDecimal.ZERO);
        };
    formulas.put("w60_micro_corwin_schultz", t -> mean(last(spread, t, 60)));
    assertColumns("micro", bars, new int[0], 4, 2);
  }

  @Test
  void volumeFlow() {
    Bars bars = MadeBars.of(CLOSES, "x", "h", "l", "volume", "minute");
    BigDecimal[] x = decimals(bars, 0);
    BigDecimal[] high = decimals(bars, 1);
    BigDecimal[] low = decimals(bars, 2);
    BigDecimal[] volume = decimals(bars, 3);
    IntFunction<BigDecimal> direction = t -> number(x[t].compareTo(x[t - 1]));
    IntFunction<BigDecimal> location = t -> location(x[t], high[t], low[t]);
    IntFunction<BigDecimal> typical = t -> high[t].add(low[t]).add(x[t]).divide(number(3), DIGITS);
    formulas.put("w60_flow_obv", t -> weighted(direction, volume, t, 60));
    formulas.put("w60_flow_adl", t -> weighted(location, volume, t, 60));
    formulas.put("w20_flow_cmf", t -> weighted(location, volume, t, 20));
    formulas.put(
        "w60_flow_vwap_distance",
        t -> {
          BigDecimal price = weighted(typical, volume, t, 60);
          return price == null ? null : x[t].divide(price, DIGITS).subtract(ONE);
        });
    formulas.put("w60_flow_nvi", t -> changesWhereVolumeMoves(x, volume, -1, t));
    formulas.put("w60_flow_pvi", t -> changesWhereVolumeMoves(x, volume, 1, t));
    IntFunction<BigDecimal> ease =
        t ->
            high[t]
                .add(low[t])
                .subtract(high[t - 1].add(low[t - 1]))
                .divide(TWO, DIGITS)
                .multiply(high[t].subtract(low[t]))
                .divide(volume[t], DIGITS);
    formulas.put(
        "w14_flow_eom",
        t ->
            isKnown(volume, t, 14)
                    && last(i -> volume[i], t, 14).stream().allMatch(v -> v.signum() > 0)
                ? mean(last(ease, t, 14)).multiply(mean(last(i -> volume[i], t, 14)))
                : null);
    assertColumns("flow", bars, new int[0], 7, 2);
  }

  /** Sum of the logarithmic changes in those of 60 bars whose volume rose, or fell. */
  private static BigDecimal changesWhereVolumeMoves(
      BigDecimal[] x, BigDecimal[] volume, int direction, int t) {
    if (!isKnown(volume, t, 61)) {
      return null;
    }
    return sum(
        last(
            i ->
                volume[i].compareTo(volume[i - 1]) == direction
                    ? logarithm(x[i], x[i - 1])
                    : BigDecimal.ZERO,
            t,
            60));
  }

  /**
   * Compares all formulas.
   *
   * @param columns how many there are
   * @param undefined how many bars have an undefined value at least
   */
  private void assertColumns(String name, Bars bars, int[] windows, int columns, int undefined) {
    Family family = Families.of(name);
    List<String> names =
        FamilyContract.names(
            family.columns(bars, windows).stream()
                .sorted(Comparator.comparingInt(Columns::needs))
                .toList());
    assertThat(formulas).hasSize(columns);
    assertThat(names).containsAll(formulas.keySet());
    int found = 0;
    for (int bar : BARS) {
      double[] row = new FamilyRows(family, bars, windows, bar, 0).next();
      boolean isUndefined = false;
      for (Map.Entry<String, IntFunction<BigDecimal>> formula : formulas.entrySet()) {
        BigDecimal exact = formula.getValue().apply(bar);
        double expected = exact == null ? Double.NaN : exact.doubleValue();
        Bound.assertWithin(
            List.of(formula.getKey()),
            column -> Bound.ABSOLUTE,
            new double[] {row[1 + names.indexOf(formula.getKey())]},
            new double[] {expected},
            "bar " + bar);
        isUndefined |= exact == null;
      }
      found += isUndefined ? 1 : 0;
    }
    assertThat(found).isGreaterThanOrEqualTo(undefined);
  }

  private static BigDecimal[] decimals(Bars bars, int input) {
    return IntStream.range(0, bars.count())
        .mapToDouble(bar -> bars.at(input, bar))
        .mapToObj(value -> Double.isNaN(value) ? null : new BigDecimal(value))
        .toArray(BigDecimal[]::new);
  }

  private static BigDecimal number(int value) {
    return BigDecimal.valueOf(value);
  }

  /** The {@code length} values that end with that of bar {@code t}. */
  private static List<BigDecimal> last(IntFunction<BigDecimal> of, int t, int length) {
    return IntStream.rangeClosed(t - length + 1, t).mapToObj(of).toList();
  }

  private static boolean isKnown(BigDecimal[] input, int t, int length) {
    return IntStream.rangeClosed(t - length + 1, t).allMatch(i -> input[i] != null);
  }

  /** Returns ((x - l) - (h - x)) / (h - l), 0 for a bar without a range. */
  private static BigDecimal location(BigDecimal x, BigDecimal high, BigDecimal low) {
    return high.compareTo(low) == 0
        ? BigDecimal.ZERO
        : x.subtract(low).subtract(high.subtract(x)).divide(high.subtract(low), DIGITS);
  }

  /** Returns the mean weighted by volume, null where one is absent or all are 0. */
  private static BigDecimal weighted(
      IntFunction<BigDecimal> of, BigDecimal[] volume, int t, int length) {
    if (!isKnown(volume, t, length)) {
      return null;
    }
    BigDecimal all = sum(last(i -> volume[i], t, length));
    return all.signum() == 0
        ? null
        : sum(last(i -> of.apply(i).multiply(volume[i]), t, length)).divide(all, DIGITS);
  }

  private static BigDecimal sum(List<BigDecimal> values) {
    return values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal mean(List<BigDecimal> values) {
    return sum(values).divide(number(values.size()), DIGITS);
  }

  /** Returns the sample variance. */
  private static BigDecimal variance(List<BigDecimal> values) {
    BigDecimal mean = mean(values);
    return sum(values.stream().map(value -> square(value.subtract(mean))).toList())
        .divide(number(values.size() - 1), DIGITS);
  }

  private static BigDecimal square(BigDecimal value) {
    return value.multiply(value, DIGITS);
  }

  private static BigDecimal root(BigDecimal value) {
    return value.sqrt(DIGITS);
  }

  /** Returns ln(a/b) = 2 artanh((a-b)/(a+b)). */
  private static BigDecimal logarithm(BigDecimal a, BigDecimal b) {
    BigDecimal z = a.subtract(b).divide(a.add(b), DIGITS);
    BigDecimal square = square(z);
    BigDecimal power = z;
    BigDecimal sum = BigDecimal.ZERO;
    for (int n = 1; power.signum() != 0 && power.precision() - power.scale() > -45; n += 2) {
      sum = sum.add(power.divide(number(n), DIGITS));
      power = power.multiply(square, DIGITS);
    }
    return TWO.multiply(sum);
  }

  private static BigDecimal exponential(BigDecimal z) {
    BigDecimal term = ONE;
    BigDecimal sum = BigDecimal.ZERO;
    for (int n = 1; term.signum() != 0 && term.precision() - term.scale() > -45; n++) {
      sum = sum.add(term);
      term = term.multiply(z).divide(number(n), DIGITS);
    }
    return sum;
  }
}
