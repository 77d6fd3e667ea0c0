package org.bqx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.bqx.cli.CommandLineRunner;
import org.bqx.testkit.MadeBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A database that changes its engine: what is done stays done, and has the same bits. */
class EngineChangeIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  @Test
  void whatOneEngineHasDoneTheOtherGoesOnWith() throws SQLException {
    run("migrate", "--engine", "client");
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      MadeBars.insert(sql, "eurusd", "2024-07-01 00:00Z", "2024-07-03 00:00Z");
      sql.execute("SELECT bqx.set_baseline('eurusd')");
      assertThat(run("backfill")).startsWith("2 of 2 partitions computed, 5,760 rows");
      List<String> byClient = digests(sql);

      assertThat(run("migrate", "--engine", "server")).isEmpty();
      assertThat(sql.text("SELECT bqx.engine()")).isEqualTo("server");
      assertThat(run("backfill")).startsWith("nothing to compute");
      assertThat(run("verify", "--full")).doesNotContain("difference");
      assertThat(sql.number("SELECT bqx.backfill('bqx', 'eurusd', '2024-07-01', true)"))
          .isEqualTo(2_880);
      assertThat(run("backfill", "--force")).startsWith("2 of 2");
      assertThat(digests(sql)).isEqualTo(byClient);

      // Bars that one engine appends to the other's rows.
      MadeBars.insert(sql, "eurusd", "2024-07-03 00:00Z", "2024-07-03 01:00Z");
      assertThat(run("backfill", "--engine", "client"))
          .startsWith("2 of 2 partitions computed, 120 rows");
      assertThat(sql.column("SELECT DISTINCT last_write FROM bqx.partition_state"))
          .containsExactly("new rows");
      run("migrate", "--engine", "client");
      assertThat(run("verify", "--full")).doesNotContain("difference");
      List<String> appended = digests(sql);
      run("migrate");
      assertThat(sql.text("SELECT bqx.engine()")).isEqualTo("client");
      assertThat(run("backfill", "--force", "--engine", "server"))
          .startsWith("2 of 2 partitions computed, 5,880 rows");
      assertThat(digests(sql)).isEqualTo(appended);
      assertThat(run("backfill")).startsWith("nothing to compute");
    }
  }

  private static String run(String... arguments) {
    CommandLineRunner.Result result = BQX.run(arguments);
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    return result.out();
  }

  private static List<String> digests(SqlSession sql) throws SQLException {
    List<String> digests = new ArrayList<>();
    for (String family : List.of("bqx", "reg")) {
      digests.add(MadeBars.digest(sql, family + "_eurusd_2024_07"));
    }
    return digests;
  }
}
