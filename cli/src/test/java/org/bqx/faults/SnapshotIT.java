package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bqx.cli.CommandLineRunner;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bars that change while a partition is computed from them. */
class SnapshotIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final int BARS = 3000;
  private static final int ROUNDS = 40;

  private SqlSession sql;
  private SqlSession worker;

  @BeforeEach
  void makeBars() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    sql = new SqlSession(DATABASE.connect());
    worker = new SqlSession(DATABASE.connect());
    sql.execute("TRUNCATE bqx.m1, bqx.m1_month, bqx.baseline_rates");
    SmallMonths.forgetRows(sql);
    SmallMonths.insert(sql, 1, 1, BARS);
  }

  @AfterEach
  void disconnect() throws SQLException {
    worker.close();
    sql.close();
  }

  @Test
  void aChangeAfterTheBarsAreReadIsSeenAsStaleAfterwards() throws Exception {
    assertThat(compute()).isEqualTo(BARS);
    Map<String, String> before = SmallMonths.digests(sql);
    SmallMonths.change(sql, 1);
    assertThat(compute()).isEqualTo(BARS);
    Map<String, String> changed = SmallMonths.digests(sql);
    assertThat(changed).isNotEqualTo(before);

    // The bars are read, the rows computed, and the old ones are read by somebody.
    sql.execute("BEGIN");
    sql.execute("SELECT count(*) FROM bqx.bqx_audcad");
    CompletableFuture<Long> outcome = CompletableFuture.supplyAsync(this::computeByForce);
    try (SqlSession other = new SqlSession(DATABASE.connect())) {
      other.await(
          1,
          "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()");
      SmallMonths.change(other, 0);
    }
    sql.execute("COMMIT");
    assertThat(outcome.get(1, TimeUnit.MINUTES)).isEqualTo(BARS);
    assertThat(SmallMonths.digests(sql)).isEqualTo(changed);
    assertThat(sql.text("SELECT state || ' ' || reason FROM bqx.progress WHERE family = 'bqx'"))
        .isEqualTo("stale bars changed");
    assertThat(compute()).isEqualTo(BARS);
    assertThat(SmallMonths.digests(sql)).isEqualTo(before);
  }

  /**
   * One session sets all bars to one price, then to another, and so on, each time in one
   * transaction: whatever bars a partition is computed from, they are all equal.
   */
  @Test
  void everyPartitionIsOfOneSnapshotWhileBarsChangeAllTheTime() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Integer> changes = CompletableFuture.supplyAsync(() -> changeBarsUntil(done));
    sql.await(
        1,
        "SELECT count(*) FROM (SELECT FROM bqx.m1 GROUP BY close HAVING count(*) = "
            + BARS
            + ") all_equal");
    for (int round = 0; round < ROUNDS; round++) {
      computeByForce();
      List<List<Object>> versions =
          sql.rows(
              """
              SELECT count(DISTINCT rate_index), count(*),
                  count(*) FILTER (WHERE w630_bqx_range <> 0 OR w630_bqx_return <> 0
                      OR w630_bqx_max_index <> rate_index)
              FROM bqx.bqx_audcad
              """);
      assertThat(versions).containsExactly(List.of(1L, (long) BARS, 0L));
    }
    done.set(true);
    assertThat(changes.get(1, TimeUnit.MINUTES)).isGreaterThan(ROUNDS / 4);
    compute();
    assertThat(sql.text("SELECT state FROM bqx.progress WHERE family = 'bqx'")).isEqualTo("done");
    assertThat(
            sql.number(
                "SELECT count(*) FROM bqx.bqx JOIN bqx.m1 ON time = ts_utc AND m1.rate_index = bqx.rate_index"))
        .isEqualTo(BARS);
  }

  private static int changeBarsUntil(AtomicBoolean done) {
    try (SqlSession writer = new SqlSession(DATABASE.connect())) {
      int changes = 0;
      for (; !done.get(); changes++) {
        writer.execute("UPDATE bqx.m1 SET close = ?::float8", 2 + changes % 7);
      }
      return changes;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private long compute() throws SQLException {
    return worker.number("SELECT bqx.backfill('bqx', 'audcad', '2024-07-01')");
  }

  private long computeByForce() {
    try {
      return worker.number("SELECT bqx.backfill('bqx', 'audcad', '2024-07-01', true)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
