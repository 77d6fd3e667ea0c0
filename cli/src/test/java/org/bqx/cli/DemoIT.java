package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DemoIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  @Test
  void demoRunsTwiceAndItsLastLineWorks() {
    String[] demo = {"demo", "--pairs", "1", "--months", "1", "--families", "bqx,Rate"};
    Duration age = Duration.between(started(), Instant.now());
    Result first = BQX.run(demo);
    assertThat(first.err())
        .as("something is said before the work")
        .startsWith("schema: looking for migrations" + System.lineSeparator())
        .contains("families: bqx, rate of audcad" + System.lineSeparator())
        .contains("features of audcad: 2 of 2 partitions computed")
        .contains("check: 2 of 2 partitions verified, 0 differences");
    assertThat(first.code()).isZero();
    // It counts from the start of its process, which is the launcher's.
    assertThat(Long.parseLong(first.err().replaceAll("(?s).*done in (\\d+) s.*", "$1")))
        .isGreaterThanOrEqualTo(age.toSeconds());
    String line = first.out().strip();
    assertThat(line).contains("FROM bqx.bqx JOIN bqx.rate USING");
    String query = line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'));
    assertThat(DATABASE.psql("-c", query).output().lines()).hasSize(5);

    Result second = BQX.run(demo);
    assertThat(second.code()).isZero();
    assertThat(second.err()).contains("everything was there already, nothing changed");
  }

  private static Instant started() {
    return ProcessHandle.current().info().startInstant().orElseThrow();
  }

  /** 14 further families of pairs, and one of the market: a minute. */
  @Tag("slow")
  @Test
  void coreFamiliesAreOfEveryPairTheOthersOfThree() throws Exception {
    Result demo = BQX.run("demo", "--pairs", "4", "--months", "1");
    assertThat(demo.err())
        .containsPattern(
            "families: bqx, reg of 4 pairs; time, .*, ccy of audcad, audchf, audjpy;"
                + " every family of every pair: ./bqx demo --families all")
        // Of the bars that are made none has bid and ask: no spread.
        .contains("check: 48 of 48 partitions verified, 0 differences")
        .containsPattern(
            "left out, and so missing in plan and status: 13 partitions, about \\d+ s of work;"
                + " ./bqx backfill");
    assertThat(demo.code()).isZero();
    assertThat(done("family IN ('bqx', 'reg')")).isEqualTo("audcad audchf audjpy audnzd");
    assertThat(done("family NOT IN ('bqx', 'reg')")).isEqualTo("audcad audchf audjpy market");
  }

  @Test
  void aFamilyThatIsNotThereIsAUsageError() {
    Result unknown = BQX.run("demo", "--pairs", "1", "--months", "1", "--families", "bqr");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("family \"bqr\" does not exist", "./bqx families");
  }

  private static String done(String condition) throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      return sql.text(
          "SELECT string_agg(DISTINCT pair, ' ' ORDER BY pair) FROM bqx.progress WHERE state = 'done' AND "
              + condition);
    }
  }
}
