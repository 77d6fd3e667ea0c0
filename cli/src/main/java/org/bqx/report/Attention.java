package org.bqx.report;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bqx.gaps.Gap;
import org.bqx.monitor.PartitionFact;
import org.bqx.partition.LostInputs;
import org.bqx.partition.Partition;
import org.bqx.partition.PartitionState;
import org.bqx.report.Report.Proof;
import org.bqx.terminal.Quantity;
import org.bqx.verify.Finding;
import org.bqx.verify.PartitionCheck;
import org.bqx.verify.VerifyOutcome;

/**
 * What of a report somebody should look at, the worst first, what is alike in one group.
 *
 * <p>Partitions of a family are a group when the same checks find the same columns to differ. One
 * that names a column comes before one that does not, and a group of few before one of many: a
 * single wrong value is what nobody would find, while a month that is wrong throughout is seen
 * everywhere. What failed or is stale for one reason is one group, and so is what is missing of a
 * family.
 */
public final class Attention {
  /** The check that says of a partition that it is not done; it is told by its state. */
  private static final String STATE = "state";

  private Attention() {}

  /** What is to be said of a group. The order is that of the page. */
  public enum Kind {
    /** Values, rows or figures that are not as they should be. */
    DIFFERS("≠", "differs", "wrong"),
    /** The last computation failed. */
    FAILED("✕", "failed", "failed"),
    /** It could not be checked to its end. */
    NOT_CHECKED("?", "not checked", "wrong"),
    /** Months without bars between months with bars. */
    HOLE("∅", "no bars", "hole"),
    /** Rows of a family that is made of quotes, whose bars have none now. */
    NO_QUOTES("∅", "no quotes", "hole"),
    /** Bars, windows or functions are others now. */
    STALE("~", "stale", "stale"),
    /** It has bars and was never computed. */
    MISSING("·", "missing", "missing"),
    /** Stretches without bars while the market was open. */
    GAP("∅", "gaps", "hole"),
    /** It may be right. */
    WARNING("!", "warning", "stale");

    private final String sign;
    private final String text;
    private final String tone;

    Kind(String sign, String text, String tone) {
      this.sign = sign;
      this.text = text;
      this.tone = tone;
    }

    /** Returns a sign, for who does not see colours. */
    public String sign() {
      return sign;
    }

    /** Returns the name of the class that the style sheet colours. */
    public String tone() {
      return tone;
    }

    /** Returns what people call it. */
    public String text() {
      return text;
    }

    /** Whether it makes what was computed untrue, rather than incomplete. */
    public boolean isWrong() {
      return ordinal() <= NOT_CHECKED.ordinal();
    }
  }

  /**
   * Findings that are told together.
   *
   * @param kind of which kind
   * @param where which partitions
   * @param text what is to be said of all of them, null when the first row says it
   * @param rows what was found, none where the text says all
   * @param count how many there are
   * @param next the command that helps, null where it depends
   * @param goTo a partition to look at, null where there is none
   */
  public record Group(
      Kind kind,
      String where,
      String text,
      List<Finding> rows,
      int count,
      String next,
      Partition goTo) {
    /** Copies the list. */
    public Group {
      rows = List.copyOf(rows);
    }
  }

  /** Returns the groups, none when all is well. */
  public static List<Group> of(Report report) {
    List<Group> groups = new ArrayList<>();
    Map<Partition, PartitionFact> partitions = new LinkedHashMap<>();
    report.partitions().forEach(partition -> partitions.put(Report.key(partition), partition));
    differences(report, partitions, groups);
    states(report, PartitionState.FAILED, Kind.FAILED, "./bqx backfill --retry", groups);
    notChecked(report, groups);
    states(report, PartitionState.UNREACHABLE, Kind.NOT_CHECKED, "./bqx node list", groups);
    lost(report, PartitionState.NO_BARS, Kind.HOLE, groups);
    lost(report, PartitionState.NO_QUOTES, Kind.NO_QUOTES, groups);
    states(report, PartitionState.STALE, Kind.STALE, "./bqx backfill", groups);
    missing(report, groups);
    gaps(report, groups);
    warnings(report, groups);
    // Stable: within a kind as they were added.
    groups.sort(Comparator.comparing(Group::kind));
    return groups;
  }

