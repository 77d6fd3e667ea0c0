package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * All pairs and 16 months, small ones, with more workers than processors and as many connections as
 * the server has; and one session that computes partition after partition.
 */
@Tag("slow")
class LoadIT {
  /** A small heap is soon as large as it gets, so that what grows then is a leak. */
  @RegisterExtension
  static final TestDatabase DATABASE =
      TestDatabase.inOwnCluster(
          Map.of(
              "max_connections",
              "20",
              "sqljrt.vmoptions",
              "-Xmx24m -Xmn8m",
              "pljava.vmoptions",
              "-Xmx24m -Xmn8m"));

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final int PARTITIONS = 28 * 16 * 2;
  private static final int WORKERS = 16;
  private static final int ROUNDS = 5;
  private static final long MEGABYTE = 1 << 20;
  private static final long LIMIT_SECONDS = 600;

  @TempDir private Path folder;
  private SqlSession sql;

  @BeforeAll
  static void makeBars() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession session = new SqlSession(DATABASE.connect())) {
      SmallMonths.insert(session, 28, 16, 150);
    }
  }

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
    SmallMonths.forgetRows(sql);
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  @Test
  void sixteenWorkersOnTwentyConnections() throws Exception {
    File output = folder.resolve("output").toFile();
    Process process = BQX.start(output, "backfill", "--workers", Integer.toString(WORKERS));
    Map<Long, List<Long>> memory = new TreeMap<>();
    try {
      while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
        for (String pid :
            sql.column(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'bqx backfill' AND query LIKE '%backfill%'")) {
          long bytes = ownMemory(Long.parseLong(pid));
          if (bytes > 0) {
            memory.computeIfAbsent(Long.valueOf(pid), key -> new ArrayList<>()).add(bytes);
          }
        }
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(output.toPath())).isZero();
    List<String> workers = sql.column("SELECT DISTINCT backend_pid FROM bqx.partition_state");
    assertThat(workers).hasSize(WORKERS);
    // What PL/Java takes beside its heap is not known here.
    for (String worker : DATABASE.javaRuntime().isSqljrt() ? workers : List.<String>of()) {
      // Too few partitions each to have done growing: the bound is above what a long session has.
      assertThat(memory.get(Long.valueOf(worker)))
          .isNotEmpty()
          .allSatisfy(size -> assertThat(size).isLessThan(64 * MEGABYTE));
    }
    assertThat(
            sql.number("SELECT count(*) FROM bqx.progress WHERE state = 'done' AND attempts = 1"))
        .isEqualTo(PARTITIONS);
    assertThat(Files.readString(DATABASE.assumeLocal().log())).doesNotContain("too many clients");
    Map<String, String> digests = SmallMonths.digests(sql);
    SmallMonths.forgetRows(sql);
    assertThat(BQX.run("backfill", "--workers=2").code()).isZero();
    assertThat(SmallMonths.digests(sql)).isEqualTo(digests);
  }

  @Test
  void fiveHundredPartitionsInOneSession() throws Exception {
    List<Long> memory = new ArrayList<>();
    List<Long> contexts = new ArrayList<>();
    List<List<Object>> partitions =
        sql.rows(
            "SELECT family, pair, month FROM bqx.progress ORDER BY month, pair, family LIMIT 504");
    try (SqlSession worker = new SqlSession(DATABASE.connect())) {
      long pid = worker.number("SELECT pg_backend_pid()");
      for (int round = 0; round < ROUNDS; round++) {
        for (List<Object> partition : partitions) {
          worker.execute("SELECT bqx.backfill(?, ?, ?, true)", partition.toArray());
        }
        memory.add(ownMemory(pid));
        contexts.add(worker.number("SELECT sum(used_bytes) FROM pg_backend_memory_contexts"));
      }
    }
    System.out.printf("memory of the process %s, of PostgreSQL in it %s%n", memory, contexts);
    // From the second round on nothing is new: neither tables to know nor code to compile.
    int computed = (ROUNDS - 2) * partitions.size();
    assertThat(contexts.get(ROUNDS - 1) - contexts.get(1)).isLessThan(2048L * computed);
    assertThat(memory.get(ROUNDS - 1) - memory.get(1)).isLessThan(8 * MEGABYTE);
  }

  /** What a process has for itself, in bytes; 0 when it has ended. */
  private static long ownMemory(long pid) throws IOException {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
        if (line.startsWith("RssAnon:")) {
          return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
      return 0;
    } catch (NoSuchFileException ended) {
      return 0;
    }
  }
}
