package org.bqx.imports;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;

/**
 * The clock that wrote a file's times: a zone, or a clock that keeps a fixed distance from one.
 * Retail platforms keep such clocks: a MetaTrader server shows New York plus seven hours, so that
 * its day ends with New York's; HistData shows London minus five.
 *
 * <p>Not thread-safe: it remembers the offset of the last quarter of an hour, in which no zone
 * changes its clocks.
 */
public final class Zone {
  private static final long QUARTER = 900;
  private static final Pattern SHIFTED = Pattern.compile("(.+[^0-9])([+-]\\d{1,2})(?::?(\\d{2}))?");

  private static final Map<String, String> AMBIGUOUS =
      Map.ofEntries(
          Map.entry("EST", "-05:00 (all year), America/New_York or histdata"),
          Map.entry("EDT", "-04:00 (all year) or America/New_York"),
          Map.entry("ET", "America/New_York or -05:00 (all year)"),
          Map.entry("CST", "-06:00 (all year), America/Chicago or Asia/Shanghai"),
          Map.entry("CDT", "-05:00 (all year) or America/Chicago"),
          Map.entry("MST", "-07:00 (all year) or America/Denver"),
          Map.entry("MDT", "-06:00 (all year) or America/Denver"),
          Map.entry("PST", "-08:00 (all year) or America/Los_Angeles"),
          Map.entry("PDT", "-07:00 (all year) or America/Los_Angeles"),
          Map.entry("BST", "+01:00 (all year) or Europe/London"),
          Map.entry("IST", "Asia/Kolkata, Asia/Jerusalem or Europe/Dublin"),
          Map.entry("CEST", "+02:00 (all year) or Europe/Berlin"),
          Map.entry("EEST", "+03:00 (all year) or Europe/Athens"),
          Map.entry("AEST", "+10:00 (all year) or Australia/Sydney"),
          Map.entry("AEDT", "+11:00 (all year) or Australia/Sydney"),
          Map.entry("NZST", "+12:00 (all year) or Pacific/Auckland"),
          Map.entry("NZDT", "+13:00 (all year) or Pacific/Auckland"),
          Map.entry("SGT", "Asia/Singapore"),
          Map.entry("HKT", "Asia/Hong_Kong"),
          Map.entry("MT4", "metatrader, or your broker's, such as Europe/Athens"),
          Map.entry("MT5", "metatrader, or your broker's, such as Europe/Athens"));

  /**
   * A clock and when it begins to hold.
   *
   * @param from seconds since 1970-01-01 on that clock
   * @param rules the zone
   * @param shift seconds that the clock is ahead of the zone
   */
  private record Clock(long from, ZoneRules rules, long shift) {}

  private final String name;
  private final List<Clock> clocks;
  private long quarter = Long.MIN_VALUE;
  private long offset;

  private Zone(String name, List<Clock> clocks) {
    this.name = name;
    this.clocks = clocks;
  }

  /** Coordinated Universal Time. */
  public static Zone utc() {
    return single("utc", ZoneOffset.UTC, 0);
  }

  /**
   * HistData's clock as measured on every Friday's close, which is not the one its pages name: New
   * York until 2018, London minus five hours from 2019.
   */
  public static Zone histData() {
    long from2019 = LocalDateTime.of(2019, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);
    return new Zone(
        "histdata",
        List.of(
            new Clock(from2019, ZoneId.of("Europe/London").getRules(), -5 * 3600),
            new Clock(Long.MIN_VALUE, ZoneId.of("America/New_York").getRules(), 0)));
  }

  /** UTC-5 all the year, which QuantConnect calls EST for FXCM's data. */
  public static Zone fixedEst() {
    return single("-05:00", ZoneOffset.ofHours(-5), 0);
  }

  /** The clock of most MetaTrader servers: UTC+2, and UTC+3 while New York has summer time. */
  public static Zone metaTrader() {
    return single("America/New_York+7", ZoneId.of("America/New_York"), 7 * 3600);
  }

