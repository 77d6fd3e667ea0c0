package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.bqx.testkit.BackfillContract;
import org.bqx.testkit.Computing;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Test;

/** What else {@code bqx.backfill_range} does, where the server has Java or its node has. */
abstract class RangeContract extends BackfillContract {
  private static final String RANGE =
      "CALL bqx.backfill_range('%s', NULL, '2024-07-01', '2024-08-01'%s)";
  private static final String FORCE = ", force => true";

  private final TestDatabase database;
  private final TestDatabase node;

  RangeContract(TestDatabase database, TestDatabase node) {
    super(database, node, Computing.byServer());
    this.database = database;
    this.node = node;
  }

  @Test
  void aForcedRangeRemovesRowsWhoseBarsAreGoneAndComputesTheOthersAgain() throws SQLException {
    try (SqlSession runner = new SqlSession(database.connectAs("bqx_runner"));
        SqlSession home = new SqlSession(node.connect())) {
      runner.execute(RANGE.formatted("reg", ""));
      String july = Migrated.digest(home, "reg_eurusd_2024_07");
      String august = Migrated.digest(home, "reg_eurusd_2024_08");
      home.execute("DELETE FROM bqx.m1 WHERE time >= '2024-08-01Z'");

      assertThat(runner.notices(RANGE.formatted("reg", "")))
          .containsSubsequence(
              "1 partition left out: its month has no bars",
              "1 partition with rows whose bars or quotes are gone",
              "0 partitions computed (0 rows), 1 done before, 0 held by others, 0 failed");
      assertThat(Migrated.digest(home, "reg_eurusd_2024_08")).isEqualTo(august);

      assertThat(runner.notices(RANGE.formatted("reg", FORCE)))
          .contains(
              "1 partition computed (33120 rows), 0 done before, 0 held by others, 0 failed,"
                  + " rows of 1 partition removed");
      assertThat(home.value("SELECT to_regclass('bqx.reg_eurusd_2024_08')")).isNull();
      assertThat(Migrated.digest(home, "reg_eurusd_2024_07")).isEqualTo(july);
      assertThat(
              runner.column(
                  "SELECT concat_ws(' ', month, state, reason, attempts) FROM bqx.progress"
                      + " WHERE family = 'reg' ORDER BY 1"))
          .containsExactly("2024-07-01 done 2", "2024-08-01 no bars");

      assertThat(runner.notices(RANGE.formatted("reg", FORCE)))
          .containsSubsequence(
              "1 partition left out: its month has no bars",
              "1 partition computed (33120 rows), 0 done before, 0 held by others, 0 failed");
    }
  }

  @Test
  void aForcedRangeOfNothingButLostBarsRemovesTheirRows() throws SQLException {
    try (SqlSession runner = new SqlSession(database.connectAs("bqx_runner"));
        SqlSession home = new SqlSession(node.connect())) {
      runner.execute(RANGE.formatted("bqx", ""));
      home.execute("DELETE FROM bqx.m1");
      assertThatThrownBy(() -> runner.execute(RANGE.formatted("bqx", "")))
          .hasMessageContaining("no bars from 2024-07 to 2024-08");
      assertThat(runner.number("SELECT count(*) FROM bqx.bqx")).isEqualTo(41_760);
      assertThat(runner.notices(RANGE.formatted("bqx", FORCE)))
          .contains(
              "0 partitions computed (0 rows), 0 done before, 0 held by others, 0 failed,"
                  + " rows of 2 partitions removed");
      assertThat(runner.number("SELECT count(*) FROM bqx.bqx")).isZero();
      assertThat(runner.number("SELECT count(*) FROM bqx.partition_state")).isZero();
    }
  }

  @Test
  void aForcedRangeRemovesRowsWhoseQuotesAreGone() throws SQLException {
    try (SqlSession superuser = new SqlSession(database.connect());
        SqlSession home = new SqlSession(node.connect())) {
      superuser.execute("SELECT bqx.enable_family('spread')");
      try {
        home.execute(
            "UPDATE bqx.m1 SET bid_close = close, ask_close = close * 1.0001"
                + " WHERE time = '2024-08-02Z'");
        superuser.execute(RANGE.formatted("spread", ""));
        home.execute("UPDATE bqx.m1 SET ask_close = NULL WHERE time = '2024-08-02Z'");
        assertThat(superuser.notices(RANGE.formatted("spread", "")))
            .containsSubsequence(
                "2 partitions left out: no bar of theirs has bid and ask",
                "1 partition with rows whose bars or quotes are gone");
        assertThat(superuser.notices(RANGE.formatted("spread", FORCE)))
            .containsSubsequence(
                "1 partition left out: no bar of it has bid and ask",
                "0 partitions computed (0 rows), 0 done before, 0 held by others, 0 failed,"
                    + " rows of 1 partition removed");
        assertThat(home.value("SELECT to_regclass('bqx.spread_eurusd_2024_08')")).isNull();
      } finally {
        superuser.execute("SELECT bqx.enable_family('spread', false)");
      }
    }
  }
}
