package org.bqx.monitor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bqx.partition.PartitionRange;
import org.bqx.partition.Selection;
import org.bqx.partition.Work;

/**
 * A run of bqx under way, as {@code bqx.run_history} has it.
 *
 * @param runId its number
 * @param role whose it is
 * @param startedAt when it began
 * @param work what it computes
 * @param range of which partitions
 * @param workers how many at a time
 * @param force whether it computes what is done, too
 * @param retry whether it computes what failed, and nothing else
 * @param follow whether it goes on with new bars
 */
public record RunFact(
    int runId,
    String role,
    Instant startedAt,
    Work work,
    PartitionRange range,
    int workers,
    boolean force,
    boolean retry,
    boolean follow) {

  /**
   * Returns whether the run has still to compute a partition of its work, or to remove its rows.
   */
  boolean hasAhead(PartitionFact partition) {
    Selection taken = Selection.of(force, retry);
    boolean tried = partition.finishedAt() != null && !partition.finishedAt().isBefore(startedAt);
    return range.has(partition.family(), partition.pair(), partition.month())
        && (taken.takes(partition.state()) || taken.removes(partition.state(), partition.rows()))
        // Each partition has its turn once, but for one whose bars have changed again.
        && (!tried || follow && Selection.isMadeByBars(partition.state()));
  }

  /** Returns the options that it was started with. */
  String options() {
    List<String> options = new ArrayList<>();
    add(options, "--family", String.join(",", range.families()));
    add(options, "--pairs", String.join(",", range.pairs()));
    add(options, "--from", range.from() == null ? "" : range.from().toString());
    add(options, "--to", range.to() == null ? "" : range.to().toString());
    add(options, "--workers", Integer.toString(workers));
    if (force) {
      options.add("--force");
    }
    if (retry) {
      options.add("--retry");
    }
    if (follow) {
      options.add("--follow");
    }
    return String.join(" ", options);
  }

  private static void add(List<String> options, String option, String value) {
    if (!value.isEmpty()) {
      options.add(option + " " + value);
    }
  }
}
