package org.bqx.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bqx.monitor.PartitionFact;
import org.bqx.partition.Partition;
import org.bqx.report.Report.Proof;
import org.bqx.terminal.Quantity;
import org.bqx.verify.Finding;
import org.bqx.verify.PartitionCheck;
import org.bqx.verify.VerifyOutcome;

/** What both forms of a report say in the same words. */
final class Texts {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final Pattern NUMBER = Pattern.compile("(?i)[-+]?\\d+(\\.\\d+)?(e[-+]?\\d{1,3})?");
  private static final int LONGEST_NUMBER = 40;
  private static final int DIGITS = 6;

  private Texts() {}

  static String time(Instant time) {
    return MINUTE.format(time);
  }

  /** Returns a number without fraction, {@code -} for null. */
  static String count(Number number) {
    return number == null ? "-" : String.format(Locale.ROOT, "%,.0f", number.doubleValue());
  }

  /** Returns a value with six decimals, {@code -} for null. */
  static String value(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.6f", value);
  }

  /** Returns a percentage rounded down: 100.0 is said of what is complete alone. */
  static String floor(double percent) {
    return String.format(Locale.ROOT, "%.1f", Math.floor(percent * 10) / 10);
  }

  /** Returns seconds as {@code 0.253 s}; {@code -} for null. */
  static String seconds(Double seconds) {
    return seconds == null ? "-" : String.format(Locale.ROOT, "%.3f s", seconds);
  }

  /** Returns minutes as {@code 45 minutes} or {@code 3:05 hours}. */
  static String minutes(long minutes) {
    return minutes < 120
        ? Quantity.of(minutes, "minute")
        : String.format(Locale.ROOT, "%,d:%02d hours", minutes / 60, minutes % 60);
  }

  /**
   * Returns a text for people: a number with six digits, or with as many as it takes to tell it
   * from another; what is no number as it is.
   */
  static String rounded(String text, String other) {
    BigDecimal number = number(text);
    if (number == null || number.scale() <= 0) {
      return text;
    }
    BigDecimal unlike = number(other);
    boolean differ = unlike != null && unlike.compareTo(number) != 0;
    for (int digits = DIGITS; digits < number.precision(); digits++) {
      BigDecimal shorter = number.round(new MathContext(digits));
      if (!differ || shorter.compareTo(unlike.round(new MathContext(digits))) != 0) {
        return shorter.toString();
      }
    }
    return text;
  }

  private static BigDecimal number(String text) {
    return text != null && text.length() <= LONGEST_NUMBER && NUMBER.matcher(text).matches()
        ? new BigDecimal(text)
        : null;
  }

  static String where(Finding finding) {
    String where =
        Stream.of(
                finding.family(),
                finding.pair(),
                finding.time() == null ? finding.month() : time(finding.time()))
            .filter(Objects::nonNull)
            .map(Object::toString)
            .collect(Collectors.joining(" "));
    return where.isEmpty() ? "all" : where;
  }

  /** Returns what was verified when and how, and what of the report it does not cover. */
  static List<String> verification(Report report) {
    VerifyOutcome outcome = report.verification();
    if (outcome == null) {
      return List.of(
          "Nothing here was checked against the bars. ./bqx report verifies unless told not to.");
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s, %s: every row and bar by rules, %s.",
            time(outcome.at()),
            outcome.server(),
            outcome.full()
                ? "and every row computed again and compared bit by bit"
                : Quantity.of(outcome.sample(), "row")
                    + " of each partition against the reference"));
    Map<Partition, PartitionCheck> checks = report.checks();
    long since = 0;
    long none = 0;
    for (PartitionFact partition : report.partitions()) {
      Proof proof = report.proof(partition, checks.get(Report.key(partition)));
      since += proof == Proof.COMPUTED_SINCE ? 1 : 0;
      none += proof == Proof.NONE && !Report.isLeftOut(partition) ? 1 : 0;
    }
    if (since > 0) {
      lines.add("Computed again since, and not verified: " + Quantity.of(since, "partition") + ".");
    }
    if (none > 0) {
      lines.add("Not part of it, but of this report: " + Quantity.of(none, "partition") + ".");
    }
    return lines;
  }
}
