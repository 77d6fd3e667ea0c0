package org.bqx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.YearMonth;
import java.util.List;
import org.bqx.cli.CommandLineRunner;
import org.bqx.partition.Partition;
import org.bqx.testkit.MadeBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Server and client compute the same rows from other bars, and name the same leaks. */
class LookAheadIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final YearMonth MONTH = YearMonth.of(2024, 8);
  private static final int SAMPLE = 4;

  @Test
  void serverAndClientNameTheSame() throws SQLException {
    assertThat(new CommandLineRunner(DATABASE).run("migrate").code()).isZero();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      for (String pair : List.of("eurusd", "gbpusd")) {
        MadeBars.insert(sql, pair, "2024-07-31 06:00Z", "2024-08-01 06:00Z");
        sql.execute("SELECT bqx.set_baseline(?)", pair);
      }
      // Of the close alone, of volumes, and of other pairs.
      for (String family : List.of("bqx", "volume", "xpair")) {
        sql.execute("SELECT bqx.enable_family(?)", family);
        sql.execute("SELECT bqx.backfill(?, 'eurusd', '2024-08-01')", family);
        assertThat(found(sql, family, null)).as(family).isEmpty();
      }

      // What reads the bar W before is found by a shorter reach, and not by its own.
      assertThat(found(sql, "bqx", 630)).isEmpty();
      assertThat(found(sql, "bqx", 629))
          .extracting(LookAhead.Difference::column)
          .contains("w630_bqx_endpoint")
          .doesNotContain("w390_bqx_endpoint");

      sql.execute(
          "UPDATE bqx.bqx_eurusd_2024_08 r SET w60_bqx_return = next.value FROM ("
              + "SELECT ts_utc, lead(w60_bqx_return) OVER (ORDER BY ts_utc) AS value FROM bqx.bqx_eurusd_2024_08) next"
              + " WHERE next.ts_utc = r.ts_utc");
      assertThat(found(sql, "bqx", null))
          .hasSize(2 * SAMPLE)
          .allSatisfy(one -> assertThat(one.column()).isEqualTo("w60_bqx_return"));

      // A sample of more rows than there are is all of them.
      sql.execute("DELETE FROM bqx.m1 WHERE pair = 'gbpusd' AND time >= '2024-08-01 00:05Z'");
      sql.execute("SELECT bqx.backfill('bqx', 'gbpusd', '2024-08-01')");
      sql.execute("UPDATE bqx.bqx_gbpusd_2024_08 SET rate_index = rate_index + 1");
      Partition five = new Partition("bqx", "gbpusd", MONTH);
      LookAhead.Result all = LookAhead.of(sql.connection(), five, 12, null);
      assertThat(all.rows()).isEqualTo(5);
      assertThat(all.differences()).hasSize(2 * 5);
      assertThat(new ClientReference(sql.connection(), five).lookAhead(12, null))
          .containsExactlyInAnyOrderElementsOf(all.differences());

      for (String nothing :
          List.of(
              "'bqx', 'gbpusd', '2024-08-01', 0",
              "'bqx', 'gbpusd', '2024-08-01', NULL",
              "'bqx', 'gbpusd', '2024-08-01', 1, -1",
              "'reg', 'gbpusd', '2024-08-01'")) {
        assertThatThrownBy(() -> sql.execute("SELECT bqx.look_ahead(" + nothing + ")"))
            .as(nothing)
            .isInstanceOf(SQLException.class);
      }
    }
  }

  private static List<LookAhead.Difference> found(SqlSession sql, String family, Integer reach)
      throws SQLException {
    Partition partition = new Partition(family, "eurusd", MONTH);
    LookAhead.Result server = LookAhead.of(sql.connection(), partition, SAMPLE, reach);
    assertThat(server.rows()).isEqualTo(SAMPLE);
    assertThat(new ClientReference(sql.connection(), partition).lookAhead(SAMPLE, reach))
        .containsExactlyInAnyOrderElementsOf(server.differences());
    return server.differences();
  }
}