  private static void differences(
      Report report, Map<Partition, PartitionFact> partitions, List<Group> groups) {
    VerifyOutcome outcome = report.verification();
    if (outcome == null) {
      return;
    }
    Map<List<String>, List<PartitionCheck>> alike = new LinkedHashMap<>();
    for (PartitionCheck check : outcome.partitions()) {
      List<Finding> rows = differences(check, partitions.get(check.partition()));
      if (!rows.isEmpty()) {
        alike.computeIfAbsent(signature(check, rows), key -> new ArrayList<>()).add(check);
      }
    }
    List<Group> own = new ArrayList<>();
    alike.values().forEach(checks -> own.add(different(report, checks, partitions)));
    own.sort(
        Comparator.comparing((Group group) -> group.rows().get(0).column() == null)
            .thenComparing(Group::count));
    groups.addAll(own);
    byCheck(outcome.differences())
        .forEach(
            (check, findings) -> {
              boolean isHole = findings.get(0).family() == null;
              groups.add(
                  new Group(
                      isHole ? Kind.HOLE : Kind.DIFFERS,
                      where(findings),
                      findings.size() == 1 ? null : check,
                      findings,
                      findings.size(),
                      isHole ? "./bqx import" : null,
                      null));
            });
  }

  /** What of a check is not told by the partition's state, first what names a column. */
  static List<Finding> differences(PartitionCheck check, PartitionFact partition) {
    return check.differences().stream()
        .filter(finding -> !isSaidByState(finding, partition))
        .sorted(Comparator.comparing(finding -> finding.column() == null))
        .toList();
  }

  /** Partitions of a family in which the same checks find the same columns are alike. */
  private static List<String> signature(PartitionCheck check, List<Finding> rows) {
    TreeSet<String> found = new TreeSet<>();
    rows.forEach(finding -> found.add(finding.check() + " " + finding.column()));
    List<String> signature = new ArrayList<>(found);
    signature.add(0, check.partition().family());
    return signature;
  }

  private static Group different(
      Report report, List<PartitionCheck> checks, Map<Partition, PartitionFact> partitions) {
    List<Finding> rows = new ArrayList<>();
    checks.forEach(check -> rows.addAll(differences(check, partitions.get(check.partition()))));
    List<Partition> all = checks.stream().map(PartitionCheck::partition).toList();
    boolean since =
        checks.stream()
            .allMatch(
                check -> {
                  PartitionFact partition = partitions.get(check.partition());
                  return partition != null
                      && report.proof(partition, check) == Proof.COMPUTED_SINCE;
                });
    String text = since ? "Computed since, and not verified." : null;
    if (all.size() > 1) {
      String many = "in " + Quantity.of(all.size(), "partition");
      text = text == null ? many : many + ". " + text;
    }
    return new Group(
        Kind.DIFFERS,
        names(all, Partition::family, Partition::pair, Partition::month),
        text,
        rows,
        rows.size(),
        since ? "./bqx verify" : LostInputs.force(all),
        all.get(0));
  }

  /** That a partition is not done is a difference too. Its state says so here. */
  private static boolean isSaidByState(Finding finding, PartitionFact partition) {
    return partition != null && !partition.is(PartitionState.DONE) && STATE.equals(finding.check());
  }

  private static void states(
      Report report, PartitionState state, Kind kind, String next, List<Group> groups) {
    states(report, state, kind, all -> next, groups);
  }

  /** Rows whose inputs are gone: to remove them is what helps, where the bars do not come back. */
  private static void lost(Report report, PartitionState state, Kind kind, List<Group> groups) {
    states(
        report,
        state,
        kind,
        all -> LostInputs.force(all.stream().map(Report::key).toList()),
        groups);
  }

  private static void states(
      Report report,
      PartitionState state,
      Kind kind,
      Function<List<PartitionFact>, String> next,
      List<Group> groups) {
    report.partitions().stream()
        .filter(partition -> partition.is(state) && !Report.isLeftOut(partition))
        .collect(
            Collectors.groupingBy(
                partition -> Objects.requireNonNullElse(partition.reason(), ""),
                LinkedHashMap::new,
                Collectors.toList()))
        .forEach((reason, all) -> groups.add(group(kind, all, reason, next.apply(all))));
  }

  /** Families that lack the same months of the same pairs are one group. */
  private static void missing(Report report, List<Group> groups) {
    Map<String, List<PartitionFact>> families =
        report.partitions().stream()
            .filter(partition -> partition.is(PartitionState.MISSING))
            .collect(
                Collectors.groupingBy(
                    PartitionFact::family, LinkedHashMap::new, Collectors.toList()));
    Map<Set<String>, List<PartitionFact>> alike = new LinkedHashMap<>();
    families
        .values()
        .forEach(
            own ->
                alike
                    .computeIfAbsent(
                        own.stream()
                            .map(partition -> partition.pair() + " " + partition.month())
                            .collect(Collectors.toSet()),
                        months -> new ArrayList<>())
                    .addAll(own));
    alike
        .values()
        .forEach(
            all ->
                groups.add(
                    group(
                        Kind.MISSING,
                        all,
                        "never computed",
                        "./bqx backfill --family "
                            + all.stream()
                                .map(PartitionFact::family)
                                .distinct()
                                .collect(Collectors.joining(",")))));
  }

