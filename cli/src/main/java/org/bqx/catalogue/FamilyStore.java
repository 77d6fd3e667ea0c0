package org.bqx.catalogue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.jooq.Routines;
import org.bqx.nodes.LostPair;
import org.bqx.nodes.NodeMap;
import org.bqx.nodes.Reach;
import org.jooq.DSLContext;

/** Reads the families of the stages that are there, and says which of them are computed. */
public final class FamilyStore implements AutoCloseable {
  private static final String EVERY = "all";

  private static final String BYTES =
      """
      SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::bigint
      FROM pg_partition_tree(to_regclass(format('bqx.%I', f.family))) WHERE isleaf
      """;

  /** Of nodes that answer, each asked once. */
  private static final String SIZES_OF_NODES =
      "WITH sizes AS MATERIALIZED (SELECT family, bytes FROM bqx.family_size)";

  private static final String BYTES_OF_NODES =
      "SELECT coalesce(sum(s.bytes), 0)::bigint FROM sizes s WHERE s.family = f.family";

  private final Connection connection;
  private final DSLContext sql;

  /** Connects to {@code database}. */
  public FamilyStore(Database database) {
    connection = database.connect();
    sql = Sql.on(connection);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** Returns the pairs that are not counted, since their node does not answer. */
  public List<LostPair> lost() {
    return Reach.of(sql).lost();
  }

  /** Returns the families in the catalogue's order. */
  public List<FamilyFact> read() {
    boolean isFront = NodeMap.isFront(sql);
    return sql.fetch(
            """
            %s
            SELECT f.family, f.role, f.enabled, f.columns, f.lookback, f.lookahead, f.tables_stage AS stage,
                coalesce(p.partitions, 0) AS partitions, coalesce(p.done, 0) AS done,
                coalesce(p.without_quotes, 0) AS without_quotes,
                (%s) AS bytes,
                f.description
            FROM bqx.family f
            LEFT JOIN (
                SELECT family, count(*) FILTER (WHERE state NOT IN ('no bars', 'no quotes'))::int AS partitions,
                    count(*) FILTER (WHERE state = 'done')::int AS done,
                    count(*) FILTER (WHERE state = 'no quotes')::int AS without_quotes
                FROM bqx.progress
                GROUP BY family
            ) p ON p.family = f.family
            ORDER BY f.family_no
            """
                .formatted(isFront ? SIZES_OF_NODES : "", isFront ? BYTES_OF_NODES : BYTES))
        .into(FamilyFact.class);
  }

  /**
   * Returns the families of these names, in any case; all for {@code all}.
   *
   * @throws Failure when one is of no stage that is there
   */
  public List<String> named(List<String> names) {
    List<String> known =
        sql.fetch("SELECT family FROM bqx.feature ORDER BY family_no").into(String.class);
    List<String> wanted = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    if (wanted.contains(EVERY)) {
      return known;
    }
    for (String name : wanted) {
      if (!known.contains(name)) {
        throw new Failure(
            ExitCode.USAGE,
            "family \"%s\" does not exist".formatted(name),
            "list what exists: ./bqx families");
      }
    }
    return wanted;
  }

  /** Has a family computed from now on, or no more. Takes the owner's rights. */
  public void enable(String family, boolean enabled) {
    Routines.enableFamily(sql.configuration(), family, enabled);
  }
}
