package org.bqx.matrix;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bqx.engine.LookAhead;
import org.bqx.partition.Need;
import org.bqx.partition.Partition;
import org.bqx.terminal.Quantity;
import org.bqx.verify.Finding;

/** Has rows of every family that a matrix reads computed again, without what they may not read. */
final class LookAheadCheck {
  static final String LOOK_AHEAD = "no look-ahead";

  private final Connection connection;
  private final MatrixNeeds needs;
  private final MatrixFact matrix;
  private final int sample;
  private final List<Finding> facts;
  private final List<Finding> differences;

  /**
   * @param sample rows of a partition
   */
  LookAheadCheck(
      Connection connection,
      MatrixNeeds needs,
      int sample,
      List<Finding> facts,
      List<Finding> differences) {
    this.connection = connection;
    this.needs = needs;
    matrix = needs.matrix();
    this.sample = sample;
    this.facts = facts;
    this.differences = differences;
  }

  /**
   * Checks some months.
   *
   * @param step runs after each of a pair
   */
  void check(Set<YearMonth> months, Runnable step) throws SQLException {
    int rows = 0;
    for (Map.Entry<String, Set<String>> pair : families().entrySet()) {
      for (YearMonth month : months) {
        for (String family : pair.getValue()) {
          LookAhead.Result result =
              LookAhead.of(connection, new Partition(family, pair.getKey(), month), sample, null);
          rows += result.rows();
          addLookAhead(pair.getKey(), month, family, result, null);
        }
        if (matrix.targetWindow() != null && matrix.pairs().contains(pair.getKey())) {
          addLookAhead(
              pair.getKey(),
              month,
              "bqx",
              LookAhead.of(
                  connection,
                  new Partition("bqx", pair.getKey(), month),
                  sample,
                  matrix.targetWindow()),
              "w%d_bqx_return".formatted(matrix.targetWindow()));
        }
        if (matrix.pairs().contains(pair.getKey())) {
          step.run();
        }
      }
    }
    facts.add(
        new Finding(
            LOOK_AHEAD,
            null,
            null,
            null,
            null,
            null,
            "%s of families computed from the bars up to theirs, and with the others changed"
                .formatted(Quantity.of(rows, "row")),
            null));
  }

  /**
   * Returns the columns of a family that the matrix has; none where it has what is derived from
   * some, for then any of them may count.
   */
  private Set<String> columnsOf(String family) {
    Set<String> names = new HashSet<>();
    for (MatrixColumn column : needs.columns()) {
      if (family.equals(column.family()) && column.source() != null) {
        String[] source = column.source().split("\\.", 2);
        if (!source[0].equals(family)) {
          return Set.of();
        }
        names.add(source[1]);
      }
    }
    return names;
  }

  private void addLookAhead(
      String pair, YearMonth month, String family, LookAhead.Result result, String only) {
    Set<String> named = new HashSet<>();
    Set<String> used = only == null ? columnsOf(family) : Set.of(only);
    for (LookAhead.Difference one : result.differences()) {
      if ((used.isEmpty() || used.contains(one.column()))
          && named.add(one.column() + one.change())) {
        long others =
            result.differences().stream()
                    .filter(
                        other ->
                            other.column().equals(one.column())
                                && other.change().equals(one.change()))
                    .map(LookAhead.Difference::time)
                    .distinct()
                    .count()
                - 1;
        differences.add(
            new Finding(
                (only == null ? LOOK_AHEAD : RowsCheck.TARGET) + ": " + one.change(),
                family,
                pair,
                month,
                one.time(),
                one.column(),
                Quantity.withOthers(Objects.requireNonNullElse(one.found(), "NULL"), others),
                Objects.requireNonNullElse(one.expected(), "NULL")));
      }
    }
  }

  /** Returns the families that are read of each pair. */
  private Map<String, Set<String>> families() {
    Map<String, Set<String>> families = new TreeMap<>();
    for (String pair : matrix.pairs()) {
      for (Need need : needs.of(pair)) {
        families.computeIfAbsent(need.pair(), name -> new TreeSet<>()).add(need.family());
      }
    }
    return families;
  }
}
