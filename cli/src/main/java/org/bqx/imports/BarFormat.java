package org.bqx.imports;

import java.io.IOException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;

/** The layouts that vendors give files of bars; the first that recognizes a file reads it. */
public enum BarFormat {
  /** Parquet, whose columns are told as those of any table. */
  PARQUET(source -> null, BarSource::isParquet, (source, zone, pair) -> null),
  /** HistData, Generic ASCII: told from {@link #NINJATRADER} by its name or volumes all 0. */
  HISTDATA_ASCII(
      source -> Zone.histData(),
      source -> Semicolons.is(source) && Semicolons.isHistData(source),
      (source, zone, pair) -> new HistDataAsciiReader(source.in(), zone)),
  /** HistData's ticks. */
  HISTDATA_TICKS(
      source -> Zone.histData(),
      begins("\\d{8} \\d{9},"),
      (source, zone, pair) -> new MinuteBars(new HistDataTickReader(source.in(), zone))),
  /** HistData, MetaStock: told by its name. */
  HISTDATA_MS(
      source -> Zone.histData(),
      source ->
          source.name().toLowerCase(Locale.ROOT).startsWith("dat_ms_")
              && begins("[A-Z]{6},\\d{12},").test(source),
      (source, zone, pair) -> new TableReader(source.in(), MetaStock.LAYOUT, zone, pair)),
  /** NinjaTrader's export, whose times are the bars' ends: like HistData's, so never guessed. */
  NINJATRADER(
      source -> Zone.utc(),
      source -> false,
      (source, zone, pair) -> new HistDataAsciiReader(source.in(), zone)),
  /** HistData, MetaTrader: told from {@link #MT4} by its name or by volumes that are all 0. */
  HISTDATA_MT(
      source -> Zone.histData(),
      source -> Dotted.is(source) && (Dotted.isNamedHistData(source) || Dotted.hasNoVolume(source)),
      (source, zone, pair) -> new DottedReader(source.in(), zone)),
  /** MetaTrader 4. */
  MT4(
      source -> Zone.metaTrader(),
      Dotted::is,
      (source, zone, pair) -> new DottedReader(source.in(), zone)),
  /** MetaTrader 5. */
  MT5(
      source -> Zone.metaTrader(),
      source -> source.head().first().startsWith("<DATE>\t<TIME>\t<OPEN>"),
      (source, zone, pair) -> new MetaTrader5Reader(source.in(), zone)),
  /** Dukascopy's web export, of minutes or of seconds. */
  DUKASCOPY(
      BarFormat::dukascopyZone,
      source ->
          begins("\\d\\d\\.\\d\\d\\.\\d{4} \\d\\d:\\d\\d:\\d\\d[^,;]*,").test(source)
              && firstIs("((gmt|local) time,open,high,low,close,volume.*)?|\\d.*").test(source),
      (source, zone, pair) -> {
        boolean seconds = hasSeconds(source.head());
        BarReader reader = new DukascopyReader(source.in(), zone);
        return seconds ? new MinuteBars(reader) : reader;
      }),
  /** Dukascopy's candles of one minute, and its ticks, as its servers have them. */
  DUKASCOPY_BI5(
      source -> Zone.utc(),
      source -> source.name().toLowerCase(Locale.ROOT).endsWith(".bi5"),
      (source, zone, pair) -> bi5(source, pair)),
  /** dukascopy-node, times in milliseconds. */
  DUKASCOPY_NODE(
      source -> Zone.utc(),
      source ->
          firstIs("timestamp,open,high,low,close(,volume)?").test(source)
              && begins("\\d{12,13},").test(source),
      (source, zone, pair) -> {
        boolean seconds = NodeTimes.hasSeconds(source.head());
        BarReader reader = new DukascopyNodeReader(source.in());
        return seconds ? new MinuteBars(reader) : reader;
      }),
  /** Oanda's v20 candles as CSV. */
  OANDA(
      source -> Zone.utc(),
      source ->
          begins("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z,").test(source)
              && Iso.is(source),
      (source, zone, pair) -> new IsoReader(source.in(), zone)),
  /** nautilus. */
  NAUTILUS(
      source -> Zone.utc(),
      source ->
          source.head().first().startsWith("timestamp,")
              && begins("\\d{4}-\\d\\d-\\d\\d ").test(source)
              && Iso.is(source),
      (source, zone, pair) -> new IsoReader(source.in(), zone)),
  /** QuantConnect Lean's bars of one minute: quotes, or trades. */
  LEAN(
      BarFormat::leanZone,
      source ->
          begins("\\d{1,8}(,[^,]*){10}$").test(source)
              || source.name().matches("\\d{8}_.*minute.*trade\\.csv")
                  && begins("\\d{1,8}(,[^,]*){4,5}$").test(source),
      (source, zone, pair) -> new LeanReader(source.in(), day(source), zone)),
  /** TrueFX ticks. */
  TRUEFX(
      source -> Zone.utc(),
      begins("[A-Z]{3}/[A-Z]{3},\\d{8} \\d\\d:\\d\\d:\\d\\d\\.\\d{3},"),
      (source, zone, pair) -> new MinuteBars(new TrueFxReader(source.in(), pair, zone))),
  /** ISO-8601 times, header or not. */
  ISO(source -> Zone.utc(), Iso::is, (source, zone, pair) -> new IsoReader(source.in(), zone)),
  /** Any other table: its columns are told by their names, or by a person. */
  CSV(source -> null, source -> false, (source, zone, pair) -> null);

