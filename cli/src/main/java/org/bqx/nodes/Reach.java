package org.bqx.nodes;

import java.util.List;
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
 */
public record Reach(List<String> pairs) {
  /** Copies the list. */
  public Reach {
    pairs = pairs == null ? null : List.copyOf(pairs);
  }

  /** Asks the nodes, where there are some. */
  public static Reach of(DSLContext sql) {
    if (!NodeMap.isFront(sql)) {
      return new Reach(null);
    }
    List<String> lost = sql.fetch("SELECT pair FROM bqx.lost_pairs()").into(String.class);
    return lost.isEmpty()
        ? new Reach(null)
        : new Reach(
            sql.fetch(
                    "SELECT pair FROM bqx.pair_node WHERE pair <> ALL (?) ORDER BY pair",
                    (Object) lost.toArray(String[]::new))
                .into(String.class));
  }

  /** Returns what is true of rows that can be read. */
  public Condition condition(Field<String> pair) {
    return pairs == null ? DSL.noCondition() : pair.in(pairs);
  }

  /**
   * Returns the pairs with commas between them, for SQL that is written out, where NULL is of all.
   * It makes an array of them by {@code string_to_array}: what an array's text is cast to is not
   * known when the query is planned, and rules nothing out.
   */
  public String names() {
    return pairs == null ? null : String.join(",", pairs);
  }
}
