package org.bqx.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bqx.failure.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;

/**
 * Every vendor's layout, told from its first lines alone. Times are by {@code date -u -d ... +%s}.
 */
class ReaderTest {
  /** 2024-07-05 12:30 UTC, the US jobs report. */
  private static final long JULY = 1720182600L;

  private static final Bar BAR = new Bar(JULY, 1.0812, 1.0842, 1.08, 1.0831, 120);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-07-05T12:30:00Z",
        "2024-07-05T12:30Z",
        "2024-07-05 12:30",
        "2024-07-05 12:30:00+00:00",
        "2024-07-05T12:30:00.000000000Z",
        "2024-07-05T08:30:00-04:00",
        "2024-07-05T08:30:00-0400",
        "2024-07-05 18:00:00+05:30"
      })
  void isoTimesAreUtcUnlessTheyNameAnOffset(String time) throws IOException {
    assertThat(read(time + ",1.0812,1.0842,1.0800,1.0831,120"))
        .containsExactly(new BarLine(1, BAR, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "iso | '2024-07-05 12:30,1.0812,1.0842,1.0800,1.0831,120'",
        "oanda | 'time,open,high,low,close,volume\n"
            + "2024-07-05T12:30:00.000000000Z,1.0812,1.0842,1.0800,1.0831,120'",
        "nautilus | 'timestamp,open,high,low,close,volume\n"
            + "2024-07-05 14:30:00+02:00,1.0812,1.0842,1.0800,1.0831,120'",
        "dukascopy-node | 'timestamp,open,high,low,close,volume\n"
            + "1720182600000,1.0812,1.0842,1.08,1.0831,120'",
        "dukascopy | 'Gmt time,Open,High,Low,Close,Volume\n"
            + "05.07.2024 12:30:00.000,1.0812,1.0842,1.08,1.0831,120'",
        "dukascopy | 'Local time,Open,High,Low,Close,Volume\n"
            + "05.07.2024 21:30:00.000 GMT+0900,1.0812,1.0842,1.08,1.0831,120'",
        "mt4 | '2024.07.05,15:30,1.08120,1.08420,1.08000,1.08310,120'",
        "mt5 | '<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n"
            + "2024.07.05\t15:30:00\t1.0812\t1.0842\t1.08\t1.0831\t120\t7\t9'"
      })
  void everyFormatIsToldFromItsFirstLines(String format, String text) throws IOException {
    try (BarSource source = source("bars.csv", text)) {
      assertThat(BarFormat.detect(source).title()).isEqualTo(format);
    }
    assertThat(read(text)).extracting(BarLine::bar).containsExactly(BAR);
    assertThat(read("\uFEFF" + text.replace("\n", "\r\n") + "\r\n"))
        .extracting(BarLine::bar)
        .containsExactly(BAR);
  }

  /** The last column is none that is read: nothing else tells of the bar that would be lost. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "time,open,high,low,close,volume,spread\n"
            + "2024-07-05 12:30,1.0812,1.0842,1.0800,1.0831,120,2\n"
            + "2024-07-05 12:31,1.0812,1.0842,1.0800,1.0831,120,2"
            + "2024-07-05 12:32,1.0812,1.0842,1.0800,1.0831,120,2\n"
            + "2024-07-05 12:33,1.0812,1.0842,1.0800,1.0831,120,2,,",
        "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n"
            + "2024.07.05\t15:30:00\t1.0812\t1.0842\t1.08\t1.0831\t120\t7\t9\n"
            + "2024.07.05\t15:31:00\t1.0812\t1.0842\t1.08\t1.0831\t120\t7\t9"
            + "2024.07.05\t15:32:00\t1.0812\t1.0842\t1.08\t1.0831\t120\t7\t9\n"
            + "2024.07.05\t15:33:00\t1.0812\t1.0842\t1.08\t1.0831\t120\t7\t9\t\t"
      })
  void aLineThatHasLostItsEndIsNotTakenForOneBar(String text) throws IOException {
    List<BarLine> lines = read(text);
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0).bar()).isEqualTo(BAR);
    assertThat(lines.get(1).defect()).matches("\\d+ columns where the header has \\d");
    assertThat(lines.get(2).bar()).isNotNull();
  }

  @Test
  void readsUtf16AsOldMetaTraderWritesIt() throws IOException {
    String text =
        "\uFEFF<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\n"
            + "2024.07.05\t15:30:00\t1.0812\t1.0842\t1.08\t1.0831\t120\n";
    assertThat(read("bars.csv", text.getBytes(StandardCharsets.UTF_16LE), "eurusd", null))
        .extracting(BarLine::bar)
        .containsExactly(BAR);
  }

  /** The US jobs report came at 08:30 in New York; by 2024 HistData's stamps were London's. */
  @ParameterizedTest
  @CsvSource({
    "20240705 083000, 2024-07-05T12:30Z",
    "20160708 083000, 2016-07-08T12:30Z",
    "20240105 083000, 2024-01-05T13:30Z",
    "20160108 083000, 2016-01-08T13:30Z",
    "20181231 235900, 2019-01-01T04:59Z",
    "20190101 000000, 2019-01-01T05:00Z"
  })
  void histDataIsNewYorkUntil2018AndLondonMinusFiveFrom2019(String stamp, String utc)
      throws IOException {
    long expected = java.time.OffsetDateTime.parse(utc).toEpochSecond();
    String mt =
        "%s.%s.%s,%s:%s,1,1,1,1,0"
            .formatted(
                stamp.substring(0, 4),
                stamp.substring(4, 6),
                stamp.substring(6, 8),
                stamp.substring(9, 11),
                stamp.substring(11, 13));
    assertThat(read(stamp + ";1;1;1;1;0").get(0).bar().epochSecond()).isEqualTo(expected);
    assertThat(read(mt).get(0).bar().epochSecond()).isEqualTo(expected);
  }

  @Test
  void histDatasMetaTraderFilesAreToldByTheirNameToo() throws IOException {
    String text = "2024.07.05,08:30,1.0812,1.0842,1.0800,1.0831,120";
    assertThat(read("DAT_MT_EURUSD_M1_202407.csv", bytes(text), "eurusd", null))
        .extracting(BarLine::bar)
        .containsExactly(BAR);
  }

  @ParameterizedTest
  @CsvSource({
    "2024.07.05 15:30, Europe/Athens",
    "2024.07.05 15:30, America/New_York+7",
    "2024.07.05 15:30, metatrader",
    "2024.07.05 15:30, +03:00",
    "2024.07.05 15:30, UTC+3",
    "2024.07.05 18:00, +05:30",
    "2024.07.05 12:30, utc",
    "2024.07.05 07:30, -5",
    "2024.07.05 08:30, histdata"
  })
  void aNamedZoneReplacesTheUsualOne(String stamp, String zone) throws IOException {
    String text = stamp.replace(' ', ',') + ",1.0812,1.0842,1.0800,1.0831,120";
    assertThat(read("bars.csv", bytes(text), "eurusd", Zone.parse(zone)))
        .extracting(BarLine::bar)
        .containsExactly(BAR);
  }

  /** In 2024 New York's clocks changed on 10 March, Europe's on 31 March. */
  @ParameterizedTest
  @CsvSource({
    "Europe/Athens, 2024.03.15 15:30, 2024-03-15T13:30Z",
    "metatrader, 2024.03.15 15:30, 2024-03-15T12:30Z",
    "Europe/Athens, 2024.11.01 15:30, 2024-11-01T13:30Z",
    "metatrader, 2024.11.01 15:30, 2024-11-01T12:30Z"
  })
  void brokersFollowEuropesClocksOrNewYorks(String zone, String stamp, String utc)
      throws IOException {
    String text = stamp.replace(' ', ',') + ",1,1,1,1,1";
    assertThat(read("b.csv", bytes(text), "eurusd", Zone.parse(zone)).get(0).bar().epochSecond())
        .isEqualTo(java.time.OffsetDateTime.parse(utc).toEpochSecond());
  }

  @Test
  void theHourThatAChangeOfClocksDoublesOrSkipsIsReported() throws IOException {
    Zone athens = Zone.parse("Europe/Athens");
    String text =
        """
        2024.03.31,02:59,1,1,1,1,1
        2024.03.31,03:00,1,1,1,1,1
        2024.03.31,04:00,1,1,1,1,1
        2024.10.27,02:59,1,1,1,1,1
        2024.10.27,03:59,1,1,1,1,1
        2024.10.27,04:00,1,1,1,1,1
        """;
    List<BarLine> lines = read("bars.csv", bytes(text), "eurusd", athens);
    assertThat(lines.get(0).bar().epochSecond() + 60).isEqualTo(lines.get(2).bar().epochSecond());
    assertThat(lines.get(1).defect())
        .isEqualTo("time 2024-03-31T03:00 does not exist in zone Europe/Athens: the clocks change");
    assertThat(lines.get(4).defect())
        .isEqualTo("time 2024-10-27T03:59 occurs twice in zone Europe/Athens: the clocks change");
    assertThat(lines.get(5).bar().epochSecond() - lines.get(3).bar().epochSecond())
        .isEqualTo(2 * 3600 + 60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Europe", "Mars/Base", "+19:00", "America/New_York+99", "x+7", "-"})
  void anUnknownZoneIsAUsageError(String zone) {
    assertThatThrownBy(() -> Zone.parse(zone))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("is not known");
  }

  @Test
  void ticksBecomeMinutesOfTheBid() throws IOException {
    List<BarLine> lines =
        read(
            """
            EUR/USD,20240705 12:29:59.999,1.07,1.08
            EUR/USD,20240705 12:30:00.001,1.0812,1.0815
            EUR/USD,20240705 12:30:01.500,1.0842,1.0845
            EUR/USD,20240705 12:30:02.000,-1,1.0845
            EUR/USD,20240705 12:30:30.000,1.0800,1.0805
            GBP/USD,20240705 12:30:31.000,1.27,1.28
            EUR/USD,20240705 12:30:59.999,1.0831,1.0835
            """);
    assertThat(lines)
        .containsExactly(
            new BarLine(
                1, new Bar(JULY - 60, 1.07, 1.07, 1.07, 1.07, Double.NaN, 1.07, 1.08), null),
            new BarLine(4, null, "open -1.0 is not a positive number"),
            new BarLine(6, null, "pair \"GBP/USD\" is not eurusd"),
            new BarLine(
                2, new Bar(JULY, 1.0812, 1.0842, 1.08, 1.0831, Double.NaN, 1.0831, 1.0835), null));
  }

  @Test
  void dukascopysSecondsBecomeMinutes() throws IOException {
    List<BarLine> lines =
        read(
            """
            Gmt time,Open,High,Low,Close,Volume
            05.07.2024 12:30:00.000,1.0812,1.0820,1.0810,1.0815,100
            05.07.2024 12:30:01.000,1.0815,1.0842,1.0800,1.0830,15.5
            05.07.2024 12:30:59.000,1.0830,1.0832,1.0829,1.0831,4.5
            05.07.2024 12:31:00.000,1.0831,1.0832,1.0829,1.0830,7
            """);
    assertThat(lines)
        .containsExactly(
            new BarLine(2, BAR, null),
            new BarLine(5, new Bar(JULY + 60, 1.0831, 1.0832, 1.0829, 1.0830, 7), null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EURUSD_20240705_BID_candles_min_1.bi5",
        // Dukascopy counts months from 00.
        "EURUSD/2024/06/05/BID_candles_min_1.bi5"
      })
  void dukascopysCandlesHaveTheirDayInTheirName(String name) throws IOException {
    List<BarLine> lines = read(name, candles(45_000, 108_120), "eurusd", null);
    assertThat(lines).containsExactly(new BarLine(1, BAR.withQuote(1.0831, Double.NaN), null));
    lines = read(name, candles(45_000, 108_120), "usdjpy", null);
    assertThat(lines.get(0).bar().open()).isEqualTo(108.12);
  }

  @Test
  void brokenCandlesAreNoBars() throws IOException {
    assertThat(read("20240705_candles_min_1.bi5", candles(-60, 108_120), "eurusd", null).get(0))
        .isEqualTo(new BarLine(1, null, "second -60 is not of one day"));
    assertThatThrownBy(() -> read("BID_candles_min_1.bi5", candles(0, 1), "eurusd", null))
        .hasMessageContaining("has no day");
    assertThatThrownBy(() -> read("20240705_12h_ticks.bi5", candles(0, 1), "eurusd", null))
        .hasMessageContaining("it ends within record 2");
    assertThatThrownBy(() -> read("20240705_candles_min_1.bi5", lzma(new byte[30]), "eurusd", null))
        .hasMessage("it ends within record 2");
    assertThat(read("20240705_candles_min_1.bi5", new byte[0], "eurusd", null)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "oanda/x/20240705_quote.zip, 20200101_eurusd_minute_quote.csv, 2020-01-01T12:30Z",
    "oanda/x/20240705_quote.zip, eurusd.csv, 2024-07-05T12:30Z",
    "fxcm/x/20240705_quote.zip, eurusd.csv, 2024-07-05T17:30Z"
  })
  void leansDayIsInTheNameInsideTheZipOrElseTheZips(String zip, String entry, String utc)
      throws IOException {
    String text = "45000000,1.0812,1.0842,1.08,1.0831,120,1.0813,1.0843,1.0801,1.0832,130";
    Bar bar = read(zip, zip(entry, text), "eurusd", null).get(0).bar();
    assertThat(bar.epochSecond()).isEqualTo(java.time.OffsetDateTime.parse(utc).toEpochSecond());
    assertThat(bar.high()).isEqualTo(1.0842);
    assertThat(bar.volume()).isEqualTo(120);
    assertThat(bar.bidClose()).isEqualTo(1.0831);
    assertThat(bar.askClose()).isEqualTo(1.0832);
  }

  @Test
  void leansClockIsOfABrokerAndAskedForWhereThePathNamesNone() throws IOException {
    String text = "45000000,1.0812,1.0842,1.08,1.0831,120,1.0813,1.0843,1.0801,1.0832,130";
    for (String name : List.of("20240705_quote.csv", "oanda/fxcm/20240705_quote.csv")) {
      assertThatThrownBy(() -> read(name, bytes(text), "eurusd", null))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("the clock of " + name + " is not known");
    }
  }

  @Test
  void histDatasAndNinjaTradersBarsLookAlikeAndAreNotGuessed() throws IOException {
    String text = "20240705 123000;1.0812;1.0842;1.08;1.0831;120";
    for (String name : List.of("EURUSD.Last.txt", "eurusd.csv")) {
      assertThatThrownBy(() -> read(name, bytes(text), "eurusd", null))
          .isInstanceOfSatisfying(
              Failure.class,
              failure ->
                  assertThat(failure.hint())
                      .contains("--format histdata-ascii", "--format ninjatrader", "--stamp"));
    }
    assertThat(read("DAT_ASCII_EURUSD_M1_2024.csv", bytes(text), "eurusd", null))
        .extracting(line -> line.bar().epochSecond())
        .containsExactly(JULY + 4 * 3600);
    ReadSettings none = ReadSettings.of(null, "eurusd");
    assertThat(opened(BarFormat.NINJATRADER, text, none)).containsExactly(BAR.at(JULY - 60));
    ReadSettings open =
        new ReadSettings(null, "eurusd", java.util.Map.of(), null, null, StampAt.OPEN, null);
    assertThat(opened(BarFormat.NINJATRADER, text, open)).containsExactly(BAR);
  }

  private static List<Bar> opened(BarFormat format, String text, ReadSettings settings)
      throws IOException {
    List<Bar> bars = new ArrayList<>();
    BarSource source = source("bars.csv", text);
    try (BarReader reader = format.open(source, settings, List.of("eurusd")).reader()) {
      for (BarLine line = reader.next(); line != null; line = reader.next()) {
        bars.add(line.bar());
      }
    }
    return bars;
  }

  @Test
  void gzipIsKnownByItsContent() throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      out.write(bytes("2024-07-05T12:30Z,1.0812,1.0842,1.08,1.0831,120"));
    }
    assertThat(read("bars.csv", gzip.toByteArray(), "eurusd", null))
        .extracting(BarLine::bar)
        .containsExactly(BAR);
  }

  @Test
  void columnsAreFoundByTheHeadersNames() throws IOException {
    assertThat(
            read(
                "\uFEFFTime,Close,Spread,Open,High,Low,Volume,Complete\r\n\r\n"
                    + "2024-07-05T12:30Z,1.0831,9,1.0812,1.0842,1.08,120,true\r\n"
                    + "2024-07-05T12:31Z,1.0831,9,1.0812,1.0842,1.08,120,False\r\n"))
        .containsExactly(
            new BarLine(3, BAR, null), new BarLine(4, null, "the candle is not complete"));
    assertThatThrownBy(() -> read("time,open,high,close\n2024-07-05T12:30Z,1,1,1"))
        .hasMessageContaining("no column is its low; its columns are time, open, high, close");
  }

  @Test
  void volumeMayBeMissing() throws IOException {
    assertThat(read("2024-07-05T12:30Z,1.0812,1.0842,1.08,1.0831").get(0).bar().volume()).isNaN();
    assertThat(read("2024-07-05T12:30Z,1.0812,1.0842,1.08,1.0831,").get(0).bar().volume()).isNaN();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "05.07.2024 12:30,1,1,1,1 | time \"05.07.2024 12:30\" is not ISO-8601",
        "2024-02-30T12:30Z,1,1,1,1 | time \"2024-02-30T12:30Z\" is not ISO-8601",
        "2024-07-05T24:00Z,1,1,1,1 | time \"2024-07-05T24:00Z\" is not ISO-8601",
        "2024-07-05T12:30Z9,1,1,1,1 | time \"2024-07-05T12:30Z9\" is not ISO-8601",
        "2024-07-05T12:30:00.5Z,1,1,1,1 | time is not on the minute",
        "2024-07-05T12:30Z,1,x,1,1 | high \"x\" is not a number",
        "2024-07-05T12:30Z,NaN,1,1,1 | open \"NaN\" is not a number",
        "2024-07-05T12:30Z,1,1,0x1p3,1 | low \"0x1p3\" is not a number",
        "2024-07-05T12:30Z,1,1,1,1d | close \"1d\" is not a number",
        "2024-07-05T12:30Z,1,1,1,1,many | volume \"many\" is not a number",
        "2024-07-05T12:30Z,1,1,1,\u001b[31m | close \"\\u001b[31m\" is not a number",
        "2024-07-05T12:30Z,1,1,1 | no close",
        "2024-07-05T12:30Z,1,1,1,'' | close \"\" is not a number"
      })
  void aBadLineIsNamedWithItsReason(String line, String defect) throws IOException {
    List<BarLine> lines =
        read(
            "2024-07-05T12:29Z,1,1,1,1\n" + line.replace("''", "") + "\n2024-07-05T12:31Z,1,1,1,1");
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1)).isEqualTo(new BarLine(2, null, defect));
    assertThat(lines.get(2).bar()).isNotNull();
  }

  @Test
  void aFileThatBeginsWithABadLineIsStillKnown() throws IOException {
    List<BarLine> lines = read("garbage\n20240705 083000;1.0812;1.0842;1.08;1.0831;0\n");
    assertThat(lines.get(0).defect()).contains("is not yyyyMMdd HHmmss");
    assertThat(lines.get(1).bar().epochSecond()).isEqualTo(JULY);
  }

  @Test
  void anUnknownFormatIsAUsageError() {
    assertThatThrownBy(() -> read("hello\u001b[2J world"))
        .isInstanceOf(Failure.class)
        .hasMessage("cannot tell the format of bars.csv: it begins with \"hello\\u001b[2J world\"");
    assertThatThrownBy(() -> BarFormat.of("excel")).hasMessage("format \"excel\" is not known");
  }

  private static List<BarLine> read(String text) throws IOException {
    return read("bars.csv", bytes(text), "eurusd", null);
  }

  private static List<BarLine> read(String name, byte[] content, String pair, Zone zone)
      throws IOException {
    return Sources.lines(name, content, ReadSettings.of(zone, pair));
  }

  private static BarSource source(String name, String text) throws IOException {
    return Sources.plain(name, text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** One record: second, open, close, low, high, volume. */
  private static byte[] candles(int second, int open) throws IOException {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(records)) {
      for (int value : new int[] {second, open, 108_310, 108_000, 108_420}) {
        out.writeInt(value);
      }
      out.writeFloat(120);
    }
    return lzma(records.toByteArray());
  }

  private static byte[] lzma(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new LZMAOutputStream(packed, new LZMA2Options(), content.length)) {
      out.write(content);
    }
    return packed.toByteArray();
  }

  private static byte[] zip(String... namesAndTexts) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(packed)) {
      for (int i = 0; i < namesAndTexts.length; i += 2) {
        out.putNextEntry(new ZipEntry(namesAndTexts[i]));
        out.write(bytes(namesAndTexts[i + 1]));
        out.closeEntry();
      }
    }
    return packed.toByteArray();
  }
}