  /**
   * Returns what a person names: {@code utc}, {@code histdata}, {@code metatrader}, a zone of the
   * IANA, a fixed offset ({@code +02:00}), or a zone and the hours a clock is ahead of it ({@code
   * America/New_York+7}).
   *
   * @throws Failure when there is no such zone
   */
  public static Zone parse(String name) {
    switch (name.toLowerCase(Locale.ROOT)) {
      case "utc", "gmt", "z":
        return utc();
      case "eet":
        // As the IANA has it: with Europe's summer time.
        return single("EET", ZoneId.of("EET"), 0);
      case "cet", "met":
        return single("CET", ZoneId.of("CET"), 0);
      case "jst":
        return single("Asia/Tokyo", ZoneId.of("Asia/Tokyo"), 0);
      case "histdata":
        return histData();
      case "metatrader":
        return metaTrader();
      default:
        refuseAmbiguous(name);
        break;
    }
    try {
      return single(name, ZoneId.of(name), 0);
    } catch (DateTimeException notOneZone) {
      Matcher shifted = SHIFTED.matcher(name);
      if (shifted.matches()) {
        return shifted(name, shifted, notOneZone);
      }
      throw unknown(name, notOneZone);
    }
  }

  /** Abbreviations that vendors and people use for a clock with summer time and one without. */
  private static void refuseAmbiguous(String name) {
    String choice = AMBIGUOUS.get(name.toUpperCase(Locale.ROOT));
    if (choice != null) {
      throw new Failure(
          ExitCode.USAGE,
          "zone %s can be several clocks".formatted(Printable.quoted(name)),
          "name the one that is meant: --zone " + choice);
    }
  }

  private static Zone shifted(String name, Matcher parts, DateTimeException notOneZone) {
    try {
      int hours = Integer.parseInt(parts.group(2));
      int minutes = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
      Duration shift =
          Duration.ofHours(hours).plusMinutes(parts.group(2).startsWith("-") ? -minutes : minutes);
      if (Math.abs(hours) <= 18 && minutes < 60) {
        return single(name, ZoneId.of(parts.group(1)), shift.toSeconds());
      }
    } catch (DateTimeException unknown) {
      notOneZone.addSuppressed(unknown);
    }
    throw unknown(name, notOneZone);
  }

  private static Failure unknown(String name, DateTimeException cause) {
    return new Failure(
        ExitCode.USAGE,
        "zone %s is not known".formatted(Printable.quoted(name)),
        "name utc, histdata, metatrader, a zone such as Europe/Athens, an offset such as +02:00,"
            + " or both, such as America/New_York+7",
        cause);
  }

  private static Zone single(String name, ZoneId zone, long shift) {
    return new Zone(name, List.of(new Clock(Long.MIN_VALUE, zone.getRules(), shift)));
  }

  /** Returns the name it was made by. */
  public String name() {
    return name;
  }

  /**
   * Returns the moment at which the clock showed a time.
   *
   * @param local seconds since 1970-01-01 on the clock
   * @return seconds since 1970-01-01 UTC
   * @throws DefectException when the clock showed it twice, or never
   */
  long toEpochSecond(long local) throws DefectException {
    long wanted = Math.floorDiv(local, QUARTER);
    if (wanted != quarter) {
      offset = offset(local);
      quarter = wanted;
    }
    return local - offset;
  }

  private long offset(long local) throws DefectException {
    Clock clock = clocks.stream().filter(c -> local >= c.from()).findFirst().orElseThrow();
    LocalDateTime time = LocalDateTime.ofEpochSecond(local - clock.shift(), 0, ZoneOffset.UTC);
    List<ZoneOffset> offsets = clock.rules().getValidOffsets(time);
    if (offsets.size() == 1) {
      return clock.shift() + offsets.get(0).getTotalSeconds();
    }
    throw new DefectException(
        "time %s %s in zone %s: the clocks change"
            .formatted(
                LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC),
                offsets.isEmpty() ? "does not exist" : "occurs twice",
                name));
  }
}
