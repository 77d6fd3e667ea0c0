package org.bqx.report;

import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bqx.gaps.Coverage;
import org.bqx.monitor.FamilyProgress;
import org.bqx.monitor.PartitionFact;
import org.bqx.partition.PartitionRange;
import org.bqx.partition.PartitionState;
import org.bqx.report.Features.Family;
import org.bqx.report.Features.Figures;
import org.bqx.report.Features.MonthFigures;
import org.bqx.report.Features.Panel;
import org.bqx.stages.Stage;
import org.bqx.verify.Finding;
import org.bqx.verify.PartitionCheck;
import org.bqx.verify.VerifyFacts;
import org.bqx.verify.VerifyOutcome;

/** Reports made by hand, for tests without a database. */
final class Reports {
  static final Instant AT = Instant.parse("2025-11-01T12:00:00Z");
  static final List<Integer> WINDOWS = List.of(60, 90, 150, 240, 390, 630);

  private static final int STRETCHES = 96;
  private static final List<String> LABELS = WINDOWS.stream().map("w%d"::formatted).toList();
  private static final YearMonth FIRST = YearMonth.of(2024, 7);

  private Reports() {}

  /** A report of partitions of both families, all of them verified, with a month's values. */
  static Report of(List<String> pairs, int months, VerifyOutcome verification) {
    List<PartitionFact> partitions = new ArrayList<>();
    for (String family : List.of("bqx", "reg")) {
      for (String pair : pairs) {
        for (int month = 0; month < months; month++) {
          partitions.add(
              partition(family, pair, FIRST.plusMonths(month), PartitionState.DONE, null));
        }
      }
    }
    return of(partitions, verification, features(pairs.get(0)));
  }

  static Report of(List<PartitionFact> partitions, VerifyOutcome verification, Features features) {
    List<String> families =
        partitions.stream().map(PartitionFact::family).distinct().sorted().toList();
    return new Report(
        AT,
        "127.0.0.1:5432, database quant",
        PartitionRange.ALL,
        families.stream()
            .map(
                family ->
                    progress(
                        family,
                        partitions.stream().filter(p -> p.family().equals(family)).toList()))
            .toList(),
        Map.of("bqx", LABELS, "reg", LABELS),
        List.of(new Stage("1.5.2", "bars", "complete", 100, AT, 2.5, "5 bars of 1 pair")),
        partitions,
        verification,
        partitions.stream()
            .filter(partition -> partition.family().equals("bqx") && partition.bars() > 0)
            .map(p -> new Coverage(p.pair(), p.month(), p.bars(), 12))
            .toList(),
        true,
        List.of(),
        features);
  }

  private static FamilyProgress progress(String family, List<PartitionFact> partitions) {
    int total = (int) partitions.stream().filter(p -> !p.state().lacksInputs()).count();
    int done = count(partitions, PartitionState.DONE);
    return new FamilyProgress(
        family,
        total,
        done,
        0,
        0,
        count(partitions, PartitionState.RUNNING),
        count(partitions, PartitionState.MISSING),
        count(partitions, PartitionState.STALE),
        count(partitions, PartitionState.FAILED),
        count(partitions, PartitionState.UNREACHABLE),
        total == 0 ? 0 : 100.0 * done / total,
        32_998L * done,
        1_000_000L,
        250_000.0,
        0.25,
        done == total ? 0.0 : null);
  }

  private static int count(List<PartitionFact> partitions, PartitionState state) {
    return (int) partitions.stream().filter(p -> p.is(state)).count();
  }

  static PartitionFact partition(
      String family, String pair, YearMonth month, PartitionState state, String reason) {
    return new PartitionFact(
        family,
        pair,
        month,
        state,
        reason,
        32_998,
        32_998L,
        42,
        AT.minusMillis(250),
        AT,
        32_998L,
        false);
  }

  static VerifyOutcome verification(Instant at, List<PartitionCheck> checks) {
    return new VerifyOutcome(
        at,
        "127.0.0.1:5432, database quant",
        200,
        false,
        checks.size(),
        checks,
        List.of(),
        List.of(),
        false);
  }

  static PartitionCheck check(PartitionFact partition, List<Finding> differences) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("rows", "32998");
    facts.put("unique times", "32998");
    facts.put("min index", "97.12345678901234");
    facts.put("max index", "103.12345678901234");
    facts.put("avg index", "100.12345678901234");
    facts.put("index outside band", "0");
    WINDOWS.forEach(window -> facts.put("w" + window + " NULLs", String.valueOf(9 * window)));
    if (partition.family().equals("reg")) {
      WINDOWS.forEach(window -> facts.put("w" + window + " avg r2", "0.6123456789012345"));
    }
    return new PartitionCheck(
        Report.key(partition), VerifyFacts.of(facts), List.of(), differences, null);
  }

  /** Values of one month: a column that swings, and one that is its opposite. */
  static Features features(String pair) {
    List<Long> times = new ArrayList<>();
    List<Double> swing = new ArrayList<>();
    List<Double> opposite = new ArrayList<>();
    for (int stretch = 0; stretch < STRETCHES; stretch++) {
      times.add(AT.getEpochSecond() + 27_000L * stretch);
      swing.add(stretch % 10 == 9 ? null : Double.valueOf(Math.sin(stretch / 7.0)));
      opposite.add(stretch % 10 == 9 ? null : Double.valueOf(-Math.sin(stretch / 7.0)));
    }
    return new Features(
        pair,
        FIRST,
        List.of(
            new Family(
                "bqx",
                false,
                "how far the past lies from now",
                "w60_bqx_return",
                List.of(
                    new Column("w60_bqx_return", "return", 60, "index points", pair),
                    new Column("w60_bqx_range", "range", 60, "index points", "max - min")))),
        List.of(
            new Panel(
                "bqx",
                pair,
                FIRST,
                32_998,
                8,
                times,
                27_000,
                List.of(figures(swing), figures(opposite)),
                List.of(-1.0))),
        Map.of(
            "w60_bqx_return",
            List.of(
                new MonthFigures(FIRST, 1000, -0.9, 0.0, 0.9, 0.01, null),
                new MonthFigures(FIRST.plusMonths(1), 1000, -0.8, 0.1, 1.0, 0.11, 0.3))));
  }

  private static Figures figures(List<Double> mean) {
    List<Double> low = new ArrayList<>();
    List<Double> high = new ArrayList<>();
    for (Double value : mean) {
      low.add(value == null ? null : Double.valueOf(value - 0.2));
      high.add(value == null ? null : Double.valueOf(value + 0.2));
    }
    return new Figures(
        32_938,
        60,
        0,
        -1.2,
        0.123456789,
        1.2,
        0.7,
        low,
        mean,
        high,
        Collections.nCopies(30, 1098L));
  }
}
