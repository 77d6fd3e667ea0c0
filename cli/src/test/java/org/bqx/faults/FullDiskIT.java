package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.cluster.PostgresCluster;
import org.bqx.testkit.SmallDisk;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Disks that get full while partitions are computed. */
class FullDiskIT {
  /** With a standby to come, so that every row goes through the write-ahead log. */
  @RegisterExtension
  static final TestDatabase DATABASE =
      TestDatabase.inOwnCluster(
          Map.of("wal_level", "replica", "max_wal_senders", "2", "min_wal_size", "32MB"));

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  @TempDir private Path folder;

  @BeforeEach
  void makeBars() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("TRUNCATE bqx.m1, bqx.m1_month, bqx.baseline_rates");
      SmallMonths.forgetRows(sql);
      SmallMonths.insert(sql, 4, 2, 6000);
    }
  }

  @Test
  void theDiskOfTheRows() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder, "600k", DATABASE.assumeLocal().data());
        SqlSession sql = new SqlSession(DATABASE.connect())) {
      assertThat(BQX.run("backfill", "--pairs=audcad").code()).isZero();
      Map<String, String> before = SmallMonths.digests(sql);
      try {
        sql.execute("CREATE TABLESPACE small LOCATION '" + disk.path() + "'");
        sql.execute("GRANT CREATE ON TABLESPACE small TO PUBLIC");
        sql.execute("ALTER DATABASE " + DATABASE.name() + " SET default_tablespace = small");
        Result full = BQX.run("backfill");
        assertThat(full.code()).as(full.err()).isEqualTo(1);
        assertThat(full.err())
            .contains("failed: bqx audchf 2024-07")
            .contains("No space left on device")
            .contains("[53100]");
        assertThat(full.out()).contains("0 of 12 partitions computed").contains("12 failed");
        assertThat(SmallMonths.digests(sql)).isEqualTo(before);
        sql.await(0, SmallMonths.LEFT_BEHIND);

        disk.resize("64m");
        assertThat(BQX.run("backfill", "--retry").out()).startsWith("12 of 12 partitions");
        Map<String, String> after = SmallMonths.digests(sql);
        assertThat(after).hasSize(16).containsAllEntriesOf(before);
        sql.execute("ALTER DATABASE " + DATABASE.name() + " RESET default_tablespace");
        assertThat(BQX.run("backfill", "--force").code()).isZero();
        assertThat(SmallMonths.digests(sql)).isEqualTo(after);
      } finally {
        sql.execute("ALTER DATABASE " + DATABASE.name() + " RESET default_tablespace");
        sql.execute("CHECKPOINT");
        sql.execute("DROP TABLESPACE IF EXISTS small");
      }
    }
  }

  /** PostgreSQL stops with a PANIC then, and does not start before there is room again. */
  @Test
  @Tag("slow")
  void theDiskOfTheWriteAheadLog() throws Exception {
    PostgresCluster cluster = DATABASE.assumeLocal();
    Map<String, String> undisturbed;
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      assertThat(BQX.run("backfill").code()).isZero();
      undisturbed = SmallMonths.digests(sql);
      SmallMonths.forgetRows(sql);
      // A server that starts in the last quarter of a segment of 16 MB makes the next one at once,
      // for which there
      // is no room; one that starts far before it may not fill the segment.
      sql.execute("SELECT pg_switch_wal()");
      sql.execute("SELECT pg_logical_emit_message(false, 'fill', repeat('x', 11 * 1024 * 1024))");
    }
    cluster.stop();
    try (SmallDisk disk = SmallDisk.mount(folder, "256m", cluster.data())) {
      Path log = cluster.data().resolve("pg_wal");
      deleteSegmentsToCome(cluster, log);
      moveOntoTheDisk(log, disk);
      long used =
          Files.getFileStore(disk.path()).getTotalSpace()
              - Files.getFileStore(disk.path()).getUsableSpace();
      disk.resize((used >> 10) + 1024 + "k");
      cluster.start();
      Result full = BQX.run("backfill", "--workers=2");
      assertThat(full.code()).as(full.err()).isEqualTo(4);
      assertThat(full.err()).contains("cannot connect to").contains("./bqx up");
      assertThat(Files.readString(cluster.log()))
          .contains("PANIC:  could not write to file \"pg_wal/", "No space left on device");

      disk.resize("256m");
      cluster.start();
      try (SqlSession sql = new SqlSession(DATABASE.connect())) {
        assertThat(undisturbed).containsAllEntriesOf(SmallMonths.digests(sql));
        Result again = BQX.run("backfill");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(SmallMonths.digests(sql)).isEqualTo(undisturbed);
      }
      cluster.stop();
      Files.delete(log);
      Files.createDirectory(log);
      copyBack(disk, log);
    }
  }

  /** Files kept for later parts of the log; a cluster that was shut down needs none of them. */
  private static void deleteSegmentsToCome(PostgresCluster cluster, Path log) throws IOException {
    Path program = cluster.installation().program("pg_controldata");
    Process process = new ProcessBuilder(program.toString(), cluster.data().toString()).start();
    String control = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher last = Pattern.compile("REDO WAL file: +(\\w{24})").matcher(control);
    assertThat(last.find()).as(control).isTrue();
    try (DirectoryStream<Path> segments = Files.newDirectoryStream(log, "?".repeat(24))) {
      for (Path segment : segments) {
        if (segment.getFileName().toString().compareTo(last.group(1)) > 0) {
          Files.delete(segment);
        }
      }
    }
  }

  private static void moveOntoTheDisk(Path log, SmallDisk disk) throws IOException {
    run("cp", "-a", log + "/.", disk.path().toString());
    run("rm", "-r", log.toString());
    Files.createSymbolicLink(log, disk.path());
  }

  private static void copyBack(SmallDisk disk, Path log) throws IOException {
    run("cp", "-a", disk.path() + "/.", log.toString());
  }

  private static void run(String... command) throws IOException {
    try {
      assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