  /** Makes the reader of an opened file. */
  private interface Opener {
    BarReader open(BarSource source, Zone zone, String pair) throws IOException;
  }

  /** What tells the two formats apart that look alike. */
  private static final class Dotted {
    private static final Pattern LINE = Pattern.compile("\\d{4}\\.\\d\\d\\.\\d\\d,\\d\\d:\\d\\d");
    private static final Pattern FIRST = Pattern.compile("[^\\p{L}]*");

    static boolean is(BarSource source) {
      return source.head().hasLine(LINE)
          && (FIRST.matcher(source.head().first()).matches()
              || LINE.matcher(source.head().first()).lookingAt());
    }

    static boolean isNamedHistData(BarSource source) {
      return source.name().toLowerCase(Locale.ROOT).startsWith("dat_mt_");
    }

    static boolean hasNoVolume(BarSource source) {
      return volumesAreZero(source, LINE, ",0");
    }
  }

  /** HistData's and NinjaTrader's bars look alike, and mean other minutes. */
  private static final class Semicolons {
    private static final Pattern LINE = Pattern.compile("\\d{8} \\d{6};");

    /** A header is neither's. */
    static boolean is(BarSource source) {
      return source.head().hasLine(LINE)
          && source.head().lines().stream()
              .filter(line -> !LINE.matcher(line).lookingAt())
              .flatMap(line -> Arrays.stream(line.split(";")))
              .allMatch(name -> Column.of(name) == null);
    }

    static boolean isHistData(BarSource source) {
      return source.name().toLowerCase(Locale.ROOT).startsWith("dat_ascii_")
          || volumesAreZero(source, LINE, ";0");
    }
  }

  /** The plainest of tables; what has more to it is read by its columns. */
  private static final class Iso {
    private static final Set<String> NAMES =
        Set.of("time", "timestamp", "open", "high", "low", "close", "volume", "spread", "complete");
    private static final List<String> NEEDED = List.of("open", "high", "low", "close");
    private static final String TIME =
        "\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:?\\d\\d)?";
    private static final Pattern LINE = Pattern.compile("(.*,)?" + TIME + ",[^\"$€£¥;|\t]*");
    private static final Pattern BARE = Pattern.compile(TIME + "(,-?[\\d.]+){4}(,[\\d.eE+-]*)?");

