package org.bqx.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bqx.gaps.Coverage;
import org.bqx.gaps.Gap;
import org.bqx.monitor.PartitionFact;
import org.bqx.partition.Partition;
import org.bqx.partition.PartitionState;
import org.bqx.report.Features.Figures;
import org.bqx.report.Features.MonthFigures;
import org.bqx.report.Features.Panel;
import org.bqx.report.Report.Proof;
import org.bqx.verify.Finding;
import org.bqx.verify.PartitionCheck;

/**
 * What the script of the page draws from, as small as it can be: a hundred thousand partitions are
 * a few letters and numbers each. Pairs, months and reasons are told by their place in a list; what
 * most partitions have not is told by place alone.
 */
final class PageData {
  /** Partitions that have the figures and the differences of their verification. */
  private static final int MOST_FIGURES = 10_000;

  private static final int MOST_GAPS = 2000;

  /** Differences that a partition names. */
  private static final int MOST_NAMED = 3;

  private static final MathContext DRAWN = new MathContext(5);
  private static final MathContext FIGURE = new MathContext(12);
  private static final MathContext SECONDS = new MathContext(3);
  private static final MathContext SHARE = new MathContext(3);

  private final Report report;
  private final Map<Partition, PartitionCheck> checks;
  private final List<String> pairs;
  private final YearMonth first;
  private final int months;
  private final Instant epoch;
  private final Set<Partition> withFigures;

  PageData(Report report) {
    this.report = report;
    checks = report.checks();
    Set<String> names = new TreeSet<>();
    TreeSet<YearMonth> all = new TreeSet<>();
    for (PartitionFact partition : report.partitions()) {
      names.add(partition.pair());
      all.add(partition.month());
    }
    for (Coverage month : report.coverage()) {
      names.add(month.pair());
      all.add(month.month());
    }
    pairs = List.copyOf(names);
    first = all.isEmpty() ? YearMonth.from(report.at().atZone(ZoneOffset.UTC)) : all.first();
    months = all.isEmpty() ? 0 : (int) first.until(all.last(), ChronoUnit.MONTHS) + 1;
    epoch =
        report.partitions().stream()
            .map(PartitionFact::finishedAt)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(report.at())
            .truncatedTo(ChronoUnit.MINUTES);
    withFigures = withFigures();
  }

  /** Those that something is wrong with, then the newest. */
  private Set<Partition> withFigures() {
    return report.partitions().stream()
        .sorted(
            Comparator.comparing(
                    (PartitionFact partition) -> !isWrong(checks.get(Report.key(partition))))
                .thenComparing(PartitionFact::month, Comparator.reverseOrder()))
        .limit(MOST_FIGURES)
        .map(Report::key)
        .collect(Collectors.toSet());
  }

  private static boolean isWrong(PartitionCheck check) {
    return check != null && (!check.differences().isEmpty() || check.error() != null);
  }

