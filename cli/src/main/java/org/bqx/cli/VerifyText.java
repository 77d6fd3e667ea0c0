package org.bqx.cli;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bqx.verify.Finding;
import org.bqx.verify.PartitionCheck;
import org.bqx.verify.VerifyFacts;
import org.bqx.verify.VerifyOutcome;

/** A verification for people: a line for each partition, what is wrong with it below. */
final class VerifyText {
  private static final int SHOWN = 10;
  private static final int USUAL_NAME = 18;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private VerifyText() {}

  static List<String> table(VerifyOutcome outcome) {
    List<String> lines = new ArrayList<>();
    int width =
        outcome.partitions().stream()
            .mapToInt(check -> check.partition().toString().length())
            .reduce(USUAL_NAME, Math::max);
    if (!outcome.partitions().isEmpty()) {
      lines.add(
          ("%-" + width + "s    rows  min index  max index  avg index   NULLs  result")
              .formatted("partition"));
    }
    for (PartitionCheck check : outcome.partitions()) {
      lines.add(row(check, width));
      add(lines, "difference", check.differences());
      add(lines, "warning", check.warnings());
    }
    add(lines, "difference", outcome.differences());
    add(lines, "warning", outcome.warnings());
    return lines;
  }

  /** Returns a finding in one line: where, found, expected, and which check says so. */
  static String line(Finding finding) {
    String where =
        Stream.of(
                finding.family(),
                finding.pair(),
                finding.time() == null ? finding.month() : TIME.format(finding.time()),
                finding.column())
            .filter(Objects::nonNull)
            .map(Object::toString)
            .collect(Collectors.joining(" "));
    String expected = finding.expected() == null ? "" : ", expected " + finding.expected();
    return "%sfound %s%s (%s)"
        .formatted(
            where.isEmpty() ? "" : where + ": ",
            Objects.requireNonNullElse(finding.found(), "NULL"),
            expected,
            finding.check());
  }

  private static String row(PartitionCheck check, int width) {
    VerifyFacts facts = check.facts();
    return String.format(
        Locale.ROOT,
        "%-" + width + "s %,7d %s %s %s %,7d  %s",
        check.partition(),
        facts.rows() == null ? 0 : facts.rows(),
        index(facts.minIndex()),
        index(facts.maxIndex()),
        index(facts.avgIndex()),
        facts.nulls().values().stream().filter(Objects::nonNull).mapToLong(Long::longValue).sum(),
        result(check));
  }

  private static String index(Double fact) {
    return fact == null ? String.format("%10s", "-") : String.format(Locale.ROOT, "%10.4f", fact);
  }

  private static String result(PartitionCheck check) {
    if (check.error() != null) {
      return "not checked: " + check.error();
    }
    return check.differences().isEmpty() ? "ok" : check.differences().size() + " wrong";
  }

  private static void add(List<String> lines, String kind, List<Finding> findings) {
    findings.stream()
        .limit(SHOWN)
        .forEach(finding -> lines.add("  " + kind + ": " + line(finding)));
    if (findings.size() > SHOWN) {
      lines.add("  and %d more: --json lists them".formatted(findings.size() - SHOWN));
    }
  }
}