    static boolean is(BarSource source) {
      List<String> lines = source.head().lines();
      if (lines.isEmpty()) {
        return false;
      }
      String first = lines.get(0);
      List<String> names = List.of(first.toLowerCase(Locale.ROOT).split(",", -1));
      boolean header = names.stream().anyMatch(NEEDED::contains);
      if (header) {
        return NAMES.containsAll(names)
            && names.containsAll(NEEDED)
            && names.contains("time") != names.contains("timestamp")
            && lines.subList(1, lines.size()).stream().noneMatch(line -> line.equals(first))
            && (lines.size() == 1 || share(lines.subList(1, lines.size()), LINE));
      }
      return BARE.matcher(first).matches() && share(lines, BARE) && isOrdered(lines);
    }

    /** Returns whether most lines are of this form: a bad one among them is still a bad line. */
    private static boolean share(List<String> lines, Pattern form) {
      long matching = lines.stream().filter(line -> form.matcher(line).matches()).count();
      return matching * 2 >= lines.size() && matching > 0;
    }

    /** Returns whether the second price is the highest and the third the lowest of most lines. */
    private static boolean isOrdered(List<String> lines) {
      int wrong = 0;
      int bars = 0;
      for (String line : lines) {
        if (BARE.matcher(line).matches()) {
          double[] prices =
              Arrays.stream(line.split(",")).skip(1).limit(4).mapToDouble(Iso::number).toArray();
          bars++;
          wrong +=
              prices[1] < Math.max(prices[0], prices[3])
                      || prices[2] > Math.min(prices[0], prices[3])
                  ? 1
                  : 0;
        }
      }
      return wrong * 2 <= bars;
    }

    private static double number(String text) {
      try {
        return Decimal.parse("price", text);
      } catch (DefectException bad) {
        return Double.NaN;
      }
    }
  }

  /** dukascopy-node writes seconds, too. */
  private static final class NodeTimes {
    static boolean hasSeconds(Head head) {
      return BarFormat.hasSeconds(head, line -> Long.parseLong(line) / 1000);
    }
  }

  /** HistData's columns for MetaStock. */
  private static final class MetaStock {
    static final Layout LAYOUT =
        new Layout(
            ',',
            Numbers.PLAIN,
            Numbers.PLAIN,
            new EnumMap<>(
                Map.of(
                    Column.SYMBOL, 0,
                    Column.TIME, 1,
                    Column.OPEN, 2,
                    Column.HIGH, 3,
                    Column.LOW, 4,
                    Column.CLOSE, 5,
                    Column.VOLUME, 6)),
            -1,
            null,
            Set.of(),
            List.of(),
            null,
            false,
            false,
            false,
            false);
  }

  private static final Pattern HOUR = Pattern.compile("(\\d\\d)h_ticks\\.bi5");

  private final Function<BarSource, Zone> zone;
  private final Predicate<BarSource> recognizer;
  private final Opener opener;

  BarFormat(Function<BarSource, Zone> zone, Predicate<BarSource> recognizer, Opener opener) {
    this.zone = zone;
    this.recognizer = recognizer;
    this.opener = opener;
  }

  /** Returns the name that the command line has for it. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the format of a title. */
  public static BarFormat of(String title) {
    return Arrays.stream(values())
        .filter(format -> format.title().equalsIgnoreCase(title))
        .findFirst()
        .orElseThrow(
            () ->
                new Failure(
                    ExitCode.USAGE,
                    "format %s is not known".formatted(Printable.quoted(title)),
                    "name auto or one of " + titles()));
  }

  /**
   * Returns the format that recognizes a file; an empty file is of any.
   *
   * @throws Failure when none does, or two read it in different ways
   */
  public static BarFormat detect(BarSource source) {
    for (BarFormat format : values()) {
      if (format.recognizer.test(source)) {
        return format;
      }
    }
    if (Semicolons.is(source)) {
      throw new Failure(
          ExitCode.USAGE,
          "cannot tell the format of %s: HistData's times are the bars' begin in its own clock,"
                  .formatted(Printable.of(source.text()))
              + " NinjaTrader's their end in UTC",
          "name it: --format histdata-ascii or --format ninjatrader; --stamp open or close and"
              + " --zone where it is neither");
    }
    return CSV;
  }

  /** Returns whether the vendor's usual zone is but what most files have. */
  private boolean isZoneGuess() {
    return this == MT4 || this == MT5;
  }

