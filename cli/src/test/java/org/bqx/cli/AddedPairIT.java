package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A pair that somebody added is one to every command, whatever it is called. */
class AddedPairIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  /** The shortest name that there can be, gold, and the longest. */
  private static final List<String> PAIRS = List.of("ukx2", "xauusd", "us500eur99");

  @TempDir private Path folder;

  @BeforeAll
  static void addPairs() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("SELECT bqx.add_pair('xauusd')");
      sql.execute("SELECT bqx.add_pair('us500eur99', 'us500', 'eur99')");
      sql.execute("SELECT bqx.add_pair('UKX2', 'UK', 'X2')");
    }
    Result made = bqx("generate", "--from=2024-07", "--to=2024-07");
    assertThat(made.out().lines()).hasSize(PAIRS.size());
    bqx("backfill", "--workers=2");
  }

  private static Result bqx(String command, String... options) {
    List<String> all = new ArrayList<>(List.of(command, "--pairs"));
    all.add(String.join(",", PAIRS));
    all.addAll(List.of(options));
    Result result = BQX.run(all.toArray(String[]::new));
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    return result;
  }

  @Test
  void planAndVerifyKnowIt() {
    String plan = bqx("plan", "--all").out();
    assertThat(plan).contains("bqx xauusd     2024-07  ", "reg us500eur99 2024-07  ", "6 done");
    Result verify = bqx("verify", "--full");
    assertThat(verify.err()).contains("6 of 6 partitions verified, 0 differences");
    List<String> lines =
        verify.out().lines().filter(line -> !line.startsWith("  warning")).toList();
    int rows = lines.get(0).indexOf("min index");
    // The columns of all rows end where those of the heading do.
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.substring(rows - 2, rows)).isEqualTo("  "));
  }

  @Test
  void monitorAndReportShowIt() throws Exception {
    assertThat(BQX.run("status").out())
        .contains("xauusd     ##")
        .contains("us500eur99 ##")
        .contains("ukx2       ##");
    Path page = folder.resolve("page.html");
    Result report = bqx("report", "--html=" + page, "--markdown", "--pair=xauusd");
    assertThat(report.out()).contains("| xauusd | 2024-07 | done | verified |");
    assertThat(Files.readString(page))
        .contains("\"pairs\":[\"ukx2\",\"us500eur99\",\"xauusd\"]")
        .contains("{\"pair\":1,\"states\":\"d\",\"proofs\":\"v\"")
        .contains("\"pair\":\"xauusd\",\"month\":\"2024-07\"");
  }

  @Test
  void aFileOfItIsImported() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("bars.csv"),
            "time,open,high,low,close,volume\n2024-09-02T10:00Z,2500,2501,2499,2500.5,10\n");
    Result result = BQX.run("import", file.toString(), "--pair", "xauusd");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(BQX.run("plan", "--pairs=xauusd", "--from=2024-09").out())
        .contains("missing  bqx xauusd 2024-09");
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("DELETE FROM bqx.m1 WHERE pair = 'xauusd' AND time >= '2024-09-01'");
    }
  }
}
