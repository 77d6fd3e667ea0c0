package org.bqx.doctor;

import static org.bqx.jooq.Tables.M1_MONTH;
import static org.bqx.jooq.Tables.PROGRESS;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.min;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bqx.connection.Database;
import org.bqx.gaps.BarsSummary;
import org.bqx.gaps.GapStore;
import org.bqx.gaps.MissingBaseline;
import org.bqx.gaps.OldBaseline;
import org.bqx.nodes.Reach;
import org.bqx.partition.PartitionState;
import org.bqx.partition.ProgressFields;
import org.bqx.partition.Work;
import org.bqx.terminal.Quantity;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;

/** What is stored: baselines, bars and their gaps, what was computed of them, and statistics. */
final class DataChecks {
  private final Database database;
  private final DSLContext sql;
  private final Reach reach;

  DataChecks(Database database, DSLContext sql) {
    this.database = database;
    this.sql = sql;
    reach = Reach.of(sql);
  }

  void baselines(String name, List<Finding> findings) throws SQLException {
    List<MissingBaseline> missing;
    List<OldBaseline> old;
    try (GapStore store = new GapStore(database)) {
      missing = store.missingBaselines();
      old = store.oldBaselines();
    }
    if (!old.isEmpty()) {
      findings.add(
          Finding.error(
              name,
              "%s with the baseline of another bar: %s"
                  .formatted(
                      Quantity.of(old.size(), "pair"),
                      Finding.some(old.stream().map(OldBaseline::text).toList())),
              old.get(0).command()));
      if (missing.isEmpty()) {
        return;
      }
    }
    findings.add(
        missing.isEmpty()
            ? Finding.ok(name, "every pair that has bars has one")
            : Finding.error(
                name,
                "%s without a baseline: %s"
                    .formatted(
                        Quantity.of(missing.size(), "pair"),
                        Finding.some(missing.stream().map(MissingBaseline::text).toList())),
                missing.get(0).command()));
  }

  void bars(String name, List<Finding> findings) {
    List<String> gaps =
        sql.fetch(
                """
                SELECT pair || ' ' || to_char(month, 'YYYY-MM') AS gap
                FROM (
                    SELECT pair, generate_series(min(month)::timestamp, max(month)::timestamp, INTERVAL '1 month')::date AS month
                    FROM bqx.m1_month WHERE bars > 0 AND {0} GROUP BY pair
                ) span
                WHERE (pair, month) NOT IN (
                    SELECT m.pair, m.month FROM bqx.m1_month m
                    WHERE m.bars > 0 AND {1})
                ORDER BY pair, month
                """,
                reach.condition("pair"), reach.condition("m.pair"))
            .getValues("gap", String.class);
    int months = sql.fetchCount(M1_MONTH, M1_MONTH.BARS.gt(0L).and(reach.condition(M1_MONTH.PAIR)));
    if (months == 0) {
      findings.add(Finding.error(name, "there are none", "./bqx import FILE"));
    } else if (gaps.isEmpty()) {
      findings.add(
          Finding.ok(
              name, "%s, none between them is empty".formatted(Quantity.of(months, "month"))));
    } else {
      findings.add(
          Finding.warning(
              name,
              "%s without bars between others: %s"
                  .formatted(Quantity.of(gaps.size(), "month"), Finding.some(gaps)),
              "./bqx import FILE"));
    }
  }

  void gaps(String name, List<Finding> findings) throws SQLException {
    boolean counted = true;
    for (Record month :
        sql.fetch(
            "SELECT pair || ' ' || to_char(month, 'YYYY-MM') AS month, noted, found"
                + " FROM bqx.miscounted_months(exact => true)")) {
      counted = false;
      findings.add(
          Finding.error(
              name,
              "%s has %s, %,d noted: some came or went behind the triggers"
                  .formatted(
                      month.get("month", String.class),
                      Quantity.of(month.get("found", Long.class), "bar"),
                      month.get("noted", Long.class)),
              "./bqx psql -c 'SELECT * FROM bqx.recount_bars()'"));
    }
    BarsSummary summary;
    try (GapStore store = new GapStore(database)) {
      summary = store.summary();
    }
    if (summary.partial()) {
      findings.add(
          Finding.unknown(
              name, "gaps are not told while a node does not answer: all pairs tell a holiday"));
    } else if (summary.open() > 0 || summary.unmeasured() > 0) {
      findings.add(
          Finding.warning(
              name,
              "%s open in the bars, %s changed since gaps were looked for"
                  .formatted(
                      Quantity.of(summary.open(), "gap"),
                      Quantity.of(summary.unmeasured(), "month")),
              "./bqx gaps"));
    } else if (counted) {
      findings.add(Finding.ok(name, "no gap in the bars is open, and every bar is counted"));
    }
  }

