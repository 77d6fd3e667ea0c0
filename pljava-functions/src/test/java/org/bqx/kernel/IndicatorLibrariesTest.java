package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.tictactec.ta.lib.Core;
import com.tictactec.ta.lib.MAType;
import com.tictactec.ta.lib.MInteger;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ta4j.core.BarSeries;
import org.ta4j.core.BaseBarSeriesBuilder;
import org.ta4j.core.Indicator;
import org.ta4j.core.indicators.CMOIndicator;
import org.ta4j.core.indicators.MassIndexIndicator;
import org.ta4j.core.indicators.StochasticRSIIndicator;
import org.ta4j.core.indicators.adx.ADXIndicator;
import org.ta4j.core.indicators.adx.MinusDIIndicator;
import org.ta4j.core.indicators.adx.PlusDIIndicator;
import org.ta4j.core.indicators.donchian.DonchianChannelLowerIndicator;
import org.ta4j.core.indicators.donchian.DonchianChannelUpperIndicator;
import org.ta4j.core.indicators.helpers.ClosePriceIndicator;
import org.ta4j.core.indicators.ichimoku.IchimokuKijunSenIndicator;
import org.ta4j.core.indicators.ichimoku.IchimokuTenkanSenIndicator;
import org.ta4j.core.indicators.keltner.KeltnerChannelLowerIndicator;
import org.ta4j.core.indicators.keltner.KeltnerChannelMiddleIndicator;
import org.ta4j.core.indicators.keltner.KeltnerChannelUpperIndicator;
import org.ta4j.core.num.DecimalNum;
import org.ta4j.core.num.DoubleNum;
import org.ta4j.core.num.Num;

/**
 * Indicators beside TA-Lib and ta4j, where these define them in the same way: from the rows on in
 * which the start of a recursion has no weight any more.
 *
 * <p>They differ elsewhere by choice: both count directional moves that are equal but for rounding;
 * TA-Lib's Bollinger bands and CCI, and ta4j's, lose digits in running sums; ta4j's parabolic stop
 * turns by other tests, its cloud lies 25 bars ahead, its ulcer index has another maximum.
 */
class IndicatorLibrariesTest {

  private static final int COUNT = 6_000;
  private static final int SETTLED = 250;

  private final Core core = new Core();

  /** A walk off any grid, so that no two moves are equal. */
  private final Bars walk = walk();

  private final double[] x = input(walk, 0);
  private final double[] high = input(walk, 1);
  private final double[] low = input(walk, 2);

  private static Bars walk() {
    double[] closes = Series.walk(COUNT, 1e-4, 11);
    double[] values = new double[3 * COUNT];
    Random random = new Random(12);
    for (int bar = 0; bar < COUNT; bar++) {
      double close = closes[bar];
      double open = bar == 0 ? close : closes[bar - 1];
      values[bar] = close;
      values[COUNT + bar] = Math.max(open, close) * (1 + 1e-4 * random.nextDouble());
      values[2 * COUNT + bar] = Math.min(open, close) * (1 - 1e-4 * random.nextDouble());
    }
    return new Bars(values, COUNT);
  }

  private static double[] input(Bars bars, int input) {
    double[] values = new double[bars.count()];
    System.arraycopy(bars.values(), input * bars.count(), values, 0, values.length);
    return values;
  }

  /** What TA-Lib computes: its first value is that of bar {@code begin}. */
  private interface TaLib {
    void compute(MInteger begin, MInteger length, double[] out);
  }

  private void assertTaLib(String column, double bound, TaLib function) {
    MInteger begin = new MInteger();
    MInteger length = new MInteger();
    double[] out = new double[COUNT];
    function.compute(begin, length, out);
    assertThat(begin.value + length.value).isEqualTo(COUNT);
    assertAgree(walk, column, bound, bar -> out[bar - begin.value]);
  }

  private interface Value {
    double at(int bar);
  }

