package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.cluster.PostgresCluster;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * SIGKILL at random moments of a backfill that replaces old rows by new ones: whatever dies, each
 * partition is wholly old or wholly new, its state says which, and the same command completes it.
 *
 * <p>History has two versions. Each round changes every bar to the other one, so the old rows of a
 * round are the new ones of the round before.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class RandomKillContract {
  private static final int PARTITIONS = 2 * 7 * 4;
  private static final long LIMIT_SECONDS = 60;

  private enum Victim {
    BACKEND,
    POSTMASTER,
    COMMAND_LINE
  }

  private final TestDatabase database;
  private final CommandLineRunner bqx;
  private final int rounds;

  @TempDir private Path folder;

  /**
   * @param rounds how often each victim is killed
   */
  RandomKillContract(TestDatabase database, CommandLineRunner bqx, int rounds) {
    this.database = database;
    this.bqx = bqx;
    this.rounds = rounds;
  }

  /** Makes the schema. */
  abstract void migrate() throws SQLException;

  @BeforeAll
  void makeSchema() throws SQLException {
    migrate();
  }

  @ParameterizedTest
  @EnumSource(Victim.class)
  void eachPartitionIsOldOrNewAndTheStateSaysWhich(Victim victim) throws Exception {
    long seed = Long.getLong("bqx.faults.seed", System.nanoTime());
    Random random = new Random(seed);
    String repeat = "-Dbqx.faults.seed=" + seed;
    List<Map<String, String>> versions;
    long span;
    try (SqlSession sql = new SqlSession(database.connect())) {
      sql.execute("TRUNCATE bqx.m1, bqx.m1_month, bqx.baseline_rates");
      SmallMonths.forgetRows(sql);
      SmallMonths.insert(sql, 7, 4, 1500);
      Map<String, String> first = compute(sql);
      SmallMonths.change(sql, 1);
      Map<String, String> second = compute(sql);
      versions = List.of(first, second);
      assertThat(second).hasSize(PARTITIONS);
      assertThat(second.values()).doesNotContainAnyElementsOf(first.values());
      span =
          sql.number(
              "SELECT extract(epoch FROM max(finished_at) - min(finished_at)) * 1000 FROM bqx.partition_state");
    }
    int inTheMiddle = 0;
    for (int round = 0; round < rounds; round++) {
      Map<String, String> before = versions.get((round + 1) % 2);
      Map<String, String> after = versions.get(round % 2);
      String what = "%s, round %d, %s".formatted(victim, round, repeat);
      try (SqlSession sql = new SqlSession(database.connect())) {
        SmallMonths.change(sql, round % 2);
      }
      killInTheMiddle(victim, random, span, what);
      try (SqlSession sql = new SqlSession(database.connect())) {
        sql.await(0, SmallMonths.LEFT_BEHIND);
        Map<String, String> states = new TreeMap<>();
        for (List<Object> row :
            sql.rows(
                "SELECT 'bqx.' || bqx.partition_name(family, pair, month), state FROM bqx.progress")) {
          states.put((String) row.get(0), (String) row.get(1));
        }
        Map<String, String> digests = SmallMonths.digests(sql);
        assertThat(digests.keySet()).as(what).isEqualTo(after.keySet());
        for (Map.Entry<String, String> partition : digests.entrySet()) {
          String name = partition.getKey();
          assertThat(partition.getValue()).as(what).isIn(before.get(name), after.get(name));
          boolean isNew = partition.getValue().equals(after.get(name));
          assertThat(states.get(name)).as(what).isEqualTo(isNew ? "done" : "stale");
        }
        if (states.containsValue("stale")) {
          inTheMiddle++;
        }
        Result again = bqx.run("backfill", "--workers", "4");
        assertThat(again.code()).as(what + again.err()).isZero();
        assertThat(SmallMonths.digests(sql)).as(what).isEqualTo(after);
      }
    }
    System.out.printf(
        "%s: %s killed in the middle %d times of %d, %s%n",
        getClass().getSimpleName(), victim, inTheMiddle, rounds, repeat);
    assertThat(inTheMiddle).as(repeat).isGreaterThan(rounds / 3);
  }

  private Map<String, String> compute(SqlSession sql) throws SQLException {
    Result result = bqx.run("backfill", "--workers", "4");
    assertThat(result.code()).as(result.err()).isZero();
    return SmallMonths.digests(sql);
  }

  private void killInTheMiddle(Victim victim, Random random, long span, String what)
      throws Exception {
    PostgresCluster cluster = database.assumeLocal();
    File output = folder.resolve("output").toFile();
    Process process = bqx.start(output, "backfill", "--workers", "4");
    try (SqlSession sql = new SqlSession(database.connect())) {
      sql.await(1, "SELECT count(*)::int::bool::int FROM bqx.progress WHERE state = 'done'");
      TimeUnit.MILLISECONDS.sleep((long) (random.nextDouble() * span));
      if (victim == Victim.BACKEND) {
        List<String> backends =
            sql.column(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'bqx backfill'"
                    + " AND query ~ 'bqx.*backfill|begin_rows|COPY|finish_rows'");
        if (!backends.isEmpty()) {
          kill(Long.parseLong(backends.get(random.nextInt(backends.size()))));
        }
      }
    }
    if (victim == Victim.POSTMASTER) {
      kill(cluster.processId().orElseThrow());
    }
    process.destroyForcibly();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(what).isTrue();
    awaitServer(cluster);
  }

  private static void kill(long pid) throws Exception {
    ProcessHandle process = ProcessHandle.of(pid).orElse(null);
    if (process != null) {
      process.destroyForcibly();
      process.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Starts a server that is dead, and waits for one that recovers from a backend's death. */
  private void awaitServer(PostgresCluster cluster) throws Exception {
    cluster.start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    for (; ; ) {
      try (SqlSession sql = new SqlSession(database.connect())) {
        sql.number("SELECT 1");
        return;
      } catch (SQLException recovering) {
        if (System.nanoTime() > deadline) {
          throw recovering;
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }
}
