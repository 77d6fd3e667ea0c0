package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.RealBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files that were once refused, or taken wrongly: in the shapes of public reports. What is right
 * was read from them by eye: pair, bars, first and last minute in UTC, the sum of the closes; how
 * many have a bid and an ask; what is said.
 */
@RealBars.Required
class ImportFoundIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  /**
   * A service, which ConnectionSettingsTest has; a list of commands; and what a test below reads.
   */
  private static final List<String> OTHERS =
      List.of(
          "service_connect_timeout.conf",
          "repro_server.txt",
          "price/USDJPY_lost_point_next_days.csv");

  @TempDir private static Path rejects;
  private static SqlSession sql;

  @BeforeAll
  static void migrate() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    sql = new SqlSession(DATABASE.connect());
  }

  @AfterAll
  static void disconnect() throws SQLException {
    sql.close();
  }

  @BeforeEach
  void removeBars() throws SQLException {
    sql.execute("DELETE FROM bqx.m1");
    sql.execute("DELETE FROM bqx.baseline_rates");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "arch/EURUSD.csv.bz2 |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "arch/EURUSD.csv.xz |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "arch/EURUSD.tar |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "arch/EURUSD.tar.gz |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "arch/EURUSD_ctrlz.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "arch/EURUSD_ds_store.zip |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "arch/EURUSD_nested.zip |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "arch/part1_EURUSD.csv.gz |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "arch/EURUSD_nul.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | 1 rejected",
        "arch/EURUSD_readme.zip |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | left out README.md",
        "arch/EURUSD_status_htm.zip |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | left out status.htm",
        "arch/part2_EURUSD.csv.gz |  | 0 | eurusd 1500 2024-07-02 09:00 2024-07-03 09:59 1608.83 | 0 0 | ",
        "arch/EURUSD_histdata_two.tar.gz |  | 0 | eurusd 5000 2024-07-01 12:00 2024-07-04 23:19 5363.57 | 0 0 | ",
        "arch/majors.zip |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59, gbpusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "arch/EURUSD.7z |  | 1 |  |  | it is cut, or broken",
        "arch/EURUSD.csv.zst |  | 1 |  |  | it is cut",
        "arch/EURUSD.feather |  | 1 |  |  | Feather",
        "arch/EURUSD.parquet |  | 1 |  |  | Parquet",
        "arch/EURUSD.xlsx |  | 1 |  |  | Excel",
        "arch/EUR_USD.json |  | 2 |  |  | it is JSON",
        "bi5 |  | 0 | eurusd 4320 2024-07-04 00:00 2024-07-08 23:59 4626.08 | 4320 0 | flat bars of closed hours left out",
        "bi5ask | --on-conflict keep | 0 | eurusd 1440 2024-07-08 00:00 2024-07-08 23:59 1541.82 | 1440 1440 | 1,439 completed by a side of the quote",
        "bi5ask/EURUSD/2024/06/08/ASK_candles_min_1.bi5 |  | 1 |  |  | no bar takes one of its 1,440",
        "bi5ask/EURUSD/2024/06/08/ASK_candles_min_1.bi5 | --side none | 0 | eurusd 1440 2024-07-08 00:00 2024-07-08 23:59 1541.96 | 0 0 | ",
        "dirs/mac |  | 0 | eurusd 3000 2024-07-01 08:00 2024-07-03 09:59 3216.41 | 0 0 | ",
        "dirs/real |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "dirs/with space |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "duka |  | 0 | eurusd 7200 2024-07-01 00:00 2024-07-07 23:59 7706.68 | 7200 0 | 2,880 flat bars of closed hours left out",
        "duka2 |  | 1 | eurusd 1440 2024-07-01 00:00 2024-07-01 23:59 1543.30 | 1440 0 | it has asks alone",
        "enc/EURUSD_M1_utf16le_nobom.csv |  | 0 | eurusd 1500 2024-07-01 05:00 2024-07-02 05:59 1607.59 | 0 0 | times taken as America/New_York+7",
        "head/DAT_MS_EURUSD_M1_202407.csv |  | 0 | eurusd 1500 2024-07-01 12:00 2024-07-02 12:59 1607.59 | 0 0 | (histdata-ms, histdata)",
        "head/EURUSD.Last.txt |  | 2 |  |  | --format ninjatrader",
        "head/EURUSD.Last.txt | --format ninjatrader | 0 | eurusd 1500 2024-07-01 07:59 2024-07-02 08:58 1607.59 | 0 0 | ",
        "head/EURUSD.Last.txt | --format histdata-ascii | 0 | eurusd 1500 2024-07-01 12:00 2024-07-02 12:59 1607.59 | 0 0 | ",
        "head/EURUSD_Date.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone utc (assumed)",
        "head/EURUSD_comment_first.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone utc (assumed)",
        "head/EURUSD_date_time_cols.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone utc (assumed)",
        "head/EURUSD_datetime.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone utc (assumed)",
        "head/EURUSD_dot_one_col.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone utc (assumed)",
        "head/EURUSD_noname_index.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone utc (assumed)",
        "head/EURUSD_slash.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone utc (assumed)",
        "head/EURUSD_tohlcv.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone utc (assumed)",
        "head/EURUSD_repeated_header.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "head/EURUSD_epoch_float.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone in the line",
        "head/EURUSD_epoch_s_noheader.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone in the line",
        "head/EURUSD_epoch_s_ts.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone in the line",
        "head/EURUSD_iso_basic.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone in the line",
        "head/EURUSD_suffix_offset_space.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone in the line",
        "head/EURUSD_suffix_utc.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone in the line",
        "head/EURUSD_tohlcv_epoch.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone in the line",
        "head/EURUSD_yf_single.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone in the line",
        "head/FX_EURUSD, 1_tradingview.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone in the line",
        "head/EURUSD_jforex_eet.csv |  | 0 | eurusd 1500 2024-07-01 05:00 2024-07-02 05:59 1607.59 | 0 0 | zone EET",
        "head/EURUSD_jforex_utc.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | zone utc",
        "head/EURUSD_bidopen.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 1500 1500 | 1,500 with bid and ask",
        "head/EURUSD_us_24h.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 1500 1500 | dates mdy",
        "head/EURUSD_duka_noheader.csv |  | 2 |  |  | --columns time=1,open=2",
        "head/EURUSD_duka_noheader.csv | --columns time=1,open=2,close=3,high=4,low=5 | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "head/EURUSD_mt4_header.csv |  | 0 | eurusd 1500 2024-07-01 05:00 2024-07-02 05:59 1607.59 | 0 0 | the clock of most MetaTrader servers",
        "head/EURUSD_mt4_single_digit_hour.csv |  | 0 | eurusd 1500 2024-07-01 05:00 2024-07-02 05:59 1607.59 | 0 0 | the clock of most MetaTrader servers",
        "head/EURUSD_small_header_mt4.csv |  | 0 | eurusd 300 2024-07-01 05:00 2024-07-01 09:59 321.73 | 0 0 | the clock of most MetaTrader servers",
        "head/EURUSD_mt5py.csv |  | 2 |  |  | --zone metatrader",
        "head/EURUSD_mt5py.csv | --zone metatrader | 0 | eurusd 1500 2024-07-01 05:00 2024-07-02 05:59 1607.59 | 0 0 | ",
        "head/EURUSD_mt5py.csv | --zone utc | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "lean/forex/fxcm/minute/eurusd/20140501_quote.zip |  | 0 | eurusd 1440 2014-05-01 05:00 2014-05-02 04:59 1543.30 | 1440 1440 | (lean, -05:00)",
        "lean/forex/fxcm/minute/gbpusd/20140501_trade.zip |  | 0 | gbpusd 1440 2014-05-01 05:00 2014-05-02 04:59 1543.30 | 0 0 | (lean, -05:00)",
        "multi/majors.csv |  | 0 | eurusd 600 2024-07-01 08:00 2024-07-01 17:59 642.27, gbpusd 600 2024-07-01 08:00 2024-07-01 17:59 762.44, usdjpy 600 2024-07-01 08:00 2024-07-01 17:59 95999.48 | 0 0 | ",
        "multi/eurusd_by_time.csv |  | 0 | eurusd 600 2024-07-01 08:00 2024-07-01 17:59 642.27, gbpusd 600 2024-07-01 08:00 2024-07-01 17:59 762.44, usdjpy 600 2024-07-01 08:00 2024-07-01 17:59 95999.48 | 0 0 | ",
        "multi/majors.csv | --pair eurusd | 1 |  |  | symbol \"GBPUSD\" is not eurusd",
        "names/eurusd-bot/data/XAUUSD_M1.csv |  | 2 |  |  | SELECT bqx.add_pair('xauusd')",
        "num_spike_1e5_EURUSD.csv |  | 0 | eurusd 1399 2024-07-01 00:00 2024-07-01 23:19 1538.90 | 0 0 | :702: high 110000.0 is a jump",
        "period/EURUSD_H4.csv |  | 1 |  |  | most bars follow each other by 4 hours",
        "period/eurusd-h1-bid-2024-07-01-2024-07-05.csv |  | 1 |  |  | most bars follow each other by 1 hour",
        "price/EURUSD_close_above_high_1e-5.csv |  | 1 |  |  | 5 of 1,500 lines refused",
        "price/EURUSD_currency.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "price/EURUSD_first_row_lost_point.csv |  | 0 | eurusd 1499 2024-07-01 08:01 2024-07-02 08:59 1606.51 | 0 0 | :2: high 107.216 is a jump from 1.07217",
        "price/USDJPY_ok.csv |  | 0 | usdjpy 1500 2024-07-01 08:00 2024-07-02 08:59 240708.50 | 0 0 | ",
        "sep/EURUSD_quoted_decimalcomma.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | decimal comma",
        "sep/EURUSD_semicolon_decimalcomma.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | decimal comma",
        "sep/EURUSD_semicolon_iso.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | delimiter ;",
        "sep/EURUSD_thousands_volume.csv |  | 0 | eurusd 1500 2024-07-01 08:00 2024-07-02 08:59 1607.59 | 0 0 | ",
        "sep/USDJPY_thousands_price.csv |  | 0 | usdjpy 1500 2024-07-01 08:00 2024-07-02 08:59 1660551.00 | 0 0 | ",
        "tick/DAT_ASCII_EURUSD_T_202407.csv |  | 0 | eurusd 50 2024-07-01 12:00 2024-07-01 12:49 53.61 | 50 50 | (histdata-ticks, histdata)",
        "tick/EURUSD_duka_ticks.csv |  | 0 | eurusd 50 2024-07-01 08:00 2024-07-01 08:49 53.61 | 50 50 | ",
        "tick/eurusd-tick-2024-07-01.csv |  | 0 | eurusd 50 2024-07-01 08:00 2024-07-01 08:49 53.61 | 50 50 | ",
        "tick/eurusd-s1-bid.csv |  | 0 | eurusd 50 2024-07-01 08:00 2024-07-01 08:49 53.61 | 50 0 | ",
        "zone/EURUSD_sunday_open_sydney.csv |  | 0 | eurusd 420 2024-01-07 17:00 2024-01-07 23:59 450.41 | 0 0 | "
      })
  void givesTheRightBarsOrSaysWhyNot(
      String name, String options, int code, String bars, String quotes, String message)
      throws SQLException {
    Result result = run(name, options);
    assertThat(result.code()).as(result.out() + result.err()).isEqualTo(code);
    assertThat(bars()).as(result.out() + result.err()).isEqualTo(bars == null ? "" : bars);
    if (bars != null) {
      assertThat(sql.text("SELECT concat_ws(' ', count(bid_close), count(ask_close)) FROM bqx.m1"))
          .isEqualTo(quotes);
    }
    assertThat(result.out() + result.err()).contains(message == null ? "" : message);
  }

  @Test
  void pricesThatLostTheirPointAreAtOddsWithTheBarsBefore() throws SQLException {
    assertThat(run("price/USDJPY_ok.csv", null).code()).isZero();
    Result lost = run("price/USDJPY_lost_point_next_days.csv", null);
    assertThat(lost.code()).isEqualTo(1);
    assertThat(lost.err())
        .contains("its close 160710.0 at 2024-07-03T08:00:00Z is a jump from 160.407")
        .contains("--max-jump");
    assertThat(bars()).isEqualTo("usdjpy 1500 2024-07-01 08:00 2024-07-02 08:59 240708.50");
  }

  /** What is not named above is in a folder that is, or has a test of its own. */
  @Test
  void everyFileHasARow() throws Exception {
    List<String> rows = new ArrayList<>(OTHERS);
    for (Method test : ImportFoundIT.class.getDeclaredMethods()) {
      if (test.isAnnotationPresent(CsvSource.class)) {
        for (String row : test.getAnnotation(CsvSource.class).value()) {
          rows.add(row.substring(0, row.indexOf('|')).strip());
        }
      }
    }
    Path found = RealBars.directory().resolve("found");
    try (Stream<Path> files = Files.walk(found)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> found.relativize(file).toString()))
          .isNotEmpty()
          .allMatch(
              file ->
                  rows.stream().anyMatch(row -> file.equals(row) || file.startsWith(row + "/")));
    }
  }

  private static Result run(String name, String options) {
    List<String> command = new ArrayList<>();
    command.add("import");
    command.add(RealBars.directory().resolve("found").resolve(name).toString());
    if (options != null) {
      command.addAll(List.of(options.split(" ")));
    }
    command.addAll(List.of("--rejects", rejects.toString()));
    return BQX.run(command.toArray(String[]::new));
  }

  private static String bars() throws SQLException {
    return String.join(
        ", ",
        sql.column(
            "SELECT concat_ws(' ', pair, count(*), to_char(min(time) AT TIME ZONE 'UTC',"
                + " 'YYYY-MM-DD HH24:MI'), to_char(max(time) AT TIME ZONE 'UTC',"
                + " 'YYYY-MM-DD HH24:MI'), sum(close)::numeric(14,2))"
                + " FROM bqx.m1 GROUP BY pair ORDER BY pair"));
  }
}
