package org.bqx.export;

import static org.bqx.jooq.Tables.PARTITION_STATE;
import static org.bqx.jooq.Tables.PROGRESS;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.partition.Partition;
import org.bqx.partition.PartitionState;
import org.bqx.partition.ProgressFields;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** How it stands with the partitions that an export reads, in one snapshot. */
final class PartitionFacts {
  /**
   * A partition that has bars or rows.
   *
   * @param reason why it is stale, or what failed
   * @param rows null when there are none
   * @param source what its rows were computed from, and by what
   */
  private record Fact(
      PartitionState state, String reason, long bars, Long rows, List<Object> source) {}

  /**
   * What a pair's month would be read from.
   *
   * @param text what all its partitions were computed from
   * @param missing partitions that have no rows, or are being computed
   * @param stale partitions whose rows are not what their bars would give now
   */
  record Sources(String text, Set<String> missing, Set<String> stale) {
    private static final int NAMED = 5;

    /**
     * Checks that rows are there.
     *
     * @param allowStale whether those will do that are not what their bars would give now
     * @throws Failure that names partitions that will not do
     */
    void require(boolean allowStale) {
      Set<String> refused = new LinkedHashSet<>(missing);
      if (!allowStale) {
        refused.addAll(stale);
      }
      if (!refused.isEmpty()) {
        String named = String.join(", ", refused.stream().limit(NAMED).toList());
        String more =
            refused.size() > NAMED ? ", and %,d more".formatted(refused.size() - NAMED) : "";
        throw new Failure(
            ExitCode.FAILED,
            "rows are not what the bars would give now: " + named + more,
            missing.isEmpty()
                ? "./bqx backfill, or export them as they are with --allow-stale"
                : "./bqx backfill");
      }
    }
  }

  private final Map<Partition, Fact> facts = new HashMap<>();

  private PartitionFacts() {}

  /**
   * Reads them.
   *
   * @param from first month, null for all there are
   * @param to last month, null likewise
   */
  static PartitionFacts read(DSLContext sql, Collection<Need> needs, YearMonth from, YearMonth to) {
    Condition wanted =
        PROGRESS
            .FAMILY
            .in(needs.stream().map(Need::family).distinct().toList())
            .and(PROGRESS.PAIR.in(needs.stream().map(Need::pair).distinct().toList()));
    if (from != null) {
      wanted = wanted.and(ProgressFields.MONTH.between(from, to));
    }
    PartitionFacts read = new PartitionFacts();
    sql.select(
            PROGRESS.FAMILY,
            PROGRESS.PAIR,
            ProgressFields.MONTH,
            ProgressFields.STATE,
            PROGRESS.REASON,
            PROGRESS.BARS,
            PARTITION_STATE.ROWS,
            PARTITION_STATE.SOURCE_DIGEST,
            PARTITION_STATE.FUNCTIONS_VERSION,
            PARTITION_STATE.BASELINE_RATE,
            PARTITION_STATE.WINDOWS)
        .from(PROGRESS)
        .leftJoin(PARTITION_STATE)
        .on(PARTITION_STATE.FAMILY.eq(PROGRESS.FAMILY))
        .and(PARTITION_STATE.PAIR.eq(PROGRESS.PAIR))
        .and(PARTITION_STATE.MONTH.eq(PROGRESS.MONTH))
        .where(wanted)
        .forEach(
            row ->
                read.facts.put(
                    new Partition(row.value1(), row.value2(), row.value3()),
                    new Fact(
                        row.value4(),
                        row.value5(),
                        row.value6(),
                        row.value7(),
                        List.of(
                            String.valueOf(row.value7()),
                            String.valueOf(row.value8()),
                            String.valueOf(row.value9()),
                            String.valueOf(row.value10()),
                            row.value11() == null ? "" : List.of(row.value11())))));
    return read;
  }

  /** Returns the months in which a pair has bars, or rows of one of the families, ascending. */
  List<YearMonth> months(String pair) {
    return facts.entrySet().stream()
        .filter(fact -> fact.getKey().pair().equals(pair))
        .filter(fact -> fact.getValue().state() != PartitionState.NO_BARS)
        .map(fact -> fact.getKey().month())
        .distinct()
        .sorted()
        .toList();
  }

  /** Returns the partitions that a pair's month is read from, in order. */
  List<Partition> partitions(Collection<Need> needs, YearMonth month) {
    List<Partition> partitions = new ArrayList<>();
    for (Need need : needs) {
      partitions.add(new Partition(need.family(), need.pair(), month));
      beside(need, month, -1, need.barsBefore(), partitions);
      beside(need, month, 1, need.barsAfter(), partitions);
    }
    return partitions;
  }

  /** Adds the months before or after one until they have so many bars. */
  private void beside(Need need, YearMonth month, int step, long bars, List<Partition> partitions) {
    List<YearMonth> months =
        facts.keySet().stream()
            .filter(of -> of.family().equals(need.family()) && of.pair().equals(need.pair()))
            .map(Partition::month)
            .filter(other -> other.compareTo(month) * step > 0)
            .sorted(step > 0 ? Comparator.naturalOrder() : Comparator.reverseOrder())
            .toList();
    long left = bars;
    for (YearMonth other : months) {
      if (left <= 0) {
        return;
      }
      Partition partition = new Partition(need.family(), need.pair(), other);
      partitions.add(partition);
      left -= facts.get(partition).bars();
    }
  }

  /** Returns what rows from these partitions would be. */
  Sources sources(Collection<Partition> partitions) {
    Set<String> missing = new LinkedHashSet<>();
    Set<String> stale = new LinkedHashSet<>();
    StringBuilder read = new StringBuilder();
    for (Partition partition : partitions) {
      Fact fact = facts.get(partition);
      if (fact == null || fact.state() == PartitionState.NO_BARS) {
        continue;
      }
      read.append(partition).append(' ').append(fact.source()).append('\n');
      if (fact.rows() == null || fact.state() == PartitionState.RUNNING) {
        missing.add("%s (%s)".formatted(partition, fact.state()));
      } else if (fact.state() != PartitionState.DONE) {
        stale.add("%s (%s: %s)".formatted(partition, fact.state(), fact.reason()));
      }
    }
    return new Sources(read.toString(), missing, stale);
  }
}
