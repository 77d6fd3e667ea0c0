package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BackfillIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private SqlSession sql;

  @BeforeAll
  static void generate() {
    assertThat(BQX.run("migrate").code()).isZero();
    Result first =
        BQX.run("generate", "--pairs", "eurusd,EUR/JPY", "--from", "2024-07", "--to", "2024-07");
    assertThat(first.code()).isZero();
    assertThat(first.out()).containsPattern("eurusd 3\\d,\\d{3} read, 3\\d,\\d{3} inserted");
    Result second =
        BQX.run("generate", "--pairs", "eurusd,eurjpy", "--from", "2024-07", "--to", "2024-07");
    assertThat(second.code()).isZero();
    assertThat(second.err()).contains("nothing changed");
  }

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
    assertThat(BQX.run("backfill").code()).isZero();
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  @Test
  void whatIsDoneIsNotDoneAgain() throws SQLException {
    assertThat(states()).containsExactly("bqx done", "reg done", "bqx done", "reg done");
    Result again = BQX.run("backfill");
    assertThat(again.code()).isZero();
    assertThat(again.out()).isEqualTo("nothing to compute" + System.lineSeparator());
    Result forced =
        BQX.run("backfill", "--force", "--family", "reg", "--pairs", "EURUSD", "--json");
    assertThat(forced.code()).isZero();
    assertThat(forced.out())
        .startsWith("{\"schema\":1,")
        .contains("\"planned\":1,\"done\":1,\"rows\":" + bars("eurusd"));
  }

  @Test
  void othersSeedIsRefusedAndChangesNothing() throws SQLException {
    long bars = bars("eurusd");
    Result other =
        BQX.run(
            "generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07", "--seed", "9");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("bars are there that are not these");
    assertThat(bars("eurusd")).isEqualTo(bars);
  }

  @Test
  void onePairsBadBarsDoNotStopTheOthers() throws SQLException {
    sql.execute(
        "UPDATE bqx.m1 SET close = close + 0 WHERE pair = 'eurjpy' AND time < '2024-07-02'");
    sql.execute(
        "UPDATE bqx.m1 SET rate_index = NULL WHERE pair = 'eurusd' AND time = '2024-07-03 12:00Z'");
    Result partly = BQX.run("backfill");
    assertThat(partly.code()).isEqualTo(1);
    assertThat(partly.err()).contains("failed: bqx eurusd 2024-07").contains("[QX005]");
    assertThat(partly.out()).contains("2 of 4 partitions computed").contains("2 failed");
    assertThat(states()).containsExactly("bqx done", "reg done", "bqx failed", "reg failed");

    sql.execute("SELECT bqx.set_baseline('eurusd')");
    Result repaired = BQX.run("backfill");
    assertThat(repaired.code()).isZero();
    assertThat(repaired.out()).contains("2 of 2 partitions computed");
  }

  @Test
  void aPartitionThatSomebodyElseComputesIsLeftToThem() throws SQLException {
    sql.execute("SELECT pg_advisory_lock(bqx.partition_lock('bqx', 'eurusd', '2024-07-01'))");
    Result held =
        BQX.run("backfill", "--force", "--pairs", "eurusd", "--family", "bqx", "--wait", "1");
    assertThat(held.code()).isEqualTo(5);
    assertThat(held.err()).contains("held: bqx eurusd 2024-07").contains("[55P03]");
    sql.execute("SELECT pg_advisory_unlock_all()");
    assertThat(states()).containsOnly("bqx done", "reg done");
  }

  @Test
  void unknownNamesAreUsageErrors() {
    assertThat(BQX.run("backfill", "--pairs", "eurxxx").code()).isEqualTo(2);
    assertThat(BQX.run("backfill", "--family", "bqr").err()).contains("family \"bqr\"");
  }

  private List<String> states() throws SQLException {
    return sql.column(
        "SELECT family || ' ' || state FROM bqx.progress WHERE pair IN ('eurusd', 'eurjpy')"
            + " ORDER BY pair, family");
  }

  private long bars(String pair) throws SQLException {
    return sql.number("SELECT count(*) FROM bqx.m1 WHERE pair = ?", pair);
  }
}
