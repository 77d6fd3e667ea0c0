package org.bqx.imports;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;

/**
 * What a column of a file can be, and the names that vendors give it, in the languages they write:
 * lower case, without accents, blanks, brackets and marks.
 */
public enum Column {
  /** Date and time of day, or one of them when there is the other, too. */
  TIME(
      "time datetime timestamp ts t opentime timeopen dateandtime datetimeutc timeutc utctime utc"
          + " gmttime gmt localtime dt timestampms timestamputc epoch unixtime unix zeit"
          + " datumzeit datumundzeit uhrzeit heure hora ora czas tijd время датавремя dataora"
          + " fechahora datahora dateheure 时间 時間 時刻 日時"),
  /** A date without time of day, when there is a column of times, too. */
  DATE("date datum fecha data day dtyyyymmdd yyyymmdd tradedate tradingday дата 日期 日付"),
  /** First price. */
  OPEN(
      "open o openprice priceopen opening first eroffnung eroffnungskurs erster apertura ouverture"
          + " ouv abertura otwarcie открытие откр 开盘 開盤 始値"),
  /** Highest price. */
  HIGH(
      "high h highprice pricehigh max maximum highest hoch hochst tageshoch maximo alto haut"
          + " plushaut massimo maxima najwyzszy hoog максимум макс 最高 高値"),
  /** Lowest price. */
  LOW(
      "low l lowprice pricelow min minimum lowest tief tiefst tagestief minimo bajo bas plusbas"
          + " minima najnizszy laag минимум мин 最低 安値"),
  /** Last price. */
  CLOSE(
      "close c closeprice priceclose closing schluss schlusskurs cierre cloture fermeture"
          + " chiusura fechamento zamkniecie slot закрытие закр 收盘 收盤 終値"),
  /** How much was traded, or how many ticks there were. */
  VOLUME("volume vol v tickvolume tickvol tickqty volumen wolumen объем 成交量 出来高"),
  /** First bid. */
  BID_OPEN("bidopen openbid bido obid"),
  /** Highest bid. */
  BID_HIGH("bidhigh highbid bidh hbid"),
  /** Lowest bid. */
  BID_LOW("bidlow lowbid bidl lbid"),
  /** Last bid. */
  BID_CLOSE("bidclose closebid bidc cbid"),
  /** First ask. */
  ASK_OPEN("askopen openask asko oask"),
  /** Highest ask. */
  ASK_HIGH("askhigh highask askh hask"),
  /** Lowest ask. */
  ASK_LOW("asklow lowask askl lask"),
  /** Last ask. */
  ASK_CLOSE("askclose closeask askc cask"),
  /** A tick's bid, or the bid at a bar's end. */
  BID("bid bidprice pricebid b bidrate"),
  /** A tick's ask, or the ask at a bar's end. */
  ASK("ask askprice priceask a askrate offer"),
  /** A tick's volume on the bid's side. */
  BID_VOLUME("bidvolume bidvol bidsize"),
  /** The pair of a line, where a file has several. */
  SYMBOL("symbol ticker pair instrument ccypair currencypair epic ric"),
  /** Whether the bar has ended. */
  COMPLETE("complete iscomplete");

  private static final Pattern BRACKETS = Pattern.compile("\\([^)]*\\)");
  private static final Pattern MARKS = Pattern.compile("[^\\p{L}\\p{N}]");
  private static final Pattern ACCENTS = Pattern.compile("\\p{M}");

  private final List<String> names;

  Column(String names) {
    this.names = List.of(names.split(" "));
  }

  /** Returns what a header calls by this name, null when that is nothing of a bar. */
  static Column of(String header) {
    String plain = plain(header);
    return Arrays.stream(values())
        .filter(column -> column.names.contains(plain))
        .findFirst()
        .orElse(null);
  }

  /** Returns a header's name without what does not tell one from another. */
  static String plain(String header) {
    String inside =
        header.strip().startsWith("(") ? header : BRACKETS.matcher(header).replaceAll("");
    String lower = inside.toLowerCase(Locale.ROOT).replace("ł", "l");
    String letters =
        ACCENTS.matcher(Normalizer.normalize(lower, Normalizer.Form.NFD)).replaceAll("");
    return MARKS.matcher(letters).replaceAll("");
  }

  /** Returns the name that the command line has for it. */
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns what a person names: {@code time=datetime,open=2}.
   *
   * @throws Failure when it is not understood
   */
  public static Map<Column, String> parse(String text) {
    Map<Column, String> columns = new EnumMap<>(Column.class);
    if (text == null) {
      return columns;
    }
    for (String part : text.split(",")) {
      int sign = part.indexOf('=');
      Column column = sign < 0 ? null : titled(part.substring(0, sign).strip());
      if (column == null || part.substring(sign + 1).isBlank()) {
        throw new Failure(
            ExitCode.USAGE,
            "--columns %s is not understood".formatted(Printable.quoted(part)),
            "name a column and what the file calls it, or its number from 1, such as"
                + " time=datetime,open=2; columns are "
                + Arrays.stream(values()).map(Column::title).collect(Collectors.joining(", ")));
      }
      columns.put(column, part.substring(sign + 1).strip());
    }
    return columns;
  }

  private static Column titled(String title) {
    return Arrays.stream(values())
        .filter(column -> column.title().equalsIgnoreCase(title))
        .findFirst()
        .orElse(null);
  }
}
