package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.RealBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A sample of each vendor's files, imported with no option at all. What the first and the last bar
 * should be was read from the files by eye, with zcat, unzip and a few lines of Python.
 */
@RealBars.Required
class ImportSamplesIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dukascopy_EURUSD_20190204_BID_candles_min_1.bi5 | dukascopy-bi5 | eurusd | 1440 |"
            + " 2019-02-04 00:00,1.14543,1.1457,1.14542,1.14569,293.760009765625 |"
            + " 2019-02-04 23:59,1.14351,1.14353,1.14349,1.14349,115.41000366210938",
        "dukascopy_web_local_usdjpy.csv | dukascopy | usdjpy | 1 |"
            + " 2025-08-15 15:00,146.851,146.878,146.851,146.876,192000000 |"
            + " 2025-08-15 15:00,146.851,146.878,146.851,146.876,192000000",
        "histdata_ascii_m1_audusd_202306.csv | histdata-ascii | audusd | 200 |"
            + " 2023-06-01 04:00,0.65141,0.65141,0.65124,0.65125,0 |"
            + " 2023-06-01 07:19,0.64933,0.64936,0.64924,0.64926,0",
        "lean_oanda_eurusd_20140501_quote.zip | lean | eurusd | 1363 |"
            + " 2014-05-01 00:00,1.38676,1.38686,1.38669,1.38686,0 |"
            + " 2014-05-01 23:59,1.38693,1.38693,1.38693,1.38693,0",
        "mt4_history_export_eurusd1.csv | mt4 | eurusd | 200 |"
            + " 2022-08-15 07:06,1.0234,1.02359,1.0234,1.02348,105 |"
            + " 2022-08-15 10:25,1.01905,1.01937,1.019,1.01935,91",
        "mt5_history_export_eurusd_m1.tsv | mt5 | eurusd | 199 |"
            + " 2024-03-31 21:08,1.07901,1.07902,1.07888,1.07888,3 |"
            + " 2024-04-01 00:44,1.0796,1.07963,1.07953,1.07954,56",
        "mt_iso_noheader_audusd_m1.csv | iso | audusd | 200 |"
            + " 2021-01-24 22:05,0.77107,0.77113,0.77101,0.77113,2 |"
            + " 2021-01-25 01:25,0.77152,0.77168,0.77152,0.77164,62",
        "nautilus_fxcm_gbpusd_m1_bid.csv | nautilus | gbpusd | 199 |"
            + " 2012-02-01 00:00,1.57597,1.57606,1.57576,1.57576, |"
            + " 2012-02-01 03:19,1.57544,1.57552,1.57539,1.57542,",
        "truefx_ticks_eurusd.csv | truefx | eurusd | 1 |"
            + " 2016-05-02 00:00,1.14601,1.14601,1.14599,1.14599, |"
            + " 2016-05-02 00:00,1.14601,1.14601,1.14599,1.14599,"
      })
  void givesTheBarsThatAnIndependentReadingGives(
      String name, String format, String pair, long bars, String first, String last)
      throws SQLException {
    sql.execute("DELETE FROM bqx.m1");
    Result result = run(name);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("(" + format + ", ").contains(pair + " ");
    List<String> imported = bars(pair);
    assertThat(imported).hasSize((int) bars);
    assertThat(imported.get(0)).isEqualTo(first);
    assertThat(imported.get(imported.size() - 1)).isEqualTo(last);
    assertThat(sql.number("SELECT count(*) FROM bqx.m1 WHERE pair <> ?", pair)).isZero();

    assertThat(run(name).out()).contains(" 0 inserted");
  }

  @Test
  void secondsBecomeAMinute() throws SQLException {
    sql.execute("DELETE FROM bqx.m1");
    assertThat(run("dukascopy_web_gmt_eurusd_1s.csv").code()).isZero();
    assertThat(
            sql.column(
                "SELECT concat_ws(',', time AT TIME ZONE 'UTC', open, high, low, close,"
                    + " round(volume::numeric, 6)) FROM bqx.m1"))
        .containsExactly("2025-03-26 00:00:00,1.07894,1.07894,1.07886,1.07886,20700.000000");
  }

  @Test
  void theWholeFolderGoesInAtOnce() {
    Result result =
        BQX.run(
            "import",
            RealBars.directory().resolve("samples").toString(),
            "--on-conflict",
            "keep",
            "--rejects",
            rejects.toString());
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out().lines()).hasSize(10);
    assertThat(result.err()).contains("times taken as America/New_York+7");
  }

  private static Result run(String name) {
    Path file = RealBars.directory().resolve("samples").resolve(name);
    return BQX.run("import", file.toString(), "--format", "auto", "--rejects", rejects.toString());
  }

  private static List<String> bars(String pair) throws SQLException {
    return sql.column(
        "SELECT to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ',' || open || ',' ||"
            + " high || ',' || low || ',' || close || ',' || coalesce(volume::text, '')"
            + " FROM bqx.m1 WHERE pair = ? ORDER BY time",
        pair);
  }
}
