package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One absurd price among usual ones is computed as it is, and verified without false alarm. */
class PriceSpikeIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  @Test
  void aSpikeIsNoDifference() throws Exception {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("SELECT bqx.create_months('eurusd', '2024-07-01', '2024-07-01')");
      sql.execute(
          """
          INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume)
          SELECT 'eurusd', timestamptz '2024-07-01 00:00Z' + i * interval '1 minute', c, c, c, c, 1
          FROM generate_series(0, 1399) i,
              LATERAL (SELECT CASE i WHEN 700 THEN 110000 ELSE 1.1 + 0.00001 * (i * 7919 % 11 - 5) END AS c) price
          """);
      sql.execute("SELECT bqx.set_baseline('eurusd')");
    }
    assertThat(BQX.run("backfill").code()).isZero();
    Result verified = BQX.run("verify", "--full");
    assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
    assertThat(verified.out()).contains("index outside band");
  }
}