  private static void assertAgree(Bars bars, String column, double bound, Value value) {
    Family family = Families.of(column.replaceAll("^(w\\d+_)?([a-z]+)_.*", "$2"));
    List<String> names = new ArrayList<>();
    int needs = 0;
    for (Columns group :
        family.columns(bars, new int[0]).stream()
            .sorted(Comparator.comparingInt(Columns::needs))
            .toList()) {
      names.addAll(group.names());
      needs = group.names().contains(column) ? group.needs() : needs;
    }
    int element = 1 + names.indexOf(column);
    assertThat(element).as(column).isPositive();
    FamilyRows rows = new FamilyRows(family, bars, new int[0], needs, 0);
    for (int bar = needs; bar < bars.count(); bar++) {
      double found = rows.next()[element];
      if (bar >= needs + SETTLED) {
        assertThat(found).as("%s, bar %s", column, bar).isCloseTo(value.at(bar), within(bound));
      }
    }
  }

  @Test
  void averagesHaveTheBitsOfTaLib() {
    int last = COUNT - 1;
    for (int length : new int[] {10, 20, 50, 100, 200}) {
      assertTaLib(
          "w" + length + "_trend_ema_index",
          0,
          (b, n, out) -> core.ema(0, last, x, length, b, n, out));
      assertTaLib(
          "w" + length + "_trend_sma_index",
          1e-12,
          (b, n, out) -> core.movingAverage(0, last, x, length, MAType.Sma, b, n, out));
    }
    assertTaLib("w10_trend_kama_index", 0, (b, n, out) -> core.kama(0, last, x, 10, b, n, out));
    double[] unused = new double[COUNT];
    double[] other = new double[COUNT];
    assertTaLib(
        "trend_macd", 0, (b, n, out) -> core.macd(0, last, x, 12, 26, 9, b, n, out, unused, other));
    assertTaLib(
        "trend_macd_signal",
        0,
        (b, n, out) -> core.macd(0, last, x, 12, 26, 9, b, n, unused, out, other));
    assertTaLib(
        "trend_macd_hist",
        0,
        (b, n, out) -> core.macd(0, last, x, 12, 26, 9, b, n, unused, other, out));
  }

  @Test
  void theParabolicStopHasTheBitsOfTaLib() {
    assertTaLib(
        "trend_sar_index",
        0,
        (b, n, out) -> core.sar(0, COUNT - 1, high, low, 0.02, 0.2, b, n, out));
  }

  @Test
  void directionalMovesThatAreNeverEqualAgreeWithTaLib() {
    int last = COUNT - 1;
    assertTaLib(
        "w14_trend_plus_di",
        1e-12,
        (b, n, out) -> core.plusDI(0, last, high, low, x, 14, b, n, out));
    assertTaLib(
        "w14_trend_minus_di",
        1e-12,
        (b, n, out) -> core.minusDI(0, last, high, low, x, 14, b, n, out));
    assertTaLib(
        "w14_trend_adx", 1e-12, (b, n, out) -> core.adx(0, last, high, low, x, 14, b, n, out));
  }

  @Test
  void momentumAgreesWithTaLib() {
    int last = COUNT - 1;
    for (int length : new int[] {14, 21}) {
      assertTaLib(
          "w" + length + "_mom_rsi", 1e-13, (b, n, out) -> core.rsi(0, last, x, length, b, n, out));
    }
    double[] unused = new double[COUNT];
    assertTaLib(
        "w14_mom_stoch_k",
        1e-13,
        (b, n, out) -> core.stochF(0, last, high, low, x, 14, 3, MAType.Sma, b, n, out, unused));
    assertTaLib(
        "w14_mom_stoch_d",
        1e-12,
        (b, n, out) -> core.stochF(0, last, high, low, x, 14, 3, MAType.Sma, b, n, unused, out));
    assertTaLib(
        "w14_mom_stoch_slow_d",
        1e-12,
        (b, n, out) ->
            core.stoch(0, last, high, low, x, 14, 3, MAType.Sma, 3, MAType.Sma, b, n, unused, out));
    assertTaLib(
        "w14_mom_williams", 1e-13, (b, n, out) -> core.willR(0, last, high, low, x, 14, b, n, out));
    assertTaLib("w15_mom_trix", 1e-13, (b, n, out) -> core.trix(0, last, x, 15, b, n, out));
    assertTaLib("w12_mom_roc", 1e-13, (b, n, out) -> core.roc(0, last, x, 12, b, n, out));
    assertTaLib("w20_mom_momentum", 0, (b, n, out) -> core.mom(0, last, x, 20, b, n, out));
    assertTaLib(
        "mom_ultimate",
        1e-12,
        (b, n, out) -> core.ultOsc(0, last, high, low, x, 7, 14, 28, b, n, out));
    assertTaLib("w20_mom_cci", 1e-7, (b, n, out) -> core.cci(0, last, high, low, x, 20, b, n, out));
  }

