package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.faults.SmallMonths;
import org.bqx.migrations.Migrations;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.bqx.testkit.ToyFamilies;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A family that the command line has never heard of: a kernel class, a reference class, a line in
 * each registry and rows of the catalogue make every command know it.
 */
class ThirdFamilyIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  private SqlSession sql;

  @BeforeAll
  static void install(@TempDir Path folder) throws Exception {
    assertThat(BQX.run("migrate").code()).isZero();
    try (InputStream jar = Migrations.class.getResourceAsStream("bqx-functions.jar");
        SqlSession session = new SqlSession(DATABASE.connect())) {
      ToyFamilies.install(session.connection(), jar.readAllBytes(), folder);
      SmallMonths.insert(session, 2, 2, 700);
    }
  }

  @BeforeEach
  void compute() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
    Result done = BQX.run("backfill");
    assertThat(done.code()).as(done.err()).isZero();
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  @Test
  void isPlannedComputedAndVerified() throws SQLException {
    assertThat(sql.column("SELECT DISTINCT family FROM bqx.partition_state ORDER BY 1"))
        .containsExactly("ahead", "bqx", "kin", "reg", "toy");
    Result plan = BQX.run("plan", "--family", "toy", "--force");
    assertThat(plan.code()).isZero();
    assertThat(plan.out().lines().filter(line -> line.contains(" toy "))).hasSize(4);
    Result verified = BQX.run("verify", "--full");
    assertThat(verified.code()).as(verified.out()).isZero();
    assertThat(verified.err()).contains("20 of 20 partitions verified, 0 differences");
    // The jar came by hand: doctor says so, and of the family no more than of the others.
    assertThat(BQX.run("doctor").out().lines().filter(line -> !line.contains("bqx.toy")))
        .noneMatch(line -> line.contains("toy"));
  }

  @Test
  void isAppendedToAndStaleByAHigh() throws SQLException {
    sql.execute(
        "INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume)"
            + " SELECT 'audcad', t, 1.001, 1.002, 1, 1.001, 1"
            + " FROM generate_series('2024-08-02 00:00Z'::timestamptz, '2024-08-02 00:19Z', '1 min') t");
    Result plan = BQX.run("plan", "--family", "toy", "--pairs", "audcad");
    assertThat(plan.out()).contains("bars appended", "new rows");
    assertThat(BQX.run("backfill").code()).isZero();
    assertThat(
            sql.text(
                "SELECT concat_ws(' ', last_write, last_rows) FROM bqx.partition_state"
                    + " WHERE family = 'toy' AND pair = 'audcad' AND month = '2024-08-01'"))
        .isEqualTo("new rows 20");
    sql.execute(
        "UPDATE bqx.m1 SET high = high + 0.001 WHERE pair = 'audcad' AND time = '2024-08-01 03:00Z'");
    assertThat(
            BQX.run("plan", "--family", "toy,bqx", "--pairs", "audcad", "--from", "2024-08").out())
        .containsPattern("stale +toy audcad 2024-08")
        .containsPattern("stale +bqx .*no rows +bars changed, none that it reads");
    assertThat(BQX.run("backfill").code()).isZero();
    assertThat(BQX.run("verify", "--full", "--pairs", "audcad").code()).isZero();
  }

  @Test
  void aWrongValueIsFoundAndNamed() throws SQLException {
    sql.execute(
        "UPDATE bqx.toy SET w10_toy_high_return = 0.5 WHERE pair = 'audcad' AND ts_utc = '2024-08-01 01:40Z'");
    Result verified = BQX.run("verify", "--family", "toy", "--full");
    assertThat(verified.code()).isEqualTo(3);
    assertThat(verified.out() + verified.err())
        .contains("audcad", "2024-08-01", "w10_toy_high_return");
    assertThat(BQX.run("backfill", "--family", "toy", "--force").code()).isZero();
    assertThat(BQX.run("verify", "--family", "toy", "--full").code()).isZero();
  }

  @Test
  void isInStatusStagesAndReport(@TempDir Path folder) throws Exception {
    assertThat(BQX.run("status").out()).contains("toy", "ahead", "kin");
    assertThat(BQX.run("status", "--json").out()).contains("\"family\":\"toy\"");
    assertThat(BQX.run("stages").out())
        .containsPattern("9\\.2 +.*toy")
        .containsPattern("9\\.6 +.*kin");
    Path html = folder.resolve("report.html");
    Result report = BQX.run("report", "--html", html.toString(), "--markdown");
    assertThat(report.code()).isZero();
    assertThat(html).content().contains("w3_toy_high_mean");
    assertThat(report.out())
        .contains("| audcad | 2024-08 |", "w3 avg high_mean")
        .doesNotContain("differs");
  }

  @Test
  void itsColumnsAreInTheDictionary() throws SQLException {
    List<String> described =
        sql.column(
            "SELECT column_name FROM bqx.feature_column WHERE family = 'toy' AND description <> ''"
                + " ORDER BY element");
    assertThat(described)
        .hasSize(10)
        .startsWith("toy_reach", "w3_toy_high_mean", "w3_toy_position");
    assertThat(
            sql.column(
                "SELECT attname FROM pg_attribute WHERE attrelid = 'bqx.toy'::regclass AND attnum > 3"
                    + " AND col_description(attrelid, attnum) IS NOT NULL"))
        .containsExactlyInAnyOrderElementsOf(described);
  }
}
