package org.bqx.nodes;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * Of which pairs the bars can be read: all but those on nodes that do not answer. PostgreSQL fails
 * a query that comes to such a node, and does not come to it where a condition on the pair rules it
 * out.
 *
 * @param pairs of nodes that answer, null where all can be read
 * @param lost the others, by node and name
 */
public record Reach(List<String> pairs, List<LostPair> lost) {
  private static final Reach ALL = new Reach(null, List.of());

  /** Copies the lists. */
  public Reach {
    pairs = pairs == null ? null : List.copyOf(pairs);
    lost = List.copyOf(lost);
  }

  /** Asks the nodes, where there are some. */
  public static Reach of(DSLContext sql) {
    if (!NodeMap.isFront(sql)) {
      return ALL;
    }
    List<LostPair> lost =
        sql.fetch("SELECT pair, node, reason FROM bqx.lost_pairs() ORDER BY node, pair")
            .into(LostPair.class);
    return lost.isEmpty()
        ? ALL
        : new Reach(
            sql.fetch(
                    "SELECT pair FROM bqx.pair_node WHERE pair <> ALL (?) ORDER BY pair",
                    (Object) lost.stream().map(LostPair::pair).toArray(String[]::new))
                .into(String.class),
            lost);
  }

  /**
   * Returns the nodes that do not answer with their pairs, each in one line: {@code eurgbp usdjpy
   * (node n3: ...)}.
   */
  public static List<String> lines(Collection<LostPair> lost) {
    Map<String, String> byNode =
        lost.stream()
            .collect(
                Collectors.groupingBy(
                    pair -> "node %s: %s".formatted(pair.node(), pair.reason()),
                    TreeMap::new,
                    Collectors.mapping(LostPair::pair, Collectors.joining(" "))));
    return byNode.entrySet().stream()
        .map(one -> "%s (%s)".formatted(one.getValue(), one.getKey()))
        .toList();
  }

  /** Returns what is true of rows that can be read. */
  public Condition condition(Field<String> pair) {
    return pairs == null ? DSL.noCondition() : pair.in(pairs);
  }

  /** Returns the same for SQL that is written out, of a column that has its name there. */
  public Condition condition(String pair) {
    return condition(DSL.field(pair, String.class));
  }
}