  /** Returns whether the vendor writes a flat bar without volume where nobody traded. */
  private boolean fillsClosedHours() {
    return this == DUKASCOPY || this == DUKASCOPY_BI5 || this == DUKASCOPY_NODE;
  }

  /**
   * Returns a reader; closing it closes the source.
   *
   * @param settings what a person says of the file
   * @param pairs the pairs there are
   * @throws IOException when the file cannot be read, or lacks what the format needs
   * @throws Failure when it does not tell what is needed, or can be read in two ways
   */
  public Opened open(BarSource source, ReadSettings settings, Collection<String> pairs)
      throws IOException {
    if (source.isParquet() != (this == PARQUET)) {
      throw new Failure(
          ExitCode.USAGE,
          "cannot read %s as %s: it is %s Parquet file"
              .formatted(Printable.of(source.text()), title(), source.isParquet() ? "a" : "no"),
          "leave --format out");
    }
    return this == CSV || this == PARQUET
        ? openTable(source, settings, pairs)
        : openVendor(source, settings, pairs);
  }

  private Opened openVendor(BarSource source, ReadSettings settings, Collection<String> pairs)
      throws IOException {
    Zone of = settings.zone() == null ? zone.apply(source) : settings.zone();
    if (of == null) {
      throw new Failure(
          ExitCode.USAGE,
          "the clock of %s is not known: format %s has several, and nothing names this one"
              .formatted(Printable.of(source.text()), title()),
          "name it: --zone utc, or --zone -05:00 (FXCM's), or another");
    }
    String pair = settings.pair() == null ? source.pair(pairs) : settings.pair();
    String understood =
        settings.zone() == null && isZoneGuess()
            ? "times taken as %s, the clock of most MetaTrader servers; --zone names another"
                .formatted(of.name())
            : null;
    StampAt usual = this == NINJATRADER ? StampAt.CLOSE : StampAt.OPEN;
    boolean bothSides = this == LEAN || this == TRUEFX || this == HISTDATA_TICKS;
    Side side = side(source, settings, bothSides);
    BarReader reader = adjusted(opener.open(source, of, pair), settings, usual, side);
    return new Opened(reader, pair, of.name(), side, understood);
  }

  private Opened openTable(BarSource source, ReadSettings settings, Collection<String> pairs)
      throws IOException {
    if (source.head().first().matches("\\s*[\\[{].*")) {
      throw new Failure(
          ExitCode.USAGE,
          "cannot read %s: it is JSON".formatted(Printable.of(source.text())),
          "save it as CSV: time,open,high,low,close,volume");
    }
    Layout layout = LayoutFinder.find(source, settings);
    if (layout == null) {
      throw new Failure(
          ExitCode.USAGE,
          "cannot tell the format of %s: it begins with %s"
              .formatted(
                  Printable.of(source.text()), Printable.quoted(shortened(source.head().first()))),
          "name its columns: --columns time=1,open=2,high=3,low=4,close=5; or its format: --format"
              + " with one of "
              + titles());
    }
    String pair = settings.pair();
    if (pair == null && !layout.has(Column.SYMBOL)) {
      pair = source.pair(pairs);
    }
    Zone of = settings.zone();
    String zoneText = of == null ? null : of.name();
    if (of == null) {
      of = layout.zone() == null ? Zone.utc() : layout.zone();
      String from = layout.zoneGuess() ? " (assumed: the clock of most MetaTrader servers)" : "";
      zoneText = layout.zone() == null ? "utc (assumed)" : of.name() + from;
    }
    if (layout.zoneFree()) {
      zoneText = "in the line";
    }
    boolean bothSides = layout.has(Column.BID_CLOSE) || layout.has(Column.BID);
    Side side =
        layout.isAskAlone() && settings.side() == null
            ? Side.ASK
            : side(source, settings, bothSides);
    BarReader reader = new TableReader(source.in(), layout, of, pair);
    if (layout.isTicks() || layout.seconds()) {
      reader = new MinuteBars(reader);
    }
    return new Opened(
        adjusted(reader, settings, StampAt.OPEN, side),
        pair,
        zoneText,
        side,
        layout.describe(zoneText, !source.isParquet()));
  }

