package org.bqx.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
      none += proof == Proof.NONE ? 1 : 0;
    }
    if (since > 0) {
      lines.add("Computed again since, and not verified: " + Quantity.of(since, "partition") + ".");
    }
    if (none > 0) {
      lines.add("Not part of it, but of this report: " + Quantity.of(none, "partition") + ".");
    }
    return lines;
  }

  /** Returns names and values of all that is known of a partition. */
  static List<List<String>> facts(Report report, PartitionFact partition, PartitionCheck check) {
    List<List<String>> facts = new ArrayList<>();
    facts.add(List.of("partition", partition.name()));
    facts.add(List.of("state", partition.state().toString()));
    if (partition.reason() != null) {
      facts.add(List.of("reason", partition.reason()));
    }
    facts.add(List.of("bars", count(partition.bars())));
    facts.add(List.of("rows", count(partition.rows())));
    if (partition.finishedAt() != null) {
      facts.add(List.of("computed", time(partition.finishedAt())));
      Double seconds = Report.seconds(partition);
      facts.add(
          List.of("took", seconds == null ? "-" : String.format(Locale.ROOT, "%.3f s", seconds)));
      facts.add(List.of("rows/s", count(Report.rowsPerSecond(partition))));
    }
    Proof proof = report.proof(partition, check);
    facts.add(
        List.of(
            "verification",
            check == null || proof != Proof.UNREADABLE
                ? proof.toString()
                : proof + ": " + check.error()));
    if (check != null) {
      check
          .facts()
          .texts()
          .forEach(
              (name, value) -> {
                if (!name.equals("rows")) {
                  facts.add(List.of(name, value == null ? "-" : value));
                }
              });
    }
    return facts;
  }
}
