package org.bqx.partition;

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
import org.jooq.Condition;
import org.jooq.DSLContext;

/** How it stands with the partitions that rows are read from, in one snapshot. */
public final class PartitionFacts {
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
   * A partition that is not done.
   *
   * @param reason why it is stale, or what failed; null for nothing to say
   */
  public record Open(Partition partition, PartitionState state, String reason) {
    @Override
    public String toString() {
      return "%s (%s%s)".formatted(partition, state, reason == null ? "" : ": " + reason);
    }
  }

  /**
   * What a pair's month would be read from.
   *
   * @param text what all its partitions were computed from
   * @param missing partitions that have no rows, or are being computed
   * @param stale partitions whose rows are not what their bars would give now
   * @param unquoted partitions that have no rows, since no bar has the bid and ask they are made of
   */
  public record Sources(String text, List<Open> missing, List<Open> stale, List<Open> unquoted) {
    /** Copies the lists. */
    public Sources {
      missing = List.copyOf(missing);
      stale = List.copyOf(stale);
      unquoted = List.copyOf(unquoted);
    }

    /** Returns those of a pair's month itself, which has no row without them. */
    public List<Open> unquoted(String pair, YearMonth month) {
      return unquoted.stream()
          .filter(one -> one.partition().pair().equals(pair))
          .filter(one -> one.partition().month().equals(month))
          .toList();
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
  public static PartitionFacts read(
      DSLContext sql, Collection<Need> needs, YearMonth from, YearMonth to) {
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
  public List<YearMonth> months(String pair) {
    return facts.entrySet().stream()
        .filter(fact -> fact.getKey().pair().equals(pair))
        .filter(fact -> fact.getValue().state() != PartitionState.NO_BARS)
        .map(fact -> fact.getKey().month())
        .distinct()
        .sorted()
        .toList();
  }

  /** Returns the partitions that a pair's month is read from, in order. */
  public List<Partition> partitions(Collection<Need> needs, YearMonth month) {
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
  public Sources sources(Collection<Partition> partitions) {
    Set<Open> missing = new LinkedHashSet<>();
    Set<Open> stale = new LinkedHashSet<>();
    Set<Open> unquoted = new LinkedHashSet<>();
    StringBuilder read = new StringBuilder();
    for (Partition partition : partitions) {
      Fact fact = facts.get(partition);
      if (fact == null) {
        continue;
      }
      Open open = new Open(partition, fact.state(), fact.reason());
      if (fact.state().lacksInputs() && fact.rows() == null) {
        if (fact.state() == PartitionState.NO_QUOTES) {
          unquoted.add(open);
        }
        continue;
      }
      read.append(partition).append(' ').append(fact.source()).append('\n');
      if (fact.rows() == null || fact.state() == PartitionState.RUNNING) {
        missing.add(open);
      } else if (fact.state() != PartitionState.DONE) {
        stale.add(open);
      }
    }
    return new Sources(
        read.toString(), List.copyOf(missing), List.copyOf(stale), List.copyOf(unquoted));
  }
}
