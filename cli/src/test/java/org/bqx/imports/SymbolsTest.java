package org.bqx.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.bqx.failure.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pair a name tells; outer names stand before inner ones, between {@code !}. */
class SymbolsTest {
  private static final List<String> PAIRS = List.of("eurusd", "gbpjpy");

  @ParameterizedTest
  @CsvSource({
    "/data/DAT_ASCII_EURUSD_M1_202306.csv, eurusd",
    "/data/EURUSDm1.csv, eurusd",
    "/data/EURUSDpro.csv, eurusd",
    "/data/EURUSD1.csv, eurusd",
    "/data/eur_usd.csv, eurusd",
    "/data/EUR USD.csv, eurusd",
    "/data/GBP-JPY.csv.gz, gbpjpy",
    "'/data/FX_EURUSD, 1_tradingview.csv', eurusd",
    "/data/gbpjpy/EURUSD.csv, eurusd",
    "/data/EURUSD/2019/01/04/BID_candles_min_1.bi5, eurusd",
    "/data/fxcm/minute/eurusd/20140501_quote.zip, eurusd",
    "/data/with space/EUR USD/one minute.csv.gz, eurusd",
    "/data/gbpjpy.zip!EURUSD.csv, eurusd",
    "/data/gbpjpy.zip!bars.csv, gbpjpy",
    "/data/all.zip!gbpjpy/2024.csv, gbpjpy"
  })
  void theFilesOwnNameTellsThePairOrElseAFolderThatIsNamedByIt(String paths, String pair) {
    assertThat(Symbols.pairOf(name(paths), PAIRS)).isEqualTo(pair);
  }

  @ParameterizedTest
  @CsvSource({
    "/data/eurusd-bot/data/XAUUSD_M1.csv, XAUUSD",
    "/data/EURUSDT.csv, EURUSDT",
    "/data/eurusdt.csv, eurusdt",
    "/data/BTCUSDT.csv, BTCUSDT",
    "/data/XAU_USD.csv, XAUUSD",
    "/data/xeurusd.csv, xeurusd",
    "/data/eurusd/EURSEK_M1.csv, EURSEK"
  })
  void anUnknownSymbolIsNamedAndNeverTakenForAnother(String path, String symbol) {
    assertThatThrownBy(() -> Symbols.pairOf(name(path), PAIRS))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.getMessage())
                  .isEqualTo("pair \"%s\" does not exist".formatted(symbol));
              assertThat(failure.hint())
                  .contains(
                      "SELECT bqx.add_pair('%s')"
                          .formatted(symbol.toLowerCase(java.util.Locale.ROOT)))
                  .doesNotContain("--pair");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "/data/bars.csv, names no pair",
    "/data/eurusd-bot/bars.csv, names no pair",
    "/data/eurusd/backup/bars.csv, names no pair",
    "/data/eurusd_gbpjpy.csv, names both eurusd and gbpjpy",
    "/data/EURUSD_XAUUSD.csv, names both eurusd and XAUUSD"
  })
  void aNameWithoutAPairOrWithTwoTellsNone(String path, String why) {
    assertThatThrownBy(() -> Symbols.pairOf(name(path), PAIRS))
        .isInstanceOf(Failure.class)
        .hasMessage("cannot tell the pair of %s: it %s".formatted(path, why));
  }

  @Test
  void aSymbolInAFileMayHaveAVendorsSigns() {
    for (String symbol :
        List.of("EURUSD", "EUR/USD", "eur_usd", "EURUSD=X", "C:EURUSD", "EURUSDm")) {
      assertThat(Symbols.pairOfSymbol(symbol, PAIRS)).isEqualTo("eurusd");
    }
    assertThatThrownBy(() -> Symbols.pairOfSymbol("GBPUSD", PAIRS))
        .hasMessage("pair \"GBPUSD\" does not exist");
  }

  private static SourceName name(String paths) {
    return new SourceName(paths, Arrays.asList(paths.split("!")));
  }
}