  private BarReader adjusted(BarReader reader, ReadSettings settings, StampAt usual, Side side) {
    StampAt stamp = settings.stamp() == null ? usual : settings.stamp();
    return new AdjustedReader(reader, stamp, side, fillsClosedHours());
  }

  private static Side side(BarSource source, ReadSettings settings, boolean bothSides) {
    if (settings.side() != null) {
      return settings.side();
    }
    return bothSides ? Side.NONE : source.side();
  }

  private static BarReader bi5(BarSource source, String pair) throws IOException {
    String name = source.name().toLowerCase(Locale.ROOT);
    Matcher hour = HOUR.matcher(name);
    if (hour.find()) {
      double points = DukascopyCandlesReader.pointsPerUnit(pair);
      int of = Integer.parseInt(hour.group(1));
      return new MinuteBars(new DukascopyTicksReader(source.in(), day(source), of, points));
    }
    if (!name.contains("candles_min_1.")) {
      throw new IOException(
          "of Dukascopy's .bi5 files only candles_min_1 and ticks make one-minute bars");
    }
    double points = DukascopyCandlesReader.pointsPerUnit(pair);
    return new DukascopyCandlesReader(source.in(), day(source), points);
  }

  /** QuantConnect's data is of several brokers, each with its own clock; the path names them. */
  private static Zone leanZone(BarSource source) {
    String names = source.names().all().toLowerCase(Locale.ROOT);
    boolean oanda = hasWord(names, "oanda");
    boolean fxcm = hasWord(names, "fxcm");
    if (oanda == fxcm) {
      return null;
    }
    return oanda ? Zone.utc() : Zone.fixedEst();
  }

  private static boolean hasWord(String text, String word) {
    return Pattern.compile("(?<![a-z0-9])" + word + "(?![a-z0-9])").matcher(text).find();
  }

  private static Zone dukascopyZone(BarSource source) {
    boolean local = source.head().first().toLowerCase(Locale.ROOT).startsWith("local time");
    boolean named = source.head().lines().stream().anyMatch(line -> line.contains(" GMT"));
    return local && !named ? null : Zone.utc();
  }

  private static String titles() {
    return Arrays.stream(values()).map(BarFormat::title).collect(Collectors.joining(", "));
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  private static Predicate<BarSource> begins(String pattern) {
    Pattern begin = Pattern.compile(pattern);
    return source -> source.head().hasLine(begin);
  }

  private static Predicate<BarSource> firstIs(String pattern) {
    Pattern first = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
    return source -> first.matcher(source.head().first()).matches();
  }

  private static boolean volumesAreZero(BarSource source, Pattern line, String zero) {
    return source.head().lines().stream()
        .filter(text -> line.matcher(text).lookingAt())
        .allMatch(text -> text.endsWith(zero));
  }

  private static LocalDate day(BarSource source) throws IOException {
    LocalDate day = source.day();
    if (day == null) {
      throw new IOException("its name has no day, such as 20240705, and its lines have none");
    }
    return day;
  }

  private static boolean hasSeconds(Head head) {
    Zone utc = Zone.utc();
    return hasSeconds(head, text -> DukascopyReader.time(text, utc));
  }

  /** Reads the time at the begin of a line. */
  private interface TimeOf {
    long read(String text) throws DefectException;
  }

  /** Returns whether most lines follow the one before in less than a minute. */
  private static boolean hasSeconds(Head head, TimeOf timeOf) {
    int close = 0;
    int pairs = 0;
    long before = Long.MIN_VALUE;
    for (String line : head.lines()) {
      try {
        long time = timeOf.read(line.split(",", 2)[0]);
        if (before != Long.MIN_VALUE) {
          pairs++;
          close += time > before && time - before < 60 ? 1 : 0;
        }
        before = time;
      } catch (DefectException | NumberFormatException notTime) {
        before = Long.MIN_VALUE;
      }
    }
    return 2 * close > pairs;
  }
}