  @Test
  void trueRangesAgreeWithTaLib() {
    int last = COUNT - 1;
    assertTaLib(
        "w14_band_atr", 1e-13, (b, n, out) -> core.atr(0, last, high, low, x, 14, b, n, out));
    assertTaLib(
        "w14_band_atr_percent",
        1e-13,
        (b, n, out) -> core.natr(0, last, high, low, x, 14, b, n, out));
  }

  private void assertTa4j(String column, double bound, Indicator<Num> indicator) {
    assertAgree(walk, column, bound, bar -> indicator.getValue(bar).doubleValue());
  }

  @Test
  void channelsAndOscillatorsAgreeWithTa4j() {
    BarSeries series =
        new BaseBarSeriesBuilder().withNumTypeOf(number -> DoubleNum.valueOf(number)).build();
    for (int bar = 0; bar < COUNT; bar++) {
      series.addBar(time(bar), x[bar], high[bar], low[bar], x[bar]);
    }
    ClosePriceIndicator close = new ClosePriceIndicator(series);
    assertTa4j("w14_mom_cmo", 1e-12, new CMOIndicator(close, 14));
    assertTa4j("w14_mom_stochrsi", 1e-12, new StochasticRSIIndicator(series, 14));
    KeltnerChannelMiddleIndicator middle = new KeltnerChannelMiddleIndicator(close, 20);
    assertTa4j("w20_band_keltner_middle_index", 0, middle);
    assertTa4j(
        "w20_band_keltner_upper_index", 1e-13, new KeltnerChannelUpperIndicator(middle, 2, 20));
    assertTa4j(
        "w20_band_keltner_lower_index", 1e-13, new KeltnerChannelLowerIndicator(middle, 2, 20));
    assertTa4j("w20_band_donchian_upper_index", 0, new DonchianChannelUpperIndicator(series, 20));
    assertTa4j("w20_band_donchian_lower_index", 0, new DonchianChannelLowerIndicator(series, 20));
    assertTa4j("w25_band_mass", 1e-12, new MassIndexIndicator(series, 9, 25));
    assertTa4j("trend_ichimoku_conversion_index", 0, new IchimokuTenkanSenIndicator(series, 9));
    assertTa4j("trend_ichimoku_base_index", 0, new IchimokuKijunSenIndicator(series, 26));
  }

  /**
   * Prices on a grid, where a tenth of the moves is equal: the rule of ties gives what 32 decimal
   * digits of the prices themselves give.
   */
  @Test
  void directionalMovesOnAGridAgreeWithDecimals() {
    int count = 2_000;
    BarSeries series =
        new BaseBarSeriesBuilder().withNumTypeOf(number -> DecimalNum.valueOf(number)).build();
    double[] values = new double[3 * count];
    Random random = new Random(13);
    int close = 108_123;
    for (int bar = 0; bar < count; bar++) {
      int open = close;
      close += random.nextInt(9) - 4;
      int top = Math.max(open, close) + random.nextInt(3);
      int bottom = Math.min(open, close) - random.nextInt(3);
      series.addBar(time(bar), price(open), price(top), price(bottom), price(close));
      values[bar] = index(close);
      values[count + bar] = index(top);
      values[2 * count + bar] = index(bottom);
    }
    Bars bars = new Bars(values, count);
    List<Indicator<Num>> indicators =
        List.of(
            new PlusDIIndicator(series, 14),
            new MinusDIIndicator(series, 14),
            new ADXIndicator(series, 14));
    List<String> columns = List.of("w14_trend_plus_di", "w14_trend_minus_di", "w14_trend_adx");
    for (int i = 0; i < columns.size(); i++) {
      Indicator<Num> indicator = indicators.get(i);
      assertAgree(bars, columns.get(i), 1e-9, bar -> indicator.getValue(bar).doubleValue());
    }
  }

  private static ZonedDateTime time(int bar) {
    return ZonedDateTime.of(2024, 7, 1, 0, 0, 0, 0, ZoneOffset.UTC).plusMinutes(bar);
  }

  private static String price(int points) {
    return Integer.toString(points / 100_000) + "." + "%05d".formatted(points % 100_000);
  }

  private static double index(int points) {
    return Double.parseDouble(price(points)) / 1.08123 * 100;
  }
}
