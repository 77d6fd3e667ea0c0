package org.bqx.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bqx.terminal.Quantity;
import org.jooq.Condition;

/**
 * How many partitions there is nothing to compute from, so that they are no part of the work.
 *
 * @param noBars whose months have no bars
 * @param noQuotes whose bars lack the bid and ask that they are made of
 */
public record LeftOut(int noBars, int noQuotes) {
  /** None. */
  public static final LeftOut NONE = new LeftOut(0, 0);

  /** What is true of the rows of {@code bqx.progress} that are left out. */
  public static final Condition CONDITION =
      ProgressFields.STATE.in(PartitionState.NO_BARS, PartitionState.NO_QUOTES);

  /** Returns how many are left out of partitions in these states. */
  public static LeftOut of(Stream<PartitionState> states) {
    int[] counts = new int[PartitionState.values().length];
    states.forEach(state -> counts[state.ordinal()]++);
    return new LeftOut(
        counts[PartitionState.NO_BARS.ordinal()], counts[PartitionState.NO_QUOTES.ordinal()]);
  }

  /** Returns a line for each reason; none where nothing is left out. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    add(lines, noBars, noBars == 1 ? "its month has no bars" : "their months have no bars");
    add(lines, noQuotes, "no bar of %s has bid and ask".formatted(noQuotes == 1 ? "it" : "theirs"));
    return lines;
  }

  private static void add(List<String> lines, int count, String why) {
    if (count > 0) {
      lines.add("%s left out: %s".formatted(Quantity.of(count, "partition"), why));
    }
  }
}
