package org.bqx.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bqx.failure.Failure;
import org.bqx.imports.Bar;
import org.bqx.imports.BarLine;
import org.junit.jupiter.api.Test;

class SyntheticBarsTest {
  private static final YearMonth JULY = YearMonth.of(2024, 7);
  private static final YearMonth AUGUST = YearMonth.of(2024, 8);

  @Test
  void theSameSeedGivesTheSameBars() {
    assertThat(bars(7, "eurusd", JULY, JULY)).isEqualTo(bars(7, "EURUSD", JULY, JULY));
    assertThat(bars(8, "eurusd", JULY, JULY)).isNotEqualTo(bars(7, "eurusd", JULY, JULY));
  }

  @Test
  void aMonthsBarsDoNotDependOnTheMonthsAskedWithIt() {
    List<Bar> both = new ArrayList<>(bars(1, "audjpy", JULY, JULY));
    both.addAll(bars(1, "audjpy", AUGUST, AUGUST));
    assertThat(bars(1, "audjpy", JULY, AUGUST)).isEqualTo(both);
  }

  @Test
  void crossesCloseTheirTriangles() {
    Map<Long, Bar> eurusd = byTime("eurusd");
    Map<Long, Bar> usdjpy = byTime("usdjpy");
    Map<Long, Bar> eurjpy = byTime("eurjpy");
    int compared = 0;
    for (Bar cross : eurjpy.values()) {
      Bar first = eurusd.get(cross.epochSecond());
      Bar second = usdjpy.get(cross.epochSecond());
      if (first != null && second != null) {
        // Half a unit of the last digit of each: 5e-6 * 160 + 5e-4 * 1.1 + 5e-4.
        assertThat(cross.close()).isCloseTo(first.close() * second.close(), within(1.9e-3));
        assertThat(cross.open()).isCloseTo(first.open() * second.open(), within(1.9e-3));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(30_000);
  }

  @Test
  void barsAreConsistentAndRounded() {
    for (String pair : List.of("eurgbp", "chfjpy")) {
      double points = pair.endsWith("jpy") ? 1e3 : 1e5;
      for (Bar bar : bars(1, pair, JULY, JULY)) {
        assertThat(bar.epochSecond() % 60).isZero();
        assertThat(bar.high()).isGreaterThanOrEqualTo(Math.max(bar.open(), bar.close()));
        assertThat(bar.low()).isPositive().isLessThanOrEqualTo(Math.min(bar.open(), bar.close()));
        assertThat(bar.close()).isEqualTo(Math.rint(bar.close() * points) / points);
        assertThat(bar.volume()).isPositive();
      }
    }
  }

  @Test
  void theMarketIsClosedFromFridayToSunday22Utc() {
    for (Bar bar : bars(1, "gbpusd", JULY, AUGUST)) {
      LocalDateTime time = utc(bar);
      DayOfWeek day = time.getDayOfWeek();
      assertThat(
              day == DayOfWeek.SATURDAY
                  || (day == DayOfWeek.SUNDAY && time.getHour() < 22)
                  || (day == DayOfWeek.FRIDAY && time.getHour() >= 22))
          .as("%s", time)
          .isFalse();
    }
  }

  @Test
  void aFewMinutesAreMissingNotTheSameForAllPairs() {
    // July 2024: 23 weekdays less 2 hours on each of 4 Fridays, plus 2 hours on each of 4 Sundays.
    int open = 23 * 1440;
    int eurusd = bars(1, "eurusd", JULY, JULY).size();
    assertThat(eurusd).isBetween(open - 300, open - 20);
    assertThat(byTime("gbpusd").keySet()).isNotEqualTo(byTime("eurusd").keySet());
  }

  @Test
  void volatilityFollowsTheTradingDay() {
    Map<Integer, Double> meanRange =
        bars(1, "eurusd", JULY, AUGUST).stream()
            .collect(
                Collectors.groupingBy(
                    bar -> utc(bar).getHour(),
                    Collectors.averagingDouble(bar -> bar.high() - bar.low())));
    assertThat(meanRange.get(14)).isGreaterThan(1.5 * meanRange.get(4));
    assertThat(meanRange.get(14)).isGreaterThan(2 * meanRange.get(21));
  }

  @Test
  void theFirstMinuteOpensWhereTheLastDayClosed() {
    List<Bar> bars = bars(1, "eurusd", JULY, JULY);
    for (int i = 1; i < bars.size(); i++) {
      if (bars.get(i).epochSecond() == bars.get(i - 1).epochSecond() + 60) {
        assertThat(bars.get(i).open()).isEqualTo(bars.get(i - 1).close());
      }
    }
  }

  @Test
  void whateverIsPricedHasBars() {
    assertThat(bars(1, "xau", "usd", JULY, JULY).get(0).close()).isBetween(1000.0, 5000.0);
    for (String code : List.of("us500", "zzz", "q9")) {
      List<Bar> bars = bars(1, code, "usd", JULY, JULY);
      assertThat(bars).hasSizeGreaterThan(30_000).isEqualTo(bars(1, code, "usd", JULY, JULY));
      assertThat(bars.get(0).close()).as(code).isBetween(0.1, 10.0);
    }
    assertThat(bars(1, "zzz", "usd", JULY, JULY)).isNotEqualTo(bars(1, "yyy", "usd", JULY, JULY));
    assertThat(bars(1, "jpy", "xau", JULY, JULY))
        .allSatisfy(bar -> assertThat(bar.low()).isPositive());
  }

  /** So that databases that were filled by an older release can be filled on. */
  @Test
  void theBarsOfTheFirstReleaseAreTheSame() {
    assertThat(figures(bars(1, "eurusd", JULY, JULY).get(1000)))
        .containsExactly(1719852180, 0.98135, 0.98159, 0.98135, 0.98155, 114);
    assertThat(figures(bars(1, "chfjpy", JULY, JULY).get(1000)))
        .containsExactly(1719852120, 197.199, 197.265, 197.186, 197.263, 173);
  }

  private static double[] figures(Bar bar) {
    return new double[] {
      bar.epochSecond(), bar.open(), bar.high(), bar.low(), bar.close(), bar.volume()
    };
  }

  @Test
  void refusesAMonthBeforeTheWalks() {
    assertThatThrownBy(() -> new SyntheticBars(1, "eur", "usd", YearMonth.of(1999, 12), JULY))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("2000-01-01");
  }

  private static Map<Long, Bar> byTime(String pair) {
    return bars(1, pair, JULY, JULY).stream()
        .collect(Collectors.toMap(Bar::epochSecond, Function.identity()));
  }

  private static LocalDateTime utc(Bar bar) {
    return LocalDateTime.ofInstant(Instant.ofEpochSecond(bar.epochSecond()), ZoneOffset.UTC);
  }

  private static List<Bar> bars(long seed, String pair, YearMonth from, YearMonth to) {
    return bars(seed, pair.substring(0, 3), pair.substring(3), from, to);
  }

  private static List<Bar> bars(
      long seed, String base, String quote, YearMonth from, YearMonth to) {
    List<Bar> bars = new ArrayList<>();
    try (SyntheticBars reader = new SyntheticBars(seed, base, quote, from, to)) {
      for (BarLine line = reader.next(); line != null; line = reader.next()) {
        bars.add(line.bar());
      }
    }
    return bars;
  }
}
