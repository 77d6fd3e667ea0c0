package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.bqx.testkit.PsqlResult;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database that release 1.0.0 migrated and filled becomes one of this release in place.
 *
 * <p>The dump was made by that release (commit e1ab3dc): windows 5, 9 and 14, baseline date
 * 2024-07-31, 100 bars each of eurusd and usdjpy around the end of July 2024. All of eurusd is
 * done; of usdjpy, bqx of August is stale by a changed bar, reg of July missing, of August failed.
 */
class UpgradeIT {
  private static final String RELEASE_BEFORE = "release-1.0.0.sql.gz";
  private static final List<String> PARTITIONS =
      List.of(
          "bqx_eurusd_2024_07",
          "bqx_eurusd_2024_08",
          "bqx_usdjpy_2024_07",
          "bqx_usdjpy_2024_08",
          "reg_eurusd_2024_07",
          "reg_eurusd_2024_08");

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private SqlSession session;

  @BeforeEach
  void restore(@TempDir Path folder) throws IOException, SQLException {
    assumeTrue(database.javaRuntime().isSqljrt(), "the dump is of a database with sqljrt");
    session = new SqlSession(database.connect());
    session.execute("DROP SCHEMA IF EXISTS bqx CASCADE");
    session.execute("DROP EXTENSION IF EXISTS sqljrt CASCADE");
    for (String role : List.of("bqx_owner", "bqx_runner", "bqx_reader")) {
      session.execute(
          "DO $$ BEGIN IF to_regrole('%1$s') IS NULL THEN CREATE ROLE %1$s; END IF; END $$"
              .formatted(role));
    }
    Path dump = folder.resolve("dump.sql");
    try (InputStream packed = UpgradeIT.class.getResourceAsStream(RELEASE_BEFORE)) {
      Files.copy(new GZIPInputStream(packed), dump);
    }
    PsqlResult restored = database.psql("-f", dump.toString());
    assertThat(restored.exitCode()).as(restored.errors()).isZero();
  }

  @Test
  void whatWasDoneStaysDoneAndNothingIsForgotten() throws SQLException {
    Map<String, String> before = digests();
    String bars =
        session.text("SELECT md5(string_agg(m::text, ',' ORDER BY pair, time)) FROM bqx.m1 m");
    String states =
        "SELECT concat_ws(' ', family, pair, month, state, reason, rows, attempts) FROM bqx.progress"
            + " ORDER BY family, pair, month";
    List<String> progress = session.column(states);

    Migrated.migrate(database);

    assertThat(digests()).isEqualTo(before);
    assertThat(
            session.text(
                "SELECT md5(string_agg(ROW(pair, time, open, high, low, close, volume, rate_index)::text, ','"
                    + " ORDER BY pair, time)) FROM bqx.m1"))
        .isEqualTo(bars);
    assertThat(session.column(states))
        .isEqualTo(progress)
        .containsExactly(
            "bqx eurusd 2024-07-01 done 60 1",
            "bqx eurusd 2024-08-01 done 40 1",
            "bqx usdjpy 2024-07-01 done 60 1",
            "bqx usdjpy 2024-08-01 stale bars changed 40 1",
            "reg eurusd 2024-07-01 done 60 1",
            "reg eurusd 2024-08-01 done 40 1",
            "reg usdjpy 2024-07-01 missing",
            "reg usdjpy 2024-08-01 failed canceling statement due to statement timeout 1");
    assertThat(session.column("SELECT windows::text FROM bqx.feature WHERE enabled"))
        .containsOnly("{5,9,14}")
        .hasSize(2);
    assertThat(session.text("SELECT bqx.default_baseline_date()::text")).isEqualTo("2024-07-31");
    assertThat(session.number("SELECT bqx.backfill('reg', 'eurusd', '2024-08-01')")).isZero();
    assertThat(Migrated.flyway(database, Map.of()).migrate().migrationsExecuted).isZero();
  }

  @Test
  void aBarThatMovesToAnotherPairGetsItsIndexByThatPairsBaseline() throws SQLException {
    Migrated.migrate(database);
    session.execute(
        "UPDATE bqx.m1 SET pair = 'usdjpy', time = '2024-08-20Z' WHERE pair = 'eurusd'"
            + " AND time = (SELECT max(time) FROM bqx.m1_eurusd)");
    assertThat(
            session.column(
                "SELECT rate_index = close / baseline_rate * 100 FROM bqx.m1"
                    + " JOIN bqx.baseline_rates USING (pair)"
                    + " WHERE pair = 'usdjpy' AND time = '2024-08-20Z'"))
        .containsExactly("true");
  }

  @Test
  void everythingComputedBeforeIsWhatThisReleaseComputes() throws SQLException {
    Migrated.migrate(database);
    for (String partition : PARTITIONS) {
      String[] name = partition.split("_");
      if (partition.equals("bqx_usdjpy_2024_08")) {
        continue; // its bars have changed since
      }
      assertThat(
              session.column(
                  "SELECT concat_ws(' ', check_name, ts_utc, column_name, found, expected)"
                      + " FROM bqx.verify(?, ?, ?::date, every_row => true) WHERE kind = 'difference'",
                  name[0],
                  name[1],
                  name[2] + "-" + name[3] + "-01"))
          .as(partition)
          .isEmpty();
    }
  }

  @Test
  void appendedBarsAddTheirRowsToWhatWasThere() throws SQLException {
    Migrated.migrate(database);
    Migrated.insertBars(session, "eurusd", "2024-08-02 00:00Z", "2024-08-02 00:10Z");
    for (String family : List.of("bqx", "reg")) {
      assertThat(session.text("SELECT bqx.planned_write(?, 'eurusd', '2024-08-01')", family))
          .isEqualTo("new rows");
      assertThat(session.number("SELECT bqx.backfill(?, 'eurusd', '2024-08-01')", family))
          .isEqualTo(10);
      String partition = family + "_eurusd_2024_08";
      String appended = Migrated.digest(session, partition);
      session.execute("SELECT bqx.backfill(?, 'eurusd', '2024-08-01', force => true)", family);
      assertThat(Migrated.digest(session, partition)).isEqualTo(appended);
    }
  }

  @Test
  void theRestIsComputedAndVerified() throws SQLException {
    Migrated.migrate(database);
    session.execute("CALL bqx.backfill_range(NULL, NULL, '2024-07-01', '2024-08-01')");
    assertThat(session.column("SELECT DISTINCT state FROM bqx.progress")).containsExactly("done");
    assertThat(
            session.column(
                "SELECT v::text FROM bqx.progress p, bqx.verify(p.family, p.pair, p.month, every_row => true) v"
                    + " WHERE v.kind <> 'fact'"))
        .isEmpty();
  }

  @Test
  void aDateThatItWasNotMadeWithIsRefused() {
    assertThatThrownBy(
            () ->
                Migrated.flyway(database, Map.of("flyway.placeholders.baseline_date", "2024-07-01"))
                    .migrate())
        .hasMessageContaining("baseline_date=2024-07-01 comes too late")
        .hasMessageContaining("made with 2024-07-31");
  }

  private Map<String, String> digests() throws SQLException {
    Map<String, String> digests = new TreeMap<>();
    for (String partition : PARTITIONS) {
      digests.put(partition, Migrated.digest(session, partition));
    }
    return digests;
  }
}
