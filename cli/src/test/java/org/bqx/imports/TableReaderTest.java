package org.bqx.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bqx.failure.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of no vendor: any delimiter, header, number and time, or an error that asks. */
class TableReaderTest {
  /** 2024-07-05 12:30 UTC. */
  private static final long JULY = 1720182600L;

  private static final Bar BAR = new Bar(JULY, 1.0812, 1.0842, 1.08, 1.0831, 120);
  private static final String PRICES = ",1.0812,1.0842,1.08,1.0831,120";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "datetime,open,high,low,close,volume",
        "Date,Open,High,Low,Close,Volume",
        "t,o,h,l,c,v",
        "ts;O;H;L;C;Vol",
        "Open time|Open|High|Low|Close|Volume",
        "\"date_time\",\"open_price\",\"high_price\",\"low_price\",\"close_price\",\"volume\"",
        "Datum,Eröffnung,Hoch,Tief,Schluss,Volumen",
        "Datum;Erster;Hoch;Tief;Schlusskurs;Volumen",
        "Date,Ouverture,Plus haut,Plus bas,Clôture,Volume",
        "Fecha,Apertura,Máximo,Mínimo,Cierre,Volumen",
        "Data,Apertura,Massimo,Minimo,Chiusura,Volume",
        "Data,Abertura,Máxima,Mínima,Fechamento,Volume",
        "Data,Otwarcie,Najwyższy,Najniższy,Zamknięcie,Wolumen",
        "Дата,Открытие,Максимум,Минимум,Закрытие,Объём",
        "日時,始値,高値,安値,終値,出来高",
        "时间,开盘,最高,最低,收盘,成交量",
        "<DATETIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>",
        ",open,high,low,close,volume",
        "# exported by a program\ntime,open,high,low,close,volume",
        "sep=,\nDate,Open,High,Low,Close,Volume",
        "Price,Open,High,Low,Close,Volume\nTicker,EURUSD=X,EURUSD=X,EURUSD=X,EURUSD=X,EURUSD=X\n"
            + "Datetime,,,,,"
      })
  void aHeaderNamesTheColumns(String header) throws IOException {
    String last = header.substring(header.lastIndexOf('\n') + 1);
    char delimiter = last.indexOf(';') > 0 ? ';' : last.indexOf('|') > 0 ? '|' : ',';
    String row = ("2024-07-05 12:30:00" + PRICES).replace(',', delimiter);
    String text = header + "\n" + row + "\n";
    assertThat(bars(text)).containsExactly(BAR);
    assertThat(bars("\uFEFF" + text.replace("\n", "\r\n"))).containsExactly(BAR);
    assertThat(bars(text + header + "\n")).as("the header again").containsExactly(BAR);
    for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      if (header.chars().allMatch(c -> c < 128)) {
        assertThat(bars(text.getBytes(charset), settings())).containsExactly(BAR);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"time", "ts"})
  void aHeaderOfOtherColumnsFurtherDownIsNoLineToLeaveOut(String time) throws IOException {
    String names = time + ",open,high,low,close,volume\n";
    String row = "2024-07-05 12:30" + PRICES + "\n";
    assertThat(bars(names + row + "\uFEFF" + names.toUpperCase(Locale.ROOT)))
        .as("the header again, of a file with a byte order mark")
        .containsExactly(BAR);
    assertThatThrownBy(() -> bars(names + row + time + ",close,high,low,open,volume\n" + row))
        .isInstanceOf(IOException.class)
        .hasMessage("line 3 is a header of other columns than the first: make it two files");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-07-05 12:30:00",
        "2024-07-05 12:30",
        "2024-07-05T12:30:00Z",
        "2024-07-05 12:30:00 UTC",
        "2024-07-05 12:30:00 +0000",
        "2024-07-05 14:30:00 +02:00",
        "2024-07-05 12:30:00.000000",
        "2024/07/05 12:30:00",
        "2024.07.05 12:30:00",
        "2024-7-5 12:30",
        "05.07.2024 12:30",
        "20240705 123000",
        "20240705 12:30:00",
        "20240705T123000Z",
        "202407051230",
        "20240705123000",
        "2024-07-05 12:30:00 PM",
        "2024-07-05 12:30 pm",
        "1720182600",
        "1720182600.0",
        "1720182600000",
        "1720182600000000",
        "1720182600000000000",
        "\"2024-07-05 12:30:00\""
      })
  void aTimeIsReadInEveryForm(String time) throws IOException {
    assertThat(bars("ts,open,high,low,close,volume\n" + time + PRICES)).containsExactly(BAR);
  }

  @Test
  void aDateAndATimeMayBeInTwoColumns() throws IOException {
    for (String row : List.of("2024-07-05,12:30", "20240705,123000", "2024-07-05,12:30:00 PM")) {
      assertThat(bars("Date,Time,Open,High,Low,Close,Volume\n" + row + PRICES))
          .as(row)
          .containsExactly(BAR);
      assertThat(bars("Datum,Uhrzeit,Open,High,Low,Close,Volume\n" + row + PRICES))
          .containsExactly(BAR);
    }
    assertThat(bars("Date,Time,Open,High,Low,Close,Volume\n2024.07.05,15:30" + PRICES))
        .as("MetaTrader's clock")
        .containsExactly(BAR);
  }

  @Test
  void aZoneMayBeInTheHeader() throws IOException {
    String row = "\n2024.07.05 15:30:00" + PRICES;
    assertThat(bars("Time (EET),Open,High,Low,Close,Volume " + row)).containsExactly(BAR);
    assertThat(bars("Time (UTC),Open,High,Low,Close,Volume " + row))
        .containsExactly(BAR.at(JULY + 3 * 3600));
    assertAsked("Time (EST),Open,High,Low,Close,Volume" + row, "--zone");
    assertAsked("Local time,Open,High,Low,Close,Volume\n2024-07-05 12:30" + PRICES, "--zone");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "time;open;high;low;close;volume ! 2024-07-05 12:30;1,0812;1,0842;1,0800;1,0831;120",
        "time,open,high,low,close,volume ! 2024-07-05 12:30,\"1,0812\",\"1,0842\",\"1,08\",\"1,0831\",120",
        "time;open;high;low;close;volume ! 2024-07-05 12:30;1.0812;1.0842;1.0800;1.0831;120",
        "time,open,high,low,close,volume ! 2024-07-05T12:30Z,$1.0812,$1.0842,$1.08,$1.0831,120",
        "time;open;high;low;close;volume ! 2024-07-05 12:30;1,0812 €;1,0842 €;1,08 €;1,0831 €;120",
        "time,open,high,low,close,volume ! \"2024-07-05 12:30\",\"1.0812\",\"1.0842\",\"1.08\",\"1.0831\",\"120\""
      })
  void numbersAreReadAsTheFileWritesThem(String header, String row) throws IOException {
    assertThat(bars(header + "\n" + row)).containsExactly(BAR);
  }

  @Test
  void thousandsAreOneNumber() throws IOException {
    Bar bar = new Bar(JULY, 1107.12, 1107.15, 1107.1, 1107.14, 131_000);
    String row = "2024-07-05 12:30,\"1,107.12\",\"1,107.15\",\"1,107.10\",\"1,107.14\",\"131,000\"";
    assertThat(bars("time,open,high,low,close,volume\n" + row)).containsExactly(bar);
    String german = "2024-07-05 12:30;1.107,12;1.107,15;1.107,10;1.107,14;131.000";
    assertThat(bars("time;open;high;low;close;volume\n" + german)).containsExactly(bar);
    String open = "time;open;high;low;close\n2024-07-05 12:30;160,512;160,512;160,512;160,512";
    assertAsked(open, "--decimal");
    ReadSettings comma =
        new ReadSettings(null, "eurusd", java.util.Map.of(), null, ',', null, null);
    assertThat(bars(open.getBytes(StandardCharsets.UTF_8), comma))
        .extracting(Bar::close)
        .containsExactly(160.512);
  }

  @Test
  void theFileProvesWhetherDatesBeginWithTheDayOrTheMonth() throws IOException {
    String header = "time,open,high,low,close,volume\n";
    assertThat(bars(header + "07/05/2024 12:30" + PRICES + "\n07/15/2024 12:30" + PRICES).get(0))
        .isEqualTo(BAR);
    assertThat(bars(header + "05/07/2024 12:30" + PRICES + "\n15/07/2024 12:30" + PRICES).get(0))
        .isEqualTo(BAR);
    assertThat(bars(header + "07/05/2024 23:59" + PRICES + "\n07/06/2024 00:00" + PRICES))
        .as("minutes that follow each other")
        .extracting(Bar::epochSecond)
        .containsExactly(JULY + 41_340, JULY + 41_400);
    assertAsked(
        header + "07/05/2024 12:30" + PRICES + "\n07/05/2024 12:31" + PRICES, "--date-order");
    ReadSettings dmy =
        new ReadSettings(null, "eurusd", java.util.Map.of(), DateOrder.DMY, null, null, null);
    assertThat(bars((header + "05/07/2024 12:30" + PRICES).getBytes(StandardCharsets.UTF_8), dmy))
        .containsExactly(BAR);
  }

  @Test
  void bidAndAskAreTwoSidesOfOneBar() throws IOException {
    assertThat(
            bars(
                "date,bidopen,bidclose,bidhigh,bidlow,askopen,askclose,askhigh,asklow,tickqty\n"
                    + "2024-07-05 12:30,1.0812,1.0831,1.0842,1.08,1.0813,1.0833,1.0844,1.0801,120"))
        .containsExactly(BAR.withQuote(1.0831, 1.0833));
    assertThat(
            bars(
                "time,open,high,low,close,volume,bid,ask\n2024-07-05 12:30"
                    + PRICES
                    + ",1.083,1.0832"))
        .containsExactly(BAR.withQuote(1.083, 1.0832));
  }

  @Test
  void ticksBecomeMinutesWithBothSides() throws IOException {
    String text =
        """
        time,ask,bid,ask_volume,bid_volume
        2024-07-05 12:30:00.250000,1.0813,1.0812,1.5,100
        2024-07-05 12:30:01.250000,1.0843,1.0842,1.5,10
        2024-07-05 12:30:02.000000,1.0802,1.0800,1.5,5
        2024-07-05 12:30:59.999999,1.0832,1.0831,1.5,5
        """;
    assertThat(bars(text)).containsExactly(BAR.withQuote(1.0831, 1.0832));
    String metaTrader =
        """
        <DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>
        2024.07.05\t15:30:00.250\t1.0812\t1.0813\t\t\t6
        2024.07.05\t15:30:01.000\t1.0842\t\t\t\t2
        2024.07.05\t15:30:02.000\t1.0800\t\t\t\t2
        2024.07.05\t15:30:03.000\t1.0831\t1.0832\t\t\t6
        """;
    assertThat(bars(metaTrader))
        .containsExactly(new Bar(JULY, 1.0812, 1.0842, 1.08, 1.0831, Double.NaN, 1.0831, 1.0832));
    String backwards = text.replace("12:30:59", "12:29:59");
    assertThat(lines(backwards, settings()))
        .extracting(BarLine::defect)
        .contains("time is before that of the line before");
  }

  @Test
  void aColumnOfSymbolsIsTakenLineByLine() throws IOException {
    String text =
        "time,symbol,open,high,low,close,volume\n2024-07-05 12:30,EUR/USD"
            + PRICES
            + "\n2024-07-05 12:30,GBPUSD"
            + PRICES;
    List<BarLine> lines = lines(text, settings());
    assertThat(lines.get(0).bar()).isEqualTo(BAR);
    assertThat(lines.get(1).defect()).isEqualTo("symbol \"GBPUSD\" is not eurusd");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "2024-07-05 12:30,1.08,1.09,1.10,1.07 ! --columns",
        "2024-07-05 12:30,1.0831 ! --columns",
        "'2024-07-05 12:30,1.0812,1.0842,1.08,1.0831,1,2,3' ! --columns",
        "'time,close\n2024-07-05 12:30,1.0831' ! --columns",
        "'open,high,low,close\n1,1,1,1' ! --columns",
        "'time,open,high,low,close,last,close\n2024-07-05 12:30,1,1,1,1,1,1' ! --columns close=7",
        "'time,open,high,low,close,tick_volume,spread,real_volume\n1720182600,1,1,1,1,1,1,0' ! --zone"
      })
  void whatCanBeReadInTwoWaysIsAskedFor(String text, String option) {
    assertAsked(text, option);
  }

  @Test
  void aPersonNamesColumnsByNameOrNumber() throws IOException {
    String text = "when,a1,b1,c1,d1\n2024-07-05 12:30,1.0831,1.0842,1.08,1.0812";
    ReadSettings named =
        new ReadSettings(
            null,
            "eurusd",
            Column.parse("time=when,close=a1,high=b1,low=c1,open=5"),
            null,
            null,
            null,
            null);
    assertThat(bars(text.getBytes(StandardCharsets.UTF_8), named))
        .containsExactly(new Bar(JULY, 1.0812, 1.0842, 1.08, 1.0831, Double.NaN));
    for (String wrong : List.of("open", "x=1", "open=")) {
      assertThatThrownBy(() -> Column.parse(wrong)).isInstanceOf(Failure.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "2024-07-05 12:31,1,1,1 ! 4 columns where 5 are needed",
        "2024-07-05 12:31,1,1,1,1,1,9 ! 7 columns where the header has 6",
        "2024-07-05 12:31,\"1,1,1,1 ! a quote is not closed",
        "2024-07-05 12:31:30,1,1,1,1 ! ",
        "2024-07-05 12:31:30.5,1,1,1,1 ! time is not on the minute",
        "2024-02-30 12:31,1,1,1,1 ! time \"2024-02-30 12:31\" is not a time",
        "hello ! 1 column where 5 are needed",
        "2024-07-05 12:31,1,x,1,1 ! high \"x\" is not a number",
        "2024-07-05 12:31,1,\"1,00\",1,1 ! high \"1,00\" is not a number"
      })
  void aBadLineIsNamedWithItsReason(String line, String defect) throws IOException {
    String header = "datetime,open,high,low,close,volume\n2024-07-05 12:30" + PRICES + "\n";
    List<BarLine> lines = lines(header + line + "\n2024-07-05 12:32" + PRICES, settings());
    assertThat(lines).extracting(BarLine::line).containsExactly(2L, 3L, 4L);
    assertThat(lines.get(1).defect()).isEqualTo(defect);
  }

  private static void assertAsked(String text, String option) {
    assertThatThrownBy(() -> lines(text, settings()))
        .as(text)
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.hint()).contains(option));
  }

  private static ReadSettings settings() {
    return ReadSettings.of(null, "eurusd");
  }

  private static List<Bar> bars(String text) throws IOException {
    return bars(text.getBytes(StandardCharsets.UTF_8), settings());
  }

  private static List<Bar> bars(byte[] content, ReadSettings settings) throws IOException {
    List<Bar> bars = new ArrayList<>();
    for (BarLine line : Sources.lines("bars.csv", content, settings)) {
      assertThat(line.defect()).isNull();
      bars.add(line.bar());
    }
    return bars;
  }

  private static List<BarLine> lines(String text, ReadSettings settings) throws IOException {
    return Sources.lines("bars.csv", text.getBytes(StandardCharsets.UTF_8), settings);
  }
}
