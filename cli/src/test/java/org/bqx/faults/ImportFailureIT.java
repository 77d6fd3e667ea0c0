package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.cluster.PostgresCluster;
import org.bqx.testkit.SmallDisk;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An import that ends in the middle leaves the table as it was, and the next one works. */
@Tag("slow")
class ImportFailureIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final long LIMIT_SECONDS = 60;
  private static final int BARS = 7000;
  private static final String COPYING =
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bqx import'"
          + " AND datname = current_database() AND query LIKE 'COPY%' AND state = 'active'";

  @TempDir private Path folder;
  private SqlSession sql;
  private String before;

  @BeforeAll
  static void migrate() {
    assertThat(BQX.run("migrate").code()).isZero();
  }

  @BeforeEach
  void importSomeBars() throws SQLException, IOException {
    sql = new SqlSession(DATABASE.connect());
    sql.execute("DELETE FROM bqx.m1");
    Path file = Files.writeString(folder.resolve("eurusd_0.csv"), bars(0, 1000, "1.10"));
    assertThat(BQX.run("import", file.toString()).code()).isZero();
    before = state();
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  @Test
  void ctrlCDuringTheCopy() throws SQLException, IOException, InterruptedException {
    Process process = startCopying();
    interrupt(process);
    process.getOutputStream().close();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertNothingChangedAndTheNextImportWorks();
  }

  @Test
  void ctrlCEndsTheCopyOfALongFileWithinASecond()
      throws SQLException, IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("eurusd_9.csv"), bars(1000, 1_500_000, "1.20"));
    Process process = BQX.start(folder.resolve("copy.log").toFile(), "import", file.toString());
    await(sql, COPYING);
    assertEndsWithinASecondOf(process);
    assertNothingChangedAndTheNextImportWorks();
  }

  @Test
  void ctrlCEndsAnImportThatWaitsForANamedPipe()
      throws SQLException, IOException, InterruptedException {
    Path pipe = folder.resolve("eurusd.pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Process process = BQX.start(folder.resolve("copy.log").toFile(), "import", pipe.toString());
    await(
        sql,
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bqx import'"
            + " AND datname = current_database() AND state = 'idle' AND query = 'COMMIT'");
    assertEndsWithinASecondOf(process);
    assertNothingChangedAndTheNextImportWorks();
  }

  private void assertEndsWithinASecondOf(Process process) throws IOException, InterruptedException {
    CommandLineRunner.interrupt(process);
    boolean ended = process.waitFor(1, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as(Files.readString(folder.resolve("copy.log"))).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
  }

  @Test
  void ctrlCDuringTheInsert() throws SQLException, IOException, InterruptedException {
    sql.execute("BEGIN");
    sql.execute("LOCK TABLE bqx.m1_eurusd IN SHARE ROW EXCLUSIVE MODE");
    Path file = Files.writeString(folder.resolve("eurusd_1.csv"), bars(0, BARS, "1.20"));
    File output = folder.resolve("insert.log").toFile();
    Process process = BQX.start(output, "import", file.toString(), "--on-conflict", "replace");
    try (SqlSession observer = new SqlSession(DATABASE.connect())) {
      await(
          observer,
          "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bqx import'"
              + " AND datname = current_database() AND wait_event_type = 'Lock'");
    }
    interrupt(process);
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    sql.execute("ROLLBACK");
    assertThat(process.exitValue()).as(Files.readString(output.toPath())).isEqualTo(130);
    assertNothingChangedAndTheNextImportWorks();
  }

  @Test
  void aKilledClient() throws SQLException, IOException, InterruptedException {
    Process process = startCopying();
    process.destroyForcibly();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    await(sql, "SELECT (NOT EXISTS (%s))::int".formatted(COPYING.replace("count(*)", "1")));
    assertNothingChangedAndTheNextImportWorks();
  }

  @Test
  void aKilledServer() throws Exception {
    PostgresCluster cluster = DATABASE.assumeLocal();
    Process process = startCopying();
    ProcessHandle server = ProcessHandle.of(cluster.processId().orElseThrow()).orElseThrow();
    try {
      server.destroyForcibly();
      server.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
      process.getOutputStream().close();
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      cluster.start();
    }

    assertThat(process.exitValue()).as(Files.readString(folder.resolve("copy.log"))).isEqualTo(4);
    sql = new SqlSession(DATABASE.connect());
    assertNothingChangedAndTheNextImportWorks();
  }

  @Test
  void aFullDisk() throws SQLException, IOException {
    try (SmallDisk disk = SmallDisk.mount(folder, "600k", DATABASE.assumeLocal().data())) {
      try {
        sql.execute("CREATE TABLESPACE small LOCATION '" + disk.path() + "'");
        sql.execute("GRANT CREATE ON TABLESPACE small TO PUBLIC");
        // New months, and so the INSERT, go to the small disk; the staging table does not.
        sql.execute("ALTER DATABASE " + DATABASE.name() + " SET default_tablespace = small");
        assertDiskFullAndNothingChanged();
        sql.execute("ALTER DATABASE " + DATABASE.name() + " RESET default_tablespace");
        // The staging table goes there, and so the COPY fails.
        sql.execute("ALTER DATABASE " + DATABASE.name() + " SET temp_tablespaces = small");
        assertDiskFullAndNothingChanged();

        disk.resize("64m");
        assertNothingChangedAndTheNextImportWorks();
      } finally {
        sql.execute("ALTER DATABASE " + DATABASE.name() + " RESET default_tablespace");
        sql.execute("ALTER DATABASE " + DATABASE.name() + " RESET temp_tablespaces");
        sql.execute("CHECKPOINT");
        sql.execute("DROP TABLESPACE IF EXISTS small");
      }
    }
  }

  private void assertDiskFullAndNothingChanged() throws IOException, SQLException {
    Path file = Files.writeString(folder.resolve("eurusd_2.csv"), bars(40_000, 20_000, "1.20"));
    Result result = BQX.run("import", file.toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("[53100]");
    assertThat(state()).isEqualTo(before);
  }

  private void assertNothingChangedAndTheNextImportWorks() throws SQLException, IOException {
    assertThat(state()).isEqualTo(before);
    Path file = Files.writeString(folder.resolve("eurusd_3.csv"), bars(1000, BARS, "1.20"));
    Result next = BQX.run("import", file.toString());
    assertThat(next.out()).as(next.err()).contains("7,000 inserted");
    assertThat(sql.number("SELECT count(*) FROM bqx.m1")).isEqualTo(BARS + 1000);
  }

  /** Starts an import of standard input, and waits until rows of it are in the server. */
  private Process startCopying() throws IOException, SQLException, InterruptedException {
    File output = folder.resolve("copy.log").toFile();
    Process process = BQX.start(output, "import", "-", "--pair", "eurusd");
    OutputStream input = process.getOutputStream();
    input.write(bars(1000, BARS, "1.20").getBytes(StandardCharsets.US_ASCII));
    input.flush();
    await(sql, COPYING);
    return process;
  }

  private String state() throws SQLException {
    return sql.text(
        "SELECT concat_ws(' ', (SELECT md5(string_agg(m::text || xmin, ';' ORDER BY time))"
            + " FROM bqx.m1_eurusd m), (SELECT string_agg(s::text, ';' ORDER BY month)"
            + " FROM bqx.m1_month s), (SELECT count(*) FROM pg_inherits"
            + " WHERE inhparent = 'bqx.m1_eurusd'::regclass))");
  }

  /** Bars of the minutes from Monday, 2024-07-01 on. */
  private static String bars(int from, int count, String price) {
    StringBuilder bars = new StringBuilder();
    int minute = from;
    for (int i = 0; i < count; minute++) {
      // Until Friday 23:00 of each week.
      if (minute % 10_080 < 7140) {
        bars.append(java.time.Instant.ofEpochSecond(1_719_792_000L + 60L * minute))
            .append((',' + price).repeat(4))
            .append('\n');
        i++;
      }
    }
    return bars.toString();
  }

  private static void interrupt(Process process) throws IOException, InterruptedException {
    CommandLineRunner.interrupt(process);
    // A second signal would end it at once, and so prove nothing.
    TimeUnit.MILLISECONDS.sleep(500);
  }

  private static void await(SqlSession session, String count)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (session.number(count) == 0) {
      assertThat(System.nanoTime()).as(count).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
