package org.bqx.faults;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bqx.testkit.SqlSession;

/** Bars of many pairs and months, few in each, and digests of what is computed from them. */
public final class SmallMonths {
  /** Locks, and backends that compute: what must be gone when nobody works any more. */
  static final String LEFT_BEHIND =
      """
      SELECT (SELECT count(*) FROM pg_stat_activity
              WHERE datname = current_database() AND application_name LIKE 'bqx %')
          + (SELECT count(*) FROM pg_locks
             WHERE locktype = 'advisory'
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
          + (SELECT count(*) FROM pg_class WHERE relname LIKE '%\\_building%')
      """;

  private static final String CLOSE =
      "1 + (hashtext(pair || extract(epoch FROM %s) || %d) & 1023) / 1e5";

  private SmallMonths() {}

  /**
   * Inserts the first minutes of the months from 2024-07 on, for the first pairs by name, and sets
   * the baselines.
   */
  public static void insert(SqlSession sql, int pairs, int months, int minutes)
      throws SQLException {
    sql.execute(
        "SELECT bqx.create_months(pair, '2024-07-01', (DATE '2024-06-01' + ? * interval '1 month')::date)"
            + " FROM bqx.pair WHERE pair_no <= ?",
        months,
        pairs);
    sql.execute(
        """
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume)
        SELECT pair, t, c, c, c, c, 1
        FROM bqx.pair,
            generate_series(1, ?) month,
            generate_series(0, ? - 1) n,
            LATERAL (SELECT bqx.month_start((DATE '2024-06-01' + month * interval '1 month')::date)
                + n * interval '1 minute' AS t) minute,
            LATERAL (SELECT %s AS c) close
        WHERE pair_no <= ?
        """
            .formatted(CLOSE.formatted("t", 0)),
        months,
        minutes,
        pairs);
    sql.execute("SELECT bqx.set_baseline(pair) FROM bqx.pair WHERE pair_no <= ?", pairs);
    sql.execute("ANALYZE bqx.m1");
  }

  /** Changes every bar to what it is in another version of history; {@link #insert}'s is 0. */
  static void change(SqlSession sql, int version) throws SQLException {
    sql.execute("UPDATE bqx.m1 SET close = " + CLOSE.formatted("time", version));
  }

  /** Drops every partition of rows and what is known of them. */
  public static void forgetRows(SqlSession sql) throws SQLException {
    for (String partition :
        sql.column(
            "SELECT relid::regclass FROM bqx.feature, pg_partition_tree(to_regclass('bqx.' || family)) WHERE isleaf AND level = 2")) {
      sql.execute("DROP TABLE " + partition);
    }
    sql.execute("TRUNCATE bqx.partition_state, bqx.run RESTART IDENTITY");
  }

  /** Returns for each partition that has rows a digest of every bit of them, in time order. */
  public static Map<String, String> digests(SqlSession sql) throws SQLException {
    Map<String, String> digests = new TreeMap<>();
    for (String family : List.of("bqx", "reg")) {
      for (List<Object> row :
          sql.rows(
              "SELECT tableoid::regclass::text, md5(string_agg(md5(record_send(r)), '' ORDER BY ts_utc)) FROM bqx.%s r GROUP BY 1"
                  .formatted(family))) {
        digests.put((String) row.get(0), (String) row.get(1));
      }
    }
    return digests;
  }
}
