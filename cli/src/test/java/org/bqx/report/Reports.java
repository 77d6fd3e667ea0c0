package org.bqx.report;

import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bqx.monitor.FamilyProgress;
import org.bqx.monitor.PartitionFact;
import org.bqx.partition.PartitionState;
import org.bqx.report.Chart.Line;
import org.bqx.report.Report.Series;
import org.bqx.stages.Stage;
import org.bqx.verify.Finding;
import org.bqx.verify.PartitionCheck;
import org.bqx.verify.VerifyFacts;
import org.bqx.verify.VerifyOutcome;

/** Reports made by hand, for tests without a database. */
final class Reports {
  static final Instant AT = Instant.parse("2025-11-01T12:00:00Z");
  static final List<Integer> WINDOWS = List.of(60, 90, 150, 240, 390, 630);

  private static final List<String> LABELS = WINDOWS.stream().map("w%d"::formatted).toList();
  private static final YearMonth FIRST = YearMonth.of(2024, 7);

  private Reports() {}

  /** A report of partitions of both families, all of them verified, with a month's lines. */
  static Report of(List<String> pairs, int months, int bars, VerifyOutcome verification) {
    List<PartitionFact> partitions = new ArrayList<>();
    for (String family : List.of("bqx", "reg")) {
      for (String pair : pairs) {
        for (int month = 0; month < months; month++) {
          partitions.add(
              partition(family, pair, FIRST.plusMonths(month), PartitionState.DONE, null));
        }
      }
    }
    return of(partitions, verification, series(pairs.get(0), bars));
  }

  static Report of(List<PartitionFact> partitions, VerifyOutcome verification, Series series) {
    return new Report(
        AT,
        "127.0.0.1:5432, database quant",
        List.of(total("bqx"), total("reg")),
        Map.of("bqx", LABELS, "reg", LABELS),
        List.of(new Stage("1.5.2", "bars", "complete", 100, AT, 2.5, "5 bars of 1 pair")),
        partitions,
        verification,
        series);
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

  static Series series(String pair, int bars) {
    List<Long> times = new ArrayList<>();
    List<List<Double>> index = List.of(new ArrayList<>(), new ArrayList<>());
    List<List<Double>> r2 = new ArrayList<>();
    WINDOWS.forEach(window -> r2.add(new ArrayList<>()));
    for (int bar = 0; bar < bars; bar++) {
      times.add(AT.getEpochSecond() + 60L * bar);
      index.get(0).add(100 + Math.sin(bar / 97.0) + 1e-3 * (bar * 7919 % 997));
      index.get(1).add(bar < 60 ? null : Double.valueOf(1e-3 * Math.cos(bar * 0.7)));
      for (int i = 0; i < WINDOWS.size(); i++) {
        r2.get(i)
            .add(
                bar < WINDOWS.get(i)
                    ? null
                    : Double.valueOf(0.5 + 0.5 * Math.sin(bar * 1.3 / (i + 1))));
      }
    }
    return new Series(
        pair,
        FIRST,
        List.of(
            new Chart(
                "bqx",
                "rate_index, w60_bqx_mean_return: return / W",
                List.of(
                    new Line("rate_index", "rate_index", null, null, null, true),
                    new Line("w60_bqx_mean_return", "ratio", -1.0, null, null, true)),
                new Lines(times, index)),
            new Chart(
                "reg",
                "reg_r2 by window: 1 - SSres / SStot",
                WINDOWS.stream()
                    .map(window -> new Line("w" + window, "ratio", 0.0, 1.0, window, window > 240))
                    .toList(),
                new Lines(times, r2))));
  }

  private static FamilyProgress total(String family) {
    return new FamilyProgress(
        family, 1, 1, 0, 0, 0, 0, 0, 100, 32_998, 1_000_000L, 250_000.0, 0.25, 0.0);
  }
}
