package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An absurd price among usual ones is computed as it is, and verified without false alarm. */
class PriceSpikeIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  @Test
  void aSpikeIsNoDifferenceInAnyFamily() throws Exception {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute(
          "SELECT bqx.enable_family(family) FROM bqx.feature WHERE NOT enabled ORDER BY family_no");
      for (String spike : List.of("eurusd 110000", "gbpusd 1100000000")) {
        String pair = spike.split(" ")[0];
        sql.execute("SELECT bqx.create_months(?, '2024-07-01', '2024-07-01')", pair);
        sql.execute(
            """
            INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume, bid_close, ask_close)
            SELECT ?, timestamptz '2024-07-01 00:00Z' + i * interval '1 minute', c, c * 1.00001, c * 0.99999, c,
                1 + i % 9, c, c * 1.0001
            FROM generate_series(0, 1399) i,
                LATERAL (SELECT CASE i WHEN 700 THEN ?::float8 ELSE 1.1 + 0.00001 * (i * 7919 % 11 - 5) END AS c) price
            """,
            pair, spike.split(" ")[1]);
        sql.execute("SELECT bqx.set_baseline(?)", pair);
      }
    }
    Result computed = BQX.run("backfill");
    assertThat(computed.code()).as(computed.err()).isZero();
    Result verified = BQX.run("verify", "--full");
    assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
    assertThat(verified.out()).contains("index outside band");
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      assertThat(sql.column("SELECT DISTINCT family FROM bqx.partition_state ORDER BY 1"))
          .isEqualTo(sql.column("SELECT family FROM bqx.feature ORDER BY 1"));
    }
  }
}