  private static Group group(Kind kind, List<PartitionFact> all, String text, String next) {
    PartitionFact newest =
        all.stream().max(Comparator.comparing(PartitionFact::month)).orElseThrow();
    return new Group(kind, partitions(all), text, List.of(), all.size(), next, Report.key(newest));
  }

  private static void notChecked(Report report, List<Group> groups) {
    VerifyOutcome outcome = report.verification();
    if (outcome == null) {
      return;
    }
    outcome.partitions().stream()
        .filter(check -> check.error() != null)
        .collect(
            Collectors.groupingBy(PartitionCheck::error, LinkedHashMap::new, Collectors.toList()))
        .forEach(
            (error, checks) ->
                groups.add(
                    new Group(
                        Kind.NOT_CHECKED,
                        names(
                            checks.stream().map(PartitionCheck::partition).toList(),
                            Partition::family,
                            Partition::pair,
                            Partition::month),
                        error,
                        List.of(),
                        checks.size(),
                        null,
                        checks.get(0).partition())));
    int left =
        outcome.uncheckedCount()
            - (int) outcome.partitions().stream().filter(check -> check.error() != null).count();
    if (left > 0) {
      groups.add(
          new Group(
              Kind.NOT_CHECKED,
              Quantity.of(left, "partition"),
              "the verification ended before it came to them",
              List.of(),
              left,
              "./bqx verify",
              null));
    }
  }

  private static void gaps(Report report, List<Group> groups) {
    List<Gap> open =
        report.gaps().stream()
            .filter(gap -> gap.state().equals("open"))
            .sorted(Comparator.comparing(Gap::minutes).reversed())
            .toList();
    if (open.isEmpty()) {
      return;
    }
    Gap longest = open.get(0);
    groups.add(
        new Group(
            Kind.GAP,
            list(open.stream().map(Gap::pair).collect(Collectors.toCollection(TreeSet::new))),
            "the longest is of %s, %s: %s of an open market"
                .formatted(
                    longest.pair(), Texts.time(longest.from()), Texts.minutes(longest.minutes())),
            List.of(),
            open.size(),
            "./bqx gaps",
            null));
  }

  private static void warnings(Report report, List<Group> groups) {
    VerifyOutcome outcome = report.verification();
    if (outcome == null) {
      return;
    }
    List<Finding> all = new ArrayList<>(outcome.warnings());
    outcome.partitions().forEach(check -> all.addAll(check.warnings()));
    // Gaps are told as they are now.
    all.removeIf(finding -> "gap in bars".equals(finding.check()) && !report.gaps().isEmpty());
    byCheck(all)
        .forEach(
            (check, findings) ->
                groups.add(
                    new Group(
                        Kind.WARNING,
                        where(findings),
                        findings.size() == 1 ? null : check,
                        findings,
                        findings.size(),
                        null,
                        null)));
  }

  private static Map<String, List<Finding>> byCheck(List<Finding> findings) {
    return findings.stream()
        .collect(
            Collectors.groupingBy(
                finding -> Objects.requireNonNullElse(finding.check(), ""),
                TreeMap::new,
                Collectors.toList()));
  }

  private static String where(List<Finding> findings) {
    return names(findings, Finding::family, Finding::pair, Finding::month);
  }

  private static String partitions(List<PartitionFact> all) {
    return names(all, PartitionFact::family, PartitionFact::pair, PartitionFact::month);
  }

  /** Returns families, pairs and months in a few words: {@code bqx, reg eurusd 2024-07}. */
  private static <T> String names(
      List<T> all,
      Function<T, String> family,
      Function<T, String> pair,
      Function<T, YearMonth> month) {
    Set<String> families = new LinkedHashSet<>();
    Set<String> pairs = new LinkedHashSet<>();
    TreeSet<YearMonth> months = new TreeSet<>();
    for (T one : all) {
      add(families, family.apply(one));
      add(pairs, pair.apply(one));
      add(months, month.apply(one));
    }
    List<String> words = new ArrayList<>();
    add(words, list(families));
    add(words, list(pairs));
    if (!months.isEmpty()) {
      words.add(
          months.size() == 1 ? months.first().toString() : months.first() + " to " + months.last());
    }
    return words.isEmpty() ? "all" : String.join(" ", words);
  }

  private static <T> void add(Collection<T> all, T one) {
    if (one != null) {
      all.add(one);
    }
  }

  /** Returns the first names, and how many more there are; null for none. */
  private static String list(Set<String> names) {
    if (names.isEmpty()) {
      return null;
    }
    String first = names.stream().limit(3).collect(Collectors.joining(", "));
    return names.size() <= 3 ? first : first + " and " + (names.size() - 3) + " more";
  }
}
