package org.bqx.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarCheckTest {
  private static final long MINUTE = 1720182600L;
  private static final double NONE = Double.NaN;

  @Test
  void acceptsAFlatBarWithoutVolume() {
    assertThat(check().defect(flat(MINUTE, 1.1))).isNull();
  }

  @Test
  void refusesWhatNoMarketMakes() {
    assertDefect(new Bar(MINUTE + 1, 1, 1, 1, 1, NONE), "time is not on the minute");
    assertDefect(new Bar(-60, 1, 1, 1, 1, NONE), "time is outside 1970 to 2099");
    assertDefect(new Bar(4_102_444_800L, 1, 1, 1, 1, NONE), "time is outside 1970 to 2099");
    assertDefect(new Bar(MINUTE, 0, 1, 0, 1, NONE), "open 0.0 is not a positive number");
    assertDefect(new Bar(MINUTE, 1, 1, -1, 1, NONE), "low -1.0 is not a positive number");
    assertDefect(
        new Bar(MINUTE, 1, Double.POSITIVE_INFINITY, 1, 1, NONE),
        "high Infinity is not a positive number");
    assertDefect(new Bar(MINUTE, 1, 1, 1, Double.NaN, NONE), "close NaN is not a positive number");
    assertDefect(new Bar(MINUTE, 2, 1, 2, 2, NONE), "high 1.0 is below low 2.0");
    assertDefect(new Bar(MINUTE, 4, 3, 1, 2, NONE), "open 4.0 is outside 1.0 to 3.0");
    assertDefect(new Bar(MINUTE, 2, 3, 1, 0.5, NONE), "close 0.5 is outside 1.0 to 3.0");
    assertDefect(new Bar(MINUTE, 1, 1, 1, 1, -1), "volume -1.0 is not a count");
  }

  @ParameterizedTest
  @CsvSource({
    "2024-07-05T22:59Z, true",
    "2024-07-05T23:00Z, false",
    "2024-07-06T12:00Z, false",
    "2024-07-07T17:59Z, false",
    "2024-07-07T18:00Z, true",
    "2024-01-07T16:59Z, false",
    "2024-01-07T17:00Z, true",
    "2024-01-05T22:59Z, true",
    "2024-01-05T23:00Z, false"
  })
  void aWeekendHasNoBarsUnlessTheyAreToBeKept(String time, boolean open) {
    Bar bar = flat(OffsetDateTime.parse(time).toEpochSecond(), 1);
    assertThat(check().defect(bar) == null).isEqualTo(open);
    ImportRules keep =
        new ImportRules(OnConflict.FAIL, MaxRejects.NONE, 2, Weekend.KEEP, false, false);
    assertThat(new BarCheck(keep).defect(bar)).isNull();
  }

  @Test
  void aLostDecimalPointIsAJumpAndTheNextBarIsNot() {
    BarCheck check = check();
    assertThat(check.defect(flat(MINUTE, 1.055))).isNull();
    assertThat(check.defect(flat(MINUTE + 60, 1055))).isEqualTo("high 1055.0 is a jump from 1.055");
    assertThat(check.defect(new Bar(MINUTE + 120, 1.05, 1.06, 0.1, 1.05, NONE)))
        .isEqualTo("low 0.1 is a jump from 1.055");
    assertThat(check.defect(flat(MINUTE + 180, 2.11))).isNull();
    assertThat(check.defect(flat(MINUTE + 240, 1.0549))).isNotNull();
  }

  @Test
  void aQuoteFarFromThePriceIsNone() {
    Bar bar = flat(MINUTE, 1.1);
    assertThat(check().defect(bar.withQuote(1.1, 1.1002))).isNull();
    assertDefect(bar.withQuote(1.1, 11002), "ask 11002.0 is far from close 1.1");
    assertDefect(bar.withQuote(0.11, 1.1), "bid 0.11 is far from close 1.1");
    assertDefect(bar.withQuote(1.1, 0), "ask 0.0 is not a positive number");
  }

  private static BarCheck check() {
    return new BarCheck(ImportRules.STRICT);
  }

  private static Bar flat(long time, double price) {
    return new Bar(time, price, price, price, price, NONE);
  }

  private static void assertDefect(Bar bar, String defect) {
    assertThat(check().defect(bar)).isEqualTo(defect);
  }
}
