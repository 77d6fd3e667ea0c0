package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TcpProxy;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A network between command line and server that is cut, falls silent or is slow. */
@Tag("slow")
class NetworkIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final long LIMIT_SECONDS = 90;
  private static final String DONE =
      "SELECT count(*) FROM bqx.progress WHERE state = 'done' AND family = 'reg'";
  private static Map<String, String> undisturbed;

  @TempDir private Path folder;
  private SqlSession sql;
  private TcpProxy proxy;

  @BeforeAll
  static void makeBars() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession session = new SqlSession(DATABASE.connect())) {
      SmallMonths.insert(session, 3, 2, 1000);
      assertThat(BQX.run("backfill", "--family=reg").code()).isZero();
      undisturbed = SmallMonths.digests(session);
    }
  }

  @BeforeEach
  void forget() throws SQLException, IOException {
    sql = new SqlSession(DATABASE.connect());
    SmallMonths.forgetRows(sql);
    proxy = TcpProxy.before(DATABASE.jdbcUrl());
  }

  @AfterEach
  void disconnect() throws SQLException, IOException {
    sql.close();
    proxy.close();
  }

  @Test
  void aCutIsTriedAgain() throws Exception {
    Process process = startUpToTheFirstLock();
    proxy.cut();
    // Another cut while it connects again, and whenever it works.
    proxy.slowDown(5);
    TimeUnit.MILLISECONDS.sleep(300);
    proxy.cut();
    proxy.recover();
    sql.execute("ROLLBACK");
    assertDone(process);
  }

  @Test
  void aCutInTheMiddleOfAnImportChangesNothing() throws Exception {
    Path file = folder.resolve("nzdusd.csv");
    Files.writeString(file, bars(200_000));
    File output = file();
    proxy.slowDown(2);
    Process process = BQX.start(output, "import", file.toString(), "--port=" + proxy.port());
    sql.await(
        1,
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bqx import'"
            + " AND datname = current_database() AND query LIKE 'COPY%' AND state = 'active'");
    proxy.cut();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isEqualTo(4);
    assertThat(output()).contains("[08006]");
    sql.await(0, SmallMonths.LEFT_BEHIND);
    assertThat(sql.number("SELECT count(*) FROM bqx.m1_nzdusd")).isZero();
    proxy.recover();
    Result again = BQX.run("import", file.toString(), "--port=" + proxy.port());
    assertThat(again.out()).as(again.err()).contains("200,000 inserted");
    sql.execute("DELETE FROM bqx.m1_nzdusd");
    sql.execute("DELETE FROM bqx.m1_month WHERE pair = 'nzdusd'");
  }

  @Test
  void aServerThatAcceptsAndIsSilentIsGivenUp() throws Exception {
    proxy.fallSilent();
    CompletableFuture<Result> status =
        CompletableFuture.supplyAsync(() -> BQX.run("status", "--port=" + proxy.port()));
    Result result = status.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertThat(result.code()).as(result.err()).isEqualTo(4);
    assertThat(result.err()).contains("cannot connect to").contains("[08");
    assertThat(proxy.bytesLost()).isPositive();
  }

  @Test
  void anAnswerThatNeverComesIsGivenUpAndThePartitionTriedAgain() throws Exception {
    Process process = startUpToTheFirstLock("--statement-timeout=5");
    proxy.fallSilent();
    sql.execute("ROLLBACK");
    sql.await(1, DONE);
    // What connects from now on finds a network, what waits for an answer waits for ever.
    proxy.recover();
    assertDone(process);
    assertThat(proxy.bytesLost()).isPositive();
  }

  @Test
  void idleConnectionsProbeWhetherTheOtherMachineIsThere() throws Exception {
    Process process = startUpToTheFirstLock();
    try {
      // A statement just sent hides the keepalive's timer until the other side acknowledges it.
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (probing(process) < 2 && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      assertThat(probing(process)).as(output()).isGreaterThanOrEqualTo(2);
    } finally {
      sql.execute("ROLLBACK");
      assertDone(process);
    }
  }

  @Test
  void aSlowNetworkTakesLonger() throws Exception {
    proxy.slowDown(20);
    Result result = BQX.run("backfill", "--family=reg", "--workers=3", "--port=" + proxy.port());
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(SmallMonths.digests(sql)).isEqualTo(undisturbed);
  }

  /**
   * Returns how many connections of a process to the proxy have a keepalive of a minute running.
   */
  private long probing(Process process) throws IOException {
    String port = String.format(Locale.ROOT, ":%04X", proxy.port());
    long probing = 0;
    for (String table : List.of("tcp", "tcp6")) {
      Path sockets = Path.of("/proc", process.pid() + "", "net", table);
      probing += Files.readAllLines(sockets).stream().filter(line -> isProbing(line, port)).count();
    }
    return probing;
  }

  /** Of a line of the kernel's: timer 2 is keepalive's, and beside it are the hundredths left. */
  private static boolean isProbing(String line, String remotePort) {
    String[] fields = line.strip().split("\\s+");
    return fields.length > 5
        && fields[2].endsWith(remotePort)
        && fields[5].startsWith("02:")
        && Long.parseLong(fields[5].substring(3), 16) <= 6000;
  }

  /** Starts a backfill, and returns when a worker waits for a lock that this session holds. */
  private Process startUpToTheFirstLock(String... options) throws Exception {
    sql.execute("BEGIN");
    sql.execute("LOCK TABLE bqx.m1_audcad IN ACCESS EXCLUSIVE MODE");
    String[] command = {"backfill", "--family=reg", "--workers=1", "--port=" + proxy.port()};
    String[] all = java.util.Arrays.copyOf(command, command.length + options.length);
    System.arraycopy(options, 0, all, command.length, options.length);
    Process process = BQX.start(file(), all);
    try (SqlSession observer = new SqlSession(DATABASE.connect())) {
      observer.await(1, "SELECT count(*) FROM pg_stat_activity WHERE " + Waiting.BACKFILL);
    }
    return process;
  }

  private void assertDone(Process process) throws Exception {
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isZero();
    assertThat(output()).contains("6 of 6 partitions computed");
    assertThat(SmallMonths.digests(sql)).isEqualTo(undisturbed);
    assertThat(sql.number("SELECT max(attempts) FROM bqx.partition_state")).isEqualTo(1);
  }

  /** Bars on the weekdays from 2024-07-01 on. */
  private static String bars(int count) {
    StringBuilder bars = new StringBuilder();
    for (long minute = 28_663_200, made = 0; made < count; minute++) {
      Instant time = Instant.ofEpochSecond(60 * minute);
      if (time.atOffset(java.time.ZoneOffset.UTC).getDayOfWeek().getValue() < 5) {
        bars.append(time).append(",1,1,1,1\n");
        made++;
      }
    }
    return bars.toString();
  }

  private File file() {
    return folder.resolve("output").toFile();
  }

  private String output() throws IOException {
    return Files.readString(file().toPath());
  }
}
