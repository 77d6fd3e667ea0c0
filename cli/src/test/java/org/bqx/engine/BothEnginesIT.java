package org.bqx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.bqx.cli.CommandLineRunner;
import org.bqx.testkit.MadeBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two pairs with the same bars, one computed by the server and one by the client: the same rows,
 * and the same facts of them, whatever is written. A family that looks ahead is among them.
 */
class BothEnginesIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final List<String> FAMILIES = List.of("bqx", "reg", "fwd");
  private static final String BY_SERVER = "eurgbp";
  private static final String BY_CLIENT = "gbpusd";

  @Test
  void leaveTheSameRowsAndStates() throws SQLException {
    run("migrate");
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("SELECT bqx.enable_family('fwd')");
      insert(sql, "2024-07-30 00:00Z", "2024-08-01 01:00Z");
      for (String pair : List.of(BY_SERVER, BY_CLIENT)) {
        sql.execute("SELECT bqx.set_baseline(?)", pair);
      }
      assertThat(writesOfBoth(sql)).containsOnly("all rows");

      insert(sql, "2024-08-01 01:00Z", "2024-08-01 02:00Z");
      assertThat(writesOfBoth(sql)).contains("new rows", "tail rows");

      // A bar of the first month that the second looks back to, and one that is read again.
      sql.execute("UPDATE bqx.m1 SET close = 1.2 WHERE time = '2024-07-31 23:00Z'");
      assertThat(writesOfBoth(sql)).containsOnly("all rows");

      // Not in the rows' inputs.
      sql.execute("UPDATE bqx.m1 SET volume = 2 WHERE time = '2024-07-31 23:00Z'");
      assertThat(writesOfBoth(sql)).containsOnly("no rows");

      List<String> rows = rows(sql, BY_CLIENT);
      run("backfill", "--force", "--pairs", BY_CLIENT, "--engine", "server");
      assertThat(rows(sql, BY_CLIENT)).isEqualTo(rows);
    }
  }

  /** Computes both and compares them; returns what was written. */
  private static List<String> writesOfBoth(SqlSession sql) throws SQLException {
    run("backfill", "--pairs", BY_SERVER, "--engine", "server");
    run("backfill", "--pairs", BY_CLIENT, "--engine", "client");
    assertThat(states(sql, BY_CLIENT)).hasSize(6).isEqualTo(states(sql, BY_SERVER));
    assertThat(rows(sql, BY_CLIENT)).isEqualTo(rows(sql, BY_SERVER));
    return sql.column(
        "SELECT DISTINCT last_write FROM bqx.partition_state WHERE finished_at >="
            + " (SELECT max(started_at) FROM bqx.run WHERE parameters->>'pairs' LIKE ?)",
        "%" + BY_CLIENT + "%");
  }

  /** All that is known of the partitions of a pair, but by whom and when they were computed. */
  private static List<String> states(SqlSession sql, String pair) throws SQLException {
    return sql.column(
        """
        SELECT replace((to_jsonb(s) - '{attempts,backend_pid,started_at,finished_at}'::text[])::text, pair, 'PAIR')
        FROM bqx.partition_state s
        WHERE pair = ?
        ORDER BY family, month
        """,
        pair);
  }

  /** A digest a family of every row; JSON has as many digits as tell two numbers apart. */
  private static List<String> rows(SqlSession sql, String pair) throws SQLException {
    StringBuilder query = new StringBuilder("SELECT NULL WHERE ? IS NULL");
    for (String family : FAMILIES) {
      query.append(
          """
           UNION ALL SELECT '%1$s ' || count(*) || ' '
              || md5(string_agg((to_jsonb(r) - 'pair')::text, '' ORDER BY ts_utc))
          FROM bqx.%1$s r WHERE pair = '%2$s'
          """
              .formatted(family, pair));
    }
    return sql.column(query.toString(), pair);
  }

  private static void insert(SqlSession sql, String from, String to) throws SQLException {
    for (String pair : List.of(BY_SERVER, BY_CLIENT)) {
      MadeBars.insert(sql, pair, from, to);
    }
  }

  private static void run(String... arguments) {
    CommandLineRunner.Result result = BQX.run(arguments);
    assertThat(result.code()).as(result.out() + result.err()).isZero();
  }
}
