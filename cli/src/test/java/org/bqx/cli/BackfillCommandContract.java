package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The bars of two pairs that {@code generate} makes, and what {@code backfill} leaves of them done.
 * Where the database is a front, bars are changed on its node.
 */
abstract class BackfillCommandContract {
  private final TestDatabase database;
  private final TestDatabase node;
  private final CommandLineRunner bqx;

  /** Of the database that people are given. */
  private SqlSession sql;

  /** Of the one that has the bars: the same, or a front's node. */
  private SqlSession home;

  BackfillCommandContract(TestDatabase database) {
    this(database, database, new CommandLineRunner(database));
  }

  BackfillCommandContract(TestDatabase database, TestDatabase node, CommandLineRunner bqx) {
    this.database = database;
    this.node = node;
    this.bqx = bqx;
  }

  /** Makes the bars. */
  static void generate(CommandLineRunner bqx) {
    Result first =
        bqx.run("generate", "--pairs", "eurusd,EUR/JPY", "--from", "2024-07", "--to", "2024-07");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).containsPattern("eurusd 3\\d,\\d{3} read, 3\\d,\\d{3} inserted");
    Result second =
        bqx.run("generate", "--pairs", "eurusd,eurjpy", "--from", "2024-07", "--to", "2024-07");
    assertThat(second.code()).isZero();
    assertThat(second.err()).contains("nothing changed");
  }

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(database.connect());
    home = node == database ? sql : new SqlSession(node.connect());
    assertThat(bqx.run("backfill").code()).isZero();
  }

  @AfterEach
  void disconnect() throws SQLException {
    home.close();
    sql.close();
  }

  @Test
  void whatIsDoneIsNotDoneAgain() throws SQLException {
    assertThat(states()).containsExactly("bqx done", "reg done", "bqx done", "reg done");
    Result again = bqx.run("backfill");
    assertThat(again.code()).isZero();
    assertThat(again.out()).isEqualTo("nothing to compute" + System.lineSeparator());
    Result forced =
        bqx.run("backfill", "--force", "--family", "reg", "--pairs", "EURUSD", "--json");
    assertThat(forced.code()).isZero();
    assertThat(forced.out())
        .startsWith("{\"schema\":1,")
        .contains("\"planned\":1,\"done\":1,\"rows\":" + bars("eurusd"));
  }

  @Test
  void othersSeedIsRefusedAndChangesNothing() throws SQLException {
    long bars = bars("eurusd");
    Result other =
        bqx.run(
            "generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07", "--seed", "9");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains(": other bars are there, ");
    assertThat(bars("eurusd")).isEqualTo(bars);
  }

  @Test
  void onePairsBadBarsDoNotStopTheOthers() throws SQLException {
    home.execute(
        "UPDATE bqx.m1 SET close = close + 0 WHERE pair = 'eurjpy' AND time < '2024-07-02'");
    home.execute(
        "UPDATE bqx.m1 SET rate_index = NULL WHERE pair = 'eurusd' AND time = '2024-07-03 12:00Z'");
    Result partly = bqx.run("backfill");
    assertThat(partly.code()).isEqualTo(1);
    assertThat(partly.err()).contains("failed: bqx eurusd 2024-07").contains("[QX005]");
    assertThat(partly.out()).contains("2 of 4 partitions computed").contains("2 failed");
    assertThat(states()).containsExactly("bqx done", "reg done", "bqx failed", "reg failed");

    sql.execute("SELECT bqx.set_baseline('eurusd')");
    Result repaired = bqx.run("backfill");
    assertThat(repaired.code()).isZero();
    assertThat(repaired.out()).contains("2 of 2 partitions computed");
  }

  @Test
  void aPartitionThatSomebodyElseComputesIsLeftToThem() throws SQLException {
    sql.execute("SELECT pg_advisory_lock(bqx.partition_lock('bqx', 'eurusd', '2024-07-01'))");
    Result held =
        bqx.run("backfill", "--force", "--pairs", "eurusd", "--family", "bqx", "--wait", "1");
    assertThat(held.code()).isEqualTo(5);
    assertThat(held.err()).contains("held: bqx eurusd 2024-07").contains("[55P03]");
    sql.execute("SELECT pg_advisory_unlock_all()");
    assertThat(states()).containsOnly("bqx done", "reg done");
  }

  @Test
  void unknownNamesAreUsageErrors() {
    assertThat(bqx.run("backfill", "--pairs", "eurxxx").code()).isEqualTo(2);
    assertThat(bqx.run("backfill", "--family", "bqr").err()).contains("family \"bqr\"");
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
