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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
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
@Tag("slow")
class RandomKillIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.inOwnCluster(Map.of());

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final int ROUNDS = 20;
  private static final int PARTITIONS = 2 * 7 * 4;
  private static final long LIMIT_SECONDS = 60;

  private enum Victim {
    BACKEND,
    POSTMASTER,
    COMMAND_LINE
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Victim.class)
  void eachPartitionIsOldOrNewAndTheStateSaysWhich(Victim victim) throws Exception {
    long seed = Long.getLong("bqx.faults.seed", System.nanoTime());
    Random random = new Random(seed);
    String repeat = "-Dbqx.faults.seed=" + seed;
    assertThat(BQX.run("migrate").code()).isZero();
    List<Map<String, String>> versions;
    long span;
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
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
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, String> before = versions.get((round + 1) % 2);
      Map<String, String> after = versions.get(round % 2);
      String what = "%s, round %d, %s".formatted(victim, round, repeat);
      try (SqlSession sql = new SqlSession(DATABASE.connect())) {
        SmallMonths.change(sql, round % 2);
      }
      killInTheMiddle(victim, random, span, what);
      try (SqlSession sql = new SqlSession(DATABASE.connect())) {
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
        Result again = BQX.run("backfill", "--workers", "4");
        assertThat(again.code()).as(what + again.err()).isZero();
        assertThat(SmallMonths.digests(sql)).as(what).isEqualTo(after);
      }
    }
    System.out.printf(
        "%s killed in the middle %d times of %d, %s%n", victim, inTheMiddle, ROUNDS, repeat);
    assertThat(inTheMiddle).as(repeat).isGreaterThan(ROUNDS / 2);
  }

  private static Map<String, String> compute(SqlSession sql) throws SQLException {
    Result result = BQX.run("backfill", "--workers", "4");
    assertThat(result.code()).as(result.err()).isZero();
    return SmallMonths.digests(sql);
  }

  private void killInTheMiddle(Victim victim, Random random, long span, String what)
      throws Exception {
    PostgresCluster cluster = DATABASE.assumeLocal();
    File output = folder.resolve("output").toFile();
    Process process = BQX.start(output, "backfill", "--workers", "4");
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.await(1, "SELECT count(*)::int::bool::int FROM bqx.progress WHERE state = 'done'");
      TimeUnit.MILLISECONDS.sleep((long) (random.nextDouble() * span));
      if (victim == Victim.BACKEND) {
        List<String> backends =
            sql.column(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'bqx backfill' AND query LIKE '%backfill%'");
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
  private static void awaitServer(PostgresCluster cluster) throws Exception {
    cluster.start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    for (; ; ) {
      try (SqlSession sql = new SqlSession(DATABASE.connect())) {
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