  /** Returns the data as maps and lists. */
  Map<String, Object> toMap() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("first", first.toString());
    data.put("months", months);
    data.put("pairs", pairs);
    data.put("epoch", epoch.getEpochSecond());
    data.put("bars", bars());
    data.put("lacking", lacking());
    data.put("gaps", gaps());
    data.put("families", report.families().stream().map(f -> family(f.family())).toList());
    if (report.features() != null) {
      data.put("features", features(report.features()));
    }
    return data;
  }

  /** Bars of each month of each pair. */
  private List<long[]> bars() {
    List<long[]> bars = new ArrayList<>();
    pairs.forEach(pair -> bars.add(new long[months]));
    report.coverage().forEach(c -> bars.get(pair(c.pair()))[place(c.month())] = c.bars());
    for (PartitionFact partition : report.partitions()) {
      bars.get(pair(partition.pair()))[place(partition.month())] = partition.bars();
    }
    return bars;
  }

  /** Minutes without a bar of each month, -1 where nobody has looked. */
  private List<long[]> lacking() {
    List<long[]> lacking = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      long[] one = new long[months];
      Arrays.fill(one, -1);
      lacking.add(one);
    }
    report.coverage().forEach(c -> lacking.get(pair(c.pair()))[place(c.month())] = c.missing());
    return lacking;
  }

  private List<List<Object>> gaps() {
    return report.gaps().stream()
        .filter(gap -> pairs.contains(gap.pair()))
        .sorted(Comparator.comparing(Gap::minutes).reversed())
        .limit(MOST_GAPS)
        .map(
            gap ->
                List.<Object>of(
                    pair(gap.pair()),
                    gap.from().getEpochSecond(),
                    gap.to().getEpochSecond(),
                    gap.minutes(),
                    gap.state()))
        .toList();
  }

  /** A family: what is of all its partitions, and a line for each pair. */
  private Map<String, Object> family(String family) {
    Map<String, List<PartitionFact>> own = new TreeMap<>();
    for (PartitionFact partition : report.partitions()) {
      if (partition.family().equals(family)) {
        own.computeIfAbsent(partition.pair(), pair -> new ArrayList<>()).add(partition);
      }
    }
    Names figures = new Names();
    Names reasons = new Names();
    List<Map<String, Object>> lines = new ArrayList<>();
    own.forEach((pair, partitions) -> lines.add(line(pair, partitions, figures, reasons)));
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("name", family);
    data.put("figures", figures.list());
    data.put("reasons", reasons.list());
    data.put("lines", lines);
    return data;
  }

  private Map<String, Object> line(
      String pair, List<PartitionFact> partitions, Names figureNames, Names reasonNames) {
    char[] states = new char[months];
    char[] proofs = new char[months];
    Arrays.fill(states, ' ');
    Arrays.fill(proofs, ' ');
    Double[] seconds = new Double[months];
    Long[] finished = new Long[months];
    Map<Integer, Long> rows = new TreeMap<>();
    Map<Integer, Integer> reasons = new TreeMap<>();
    Map<Integer, List<Object>> figures = new TreeMap<>();
    Map<Integer, List<List<String>>> differences = new TreeMap<>();
    for (PartitionFact partition : partitions) {
      int at = place(partition.month());
      PartitionCheck check = checks.get(Report.key(partition));
      Proof proof = report.proof(partition, check);
      states[at] = letter(partition.state());
      proofs[at] = letter(proof);
      seconds[at] = round(Report.seconds(partition), SECONDS);
      if (partition.finishedAt() != null) {
        finished[at] = epoch.until(partition.finishedAt(), ChronoUnit.MINUTES);
      }
      if (partition.rows() == null || partition.rows() != partition.bars()) {
        rows.put(at, partition.rows());
      }
      String reason =
          proof == Proof.UNREADABLE && check.error() != null ? check.error() : partition.reason();
      if (reason != null) {
        reasons.put(at, reasonNames.place(reason));
      }
      if (check != null && withFigures.contains(Report.key(partition))) {
        List<List<String>> named =
            Attention.differences(check, partition).stream()
                .limit(MOST_NAMED)
                .map(PageData::texts)
                .toList();
        if (!named.isEmpty()) {
          differences.put(at, named);
        }
        List<Object> own = new ArrayList<>();
        check
            .facts()
            .texts()
            .forEach(
                (name, value) -> {
                  if (!name.equals("rows")) {
                    put(own, figureNames.place(name), value);
                  }
                });
        figures.put(at, own);
      }
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("pair", pair(pair));
    line.put("states", new String(states));
    line.put("proofs", new String(proofs));
    line.put("seconds", seconds);
    line.put("finished", finished);
    line.put("rows", rows);
    line.put("reasons", reasons);
    line.put("figures", figures);
    line.put("differences", differences);
    return line;
  }

  /** Column, time, found, expected and check; found and expected for people, and as they are. */
  private static List<String> texts(Finding finding) {
    String found = Objects.requireNonNullElse(finding.found(), "NULL");
    String expected = Objects.requireNonNullElse(finding.expected(), "");
    return List.of(
        Objects.requireNonNullElse(finding.column(), ""),
        finding.time() == null ? "" : Texts.time(finding.time()),
        Texts.rounded(found, expected),
        Texts.rounded(expected, found),
        Objects.requireNonNullElse(finding.check(), ""),
        found,
        expected);
  }

  private static void put(List<Object> list, int place, Object value) {
    while (list.size() <= place) {
      list.add(null);
    }
    list.set(place, value);
  }

  private static char letter(PartitionState state) {
    return switch (state) {
      case DONE -> 'd';
      case RUNNING -> 'r';
      case MISSING -> 'm';
      case STALE -> 's';
      case FAILED -> 'f';
      case NO_BARS -> 'n';
      case NO_QUOTES -> 'q';
      case UNREACHABLE -> 'a';
    };
  }

  private static char letter(Proof proof) {
    return switch (proof) {
      case VERIFIED -> 'v';
      case DIFFERENT -> 'x';
      case UNREADABLE -> 'u';
      case COMPUTED_SINCE -> 'c';
      case NONE -> '-';
    };
  }

  private int pair(String pair) {
    return pairs.indexOf(pair);
  }

  private int place(YearMonth month) {
    return (int) first.until(month, ChronoUnit.MONTHS);
  }

  private static Map<String, Object> features(Features features) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("pair", features.pair());
    data.put("month", features.month().toString());
    data.put("families", features.families());
    data.put("panels", features.panels().stream().map(PageData::panel).toList());
    Map<String, Object> months = new LinkedHashMap<>();
    features.months().forEach((column, figures) -> months.put(column, months(figures)));
    data.put("byMonth", months);
    return data;
  }

  /** Returns a panel as it is drawn: values of five digits, figures of twelve. */
  static Map<String, Object> panel(Panel panel) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("family", panel.family());
    data.put("pair", panel.pair());
    data.put("month", panel.month().toString());
    data.put("rows", panel.rows());
    data.put("every", panel.every());
    data.put("times", panel.times());
    data.put("seconds", panel.seconds());
    data.put("columns", panel.columns().stream().map(PageData::figures).toList());
    data.put("r", rounded(panel.correlations(), SHARE));
    return data;
  }

  private static Map<String, Object> figures(Figures figures) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("values", figures.values());
    data.put("nulls", figures.nulls());
    data.put("wild", figures.wild());
    data.put("lowest", round(figures.lowest(), FIGURE));
    data.put("average", round(figures.average(), FIGURE));
    data.put("highest", round(figures.highest(), FIGURE));
    data.put("deviation", round(figures.deviation(), FIGURE));
    data.put("low", rounded(figures.low(), digits(figures)));
    data.put("mean", rounded(figures.mean(), digits(figures)));
    data.put("high", rounded(figures.high(), digits(figures)));
    data.put("bins", figures.bins());
    return data;
  }

  /** An index moves in its fifth digit: as many more as its values have in common. */
  private static MathContext digits(Figures figures) {
    if (figures.lowest() == null || figures.highest().equals(figures.lowest())) {
      return DRAWN;
    }
    double size = Math.max(Math.abs(figures.lowest()), Math.abs(figures.highest()));
    double ratio = size / (figures.highest() - figures.lowest());
    return new MathContext(
        DRAWN.getPrecision() - 1 + Math.max(0, (int) Math.min(10, Math.log10(Math.max(1, ratio)))));
  }

  /** Returns the months of a column as they are drawn. */
  static List<List<Object>> months(List<MonthFigures> months) {
    return months.stream()
        .map(
            one ->
                Arrays.<Object>asList(
                    one.month().toString(),
                    one.values(),
                    round(one.p05(), DRAWN),
                    round(one.median(), DRAWN),
                    round(one.p95(), DRAWN),
                    round(one.average(), DRAWN),
                    round(one.drift(), SHARE)))
        .toList();
  }

  private static List<Double> rounded(List<Double> values, MathContext digits) {
    List<Double> rounded = new ArrayList<>();
    values.forEach(value -> rounded.add(round(value, digits)));
    return rounded;
  }

  private static Double round(Double value, MathContext digits) {
    return value == null || !Double.isFinite(value)
        ? null
        : Double.valueOf(new BigDecimal(value).round(digits).doubleValue());
  }

  /** Texts by their place. */
  private static final class Names {
    private final Map<String, Integer> places = new LinkedHashMap<>();

    int place(String name) {
      Integer place = places.putIfAbsent(name, places.size());
      return place == null ? places.size() - 1 : place;
    }

    List<String> list() {
      return List.copyOf(places.keySet());
    }
  }
}