  void partitions(String name, List<Finding> findings) {
    progress(name, sql, family -> "./bqx backfill", findings);
  }

  /** Finds nothing where nobody has asked for any. */
  void correlations(String name, List<Finding> findings) {
    DSLContext correlations = Work.CORRELATIONS.on(sql);
    boolean there =
        sql.fetchOne("SELECT to_regclass('bqx.correlation_progress') IS NOT NULL AS there")
            .get("there", Boolean.class);
    if (there && correlations.fetchExists(PROGRESS)) {
      progress(name, correlations, target -> "./bqx correlate --target " + target, findings);
    }
  }

  /**
   * Finds what is not done.
   *
   * @param work statements in which {@code bqx.progress} is the view of a work
   * @param command what does it, by the family
   */
  private static void progress(
      String name, DSLContext work, UnaryOperator<String> command, List<Finding> findings) {
    Field<Integer> partitions = count();
    Field<String> family = min(PROGRESS.FAMILY);
    var states =
        work.select(ProgressFields.STATE, partitions, family)
            .from(PROGRESS)
            .groupBy(ProgressFields.STATE)
            .fetch();
    Map<PartitionState, Integer> counts = states.intoMap(ProgressFields.STATE, partitions);
    Map<PartitionState, String> families = states.intoMap(ProgressFields.STATE, family);
    int failed = counts.getOrDefault(PartitionState.FAILED, 0);
    int stale = counts.getOrDefault(PartitionState.STALE, 0);
    int missing = counts.getOrDefault(PartitionState.MISSING, 0);
    int unreachable = counts.getOrDefault(PartitionState.UNREACHABLE, 0);
    if (failed > 0) {
      work.select(PROGRESS.FAMILY, PROGRESS.PAIR, ProgressFields.MONTH, PROGRESS.REASON)
          .from(PROGRESS)
          .where(ProgressFields.STATE.eq(PartitionState.FAILED))
          .orderBy(PROGRESS.FINISHED_AT.desc())
          .limit(1)
          .forEach(
              last ->
                  findings.add(
                      Finding.error(
                          name,
                          "%d failed, the last %s %s %s: %s"
                              .formatted(
                                  failed,
                                  last.value1(),
                                  last.value2(),
                                  last.value3(),
                                  last.value4()),
                          command.apply(last.value1()) + " --retry (once the cause is mended)")));
    }
    if (stale + missing > 0) {
      findings.add(
          Finding.warning(
              name,
              "%d missing, %d stale".formatted(missing, stale),
              command.apply(
                  families.getOrDefault(
                      PartitionState.MISSING, families.get(PartitionState.STALE)))));
    }
    if (unreachable > 0) {
      findings.add(
          Finding.error(
              name, "%d on nodes that do not answer".formatted(unreachable), "./bqx node list"));
    }
    if (failed + stale + missing + unreachable == 0) {
      findings.add(
          Finding.ok(name, "%d done".formatted(counts.getOrDefault(PartitionState.DONE, 0))));
    }
  }

  /** Autovacuum analyzes partitions, and never the table that they are of. */
  void statistics(String name, List<Finding> findings) {
    List<String> tables =
        sql.fetch(
                """
                SELECT format('bqx.%I (pair, %s)', c.relname, CASE c.relname WHEN 'm1' THEN 'time' ELSE 'ts_utc' END) AS name
                FROM pg_class c
                WHERE c.relnamespace = to_regnamespace('bqx') AND c.relkind = 'p' AND NOT c.relispartition
                    AND c.reltuples < 0
                    AND (c.relname = 'm1' AND EXISTS (SELECT FROM bqx.m1_month m WHERE m.bars > 0)
                        OR c.relname IN (SELECT s.family FROM bqx.partition_state s WHERE s.rows > 0))
                ORDER BY c.relname
                """)
            .getValues("name", String.class);
    findings.add(
        tables.isEmpty()
            ? Finding.ok(name, "the planner has those of every table that has rows")
            : Finding.warning(
                name,
                "never analyzed as a whole, so that queries of many pairs are planned by guesses: "
                    + Finding.some(tables),
                "./bqx psql -c 'ANALYZE %s'".formatted(String.join(", ", tables))));
  }
}
