package org.bqx.imports;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;

/** The layouts that vendors give files of bars; the first that recognizes a file reads it. */
public enum BarFormat {
  /** HistData, Generic ASCII. */
  HISTDATA_ASCII(
      Zone::histData,
      begins("\\d{8} \\d{6};"),
      (source, zone, pair) -> new HistDataAsciiReader(source.in(), zone)),
  /** HistData, MetaTrader: told from {@link #MT4} by its name or by volumes that are all 0. */
  HISTDATA_MT(
      Zone::histData,
      source -> Dotted.is(source) && (Dotted.isNamedHistData(source) || Dotted.hasNoVolume(source)),
      (source, zone, pair) -> new DottedReader(source.in(), zone)),
  /** MetaTrader 4. */
  MT4(Zone::metaTrader, Dotted::is, (source, zone, pair) -> new DottedReader(source.in(), zone)),
  /** MetaTrader 5. */
  MT5(
      Zone::metaTrader,
      source -> source.head().first().startsWith("<DATE>\t<TIME>"),
      (source, zone, pair) -> new MetaTrader5Reader(source.in(), zone)),
  /** Dukascopy's web export, of minutes or of seconds. */
  DUKASCOPY(
      Zone::utc,
      begins("\\d\\d\\.\\d\\d\\.\\d{4} \\d\\d:\\d\\d:\\d\\d"),
      (source, zone, pair) -> {
        boolean seconds = hasSeconds(source.head());
        BarReader reader = new DukascopyReader(source.in(), zone);
        return seconds ? new MinuteBars(reader) : reader;
      }),
  /** Dukascopy's candles of one minute as its servers have them. */
  DUKASCOPY_BI5(
      Zone::utc,
      source -> source.name().toLowerCase(Locale.ROOT).endsWith(".bi5"),
      (source, zone, pair) -> {
        String name = source.name().toLowerCase(Locale.ROOT);
        if (!name.contains("candles_min_1.")) {
          throw new IOException(
              "of Dukascopy's .bi5 files only candles_min_1 hold one-minute bars");
        }
        return new DukascopyCandlesReader(source.in(), day(source), pair);
      }),
  /** dukascopy-node, times in milliseconds. */
  DUKASCOPY_NODE(
      Zone::utc,
      source ->
          source.head().first().startsWith("timestamp,") && begins("\\d{10,14},").test(source),
      (source, zone, pair) -> new DukascopyNodeReader(source.in())),
  /** Oanda's v20 candles as CSV. */
  OANDA(
      Zone::utc,
      begins("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z,"),
      (source, zone, pair) -> new IsoReader(source.in(), zone)),
  /** nautilus. */
  NAUTILUS(
      Zone::utc,
      source ->
          source.head().first().startsWith("timestamp,")
              && begins("\\d{4}-\\d\\d-\\d\\d ").test(source),
      (source, zone, pair) -> new IsoReader(source.in(), zone)),
  /** QuantConnect Lean's quote bars of one minute. */
  LEAN(
      Zone::utc,
      source -> begins("\\d{1,8}(,[^,]*){10}$").test(source),
      (source, zone, pair) -> new LeanReader(source.in(), day(source), zone)),
  /** TrueFX ticks. */
  TRUEFX(
      Zone::utc,
      begins("[A-Z]{3}/[A-Z]{3},\\d{8} "),
      (source, zone, pair) -> new MinuteBars(new TrueFxReader(source.in(), pair, zone))),
  /** ISO-8601 times, header or not. */
  ISO(
      Zone::utc,
      source ->
          begins("\\d{4}-\\d\\d-\\d\\d[T ]").test(source)
              || Pattern.compile("(?i)(.*,)?\\s*time(stamp)?\\s*(,.*)?")
                  .matcher(source.head().first())
                  .matches(),
      (source, zone, pair) -> new IsoReader(source.in(), zone));

  /** Makes the reader of an opened file. */
  private interface Opener {
    BarReader open(BarSource source, Zone zone, String pair) throws IOException;
  }

  /** What tells the two formats apart that look alike. */
  private static final class Dotted {
    private static final Pattern LINE = Pattern.compile("\\d{4}\\.\\d\\d\\.\\d\\d,\\d\\d:\\d\\d");

    static boolean is(BarSource source) {
      return source.head().hasLine(LINE);
    }

    static boolean isNamedHistData(BarSource source) {
      return source.name().toLowerCase(Locale.ROOT).startsWith("dat_mt_");
    }

    static boolean hasNoVolume(BarSource source) {
      List<String> lines =
          source.head().lines().stream().filter(line -> LINE.matcher(line).lookingAt()).toList();
      return lines.stream().allMatch(line -> line.endsWith(",0"));
    }
  }

  private final Supplier<Zone> zone;
  private final Predicate<BarSource> recognizer;
  private final Opener opener;

  BarFormat(Supplier<Zone> zone, Predicate<BarSource> recognizer, Opener opener) {
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

  /** Returns the format that recognizes a file; an empty file is of any. */
  public static BarFormat detect(BarSource source) {
    for (BarFormat format : values()) {
      if (format.recognizer.test(source)) {
        return format;
      }
    }
    if (source.head().first().isEmpty()) {
      return ISO;
    }
    throw new Failure(
        ExitCode.USAGE,
        "cannot tell the format of %s: it begins with %s"
            .formatted(Printable.of(source.name()), Printable.quoted(source.head().first())),
        "name it: --format with one of " + titles());
  }

  /** Returns the zone of the times where nobody names one. */
  public Zone usualZone() {
    return zone.get();
  }

  /** Returns whether {@link #usualZone} is but what most files have. */
  public boolean isZoneGuess() {
    return this == MT4 || this == MT5;
  }

  /**
   * Returns a reader; closing it closes the source.
   *
   * @throws IOException when the file cannot be read, or lacks what the format needs
   */
  public BarReader open(BarSource source, Zone of, String pair) throws IOException {
    return opener.open(source, of, pair);
  }

  private static String titles() {
    return Arrays.stream(values()).map(BarFormat::title).collect(Collectors.joining(", "));
  }

  private static Predicate<BarSource> begins(String pattern) {
    Pattern begin = Pattern.compile(pattern);
    return source -> source.head().hasLine(begin);
  }

  private static java.time.LocalDate day(BarSource source) throws IOException {
    java.time.LocalDate day = source.day();
    if (day == null) {
      throw new IOException("its name has no day, such as 20240705, and its lines have none");
    }
    return day;
  }

  /** Returns whether most lines follow the one before in less than a minute. */
  private static boolean hasSeconds(Head head) {
    int close = 0;
    int pairs = 0;
    Zone utc = Zone.utc();
    long before = Long.MIN_VALUE;
    for (String line : head.lines()) {
      try {
        long time = DukascopyReader.time(line.split(",", 2)[0], utc);
        if (before != Long.MIN_VALUE) {
          pairs++;
          close += time > before && time - before < 60 ? 1 : 0;
        }
        before = time;
      } catch (DefectException notTime) {
        before = Long.MIN_VALUE;
      }
    }
    return 2 * close > pairs;
  }
}
