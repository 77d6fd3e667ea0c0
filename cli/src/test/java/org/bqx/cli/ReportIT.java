package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code report} writes, where, and how it ends. */
class ReportIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final String WRONG =
      "UPDATE bqx.bqx SET w60_bqx_range = -1 WHERE pair = 'eurusd' AND ts_utc = '2024-07-03 12:00Z'";

  @TempDir private Path folder;

  private SqlSession sql;

  @BeforeAll
  static void compute() {
    assertThat(BQX.run("migrate").code()).isZero();
    assertThat(
            BQX.run("generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07").code())
        .isZero();
    assertThat(BQX.run("backfill").code()).isZero();
  }

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  @Test
  void markdownHasTheFiguresOfTheDatabase() throws SQLException {
    Result result = BQX.run("report", "--markdown");
    assertThat(result.code()).isZero();
    String[] row =
        result
            .out()
            .lines()
            .filter(line -> line.startsWith("| eurusd | 2024-07 | done | verified |"))
            .reduce((bqx, reg) -> reg)
            .orElseThrow()
            .split(" *\\| *");
    assertThat(row[5].replace(",", "")).isEqualTo(sql.text("SELECT count(*)::text FROM bqx.reg"));
    assertThat(row[6].replace(",", ""))
        .isEqualTo(sql.text("SELECT count(DISTINCT ts_utc)::text FROM bqx.reg"));
    assertThat(row[7]).isEqualTo(rounded("min(rate_index)"));
    assertThat(row[8]).isEqualTo(rounded("max(rate_index)"));
    assertThat(row[9]).isEqualTo(rounded("avg(rate_index)"));
    assertThat(row[10]).isEqualTo("540");
    assertThat(row[15]).isEqualTo("5,670");
    assertThat(row[16]).isEqualTo(rounded("avg(w60_reg_r2)"));
    assertThat(row[21]).isEqualTo(rounded("avg(w630_reg_r2)"));
    assertThat(result.out()).contains("**2 of 2 partitions verified, 0 differences");
  }

  private String rounded(String value) throws SQLException {
    return sql.text("SELECT round((%s)::numeric, 6)::text FROM bqx.reg".formatted(value));
  }

  @Test
  void bothFormsAreWrittenOverWhatIsThere() throws Exception {
    Path html = Files.writeString(folder.resolve("r.html"), "old");
    Path markdown = folder.resolve("r.md");
    Result result =
        BQX.run(
            "report", "--html", html.toString(), "--markdown", markdown.toString(), "--no-verify");
    assertThat(result.code()).isZero();
    assertThat(result.out()).isEmpty();
    assertThat(html)
        .content()
        .startsWith("<!DOCTYPE html>")
        .contains("Not verified")
        .endsWith("</html>\n");
    assertThat(markdown).content().contains("**Not verified.**");
    assertThat(folder).isDirectoryNotContaining("glob:**.writing");
  }

  @Test
  void monthsWithoutQuotesAreShownAndNothingToMend() throws Exception {
    Path html = folder.resolve("r.html");
    sql.execute("SELECT bqx.enable_family('spread')");
    try {
      assertThat(
              BQX.run("report", "--html", html.toString(), "--family", "spread", "--no-verify")
                  .code())
          .isZero();
      assertThat(html).content().contains("\"states\":\"q\"").doesNotContain("no quotes</");
      assertThat(BQX.run("report", "--markdown", "--family", "spread", "--no-verify").out())
          .contains("| eurusd | 2024-07 | no quotes |");
    } finally {
      sql.execute("SELECT bqx.enable_family('spread', false)");
    }
  }

  @Test
  void itEndsAsItsVerificationDoes() throws Exception {
    Path html = folder.resolve("r.html");
    sql.execute(WRONG);
    try {
      assertThat(BQX.run("report", "--html", html.toString()).code()).isEqualTo(3);
      assertThat(html).content().contains("w60_bqx_range", "\"states\":\"d\",\"proofs\":\"x\"");
      assertThat(BQX.run("report", "--html", html.toString(), "--family", "reg").code()).isZero();
      assertThat(BQX.run("report", "--html", html.toString(), "--no-verify").code()).isZero();
      // Squares to more than a double can hold, so that the server refuses the statement.
      sql.execute(
          "UPDATE bqx.reg SET w60_reg_a = 1e308, w60_reg_a_term = 1e308 WHERE ts_utc = '2024-07-03 12:00Z'");
      assertThat(BQX.run("report", "--html", html.toString(), "--family", "reg").code())
          .isEqualTo(1);
      assertThat(html).content().contains("\"states\":\"d\",\"proofs\":\"u\"");
    } finally {
      assertThat(BQX.run("backfill", "--force").code()).isZero();
    }
  }

  @Test
  void aVerificationMadeBeforeIsReportedForWhatItWas() throws Exception {
    Path html = folder.resolve("r.html");
    Path json = folder.resolve("verify.json");
    sql.execute(WRONG);
    Files.writeString(json, BQX.run("verify", "--full", "--json").out());
    assertThat(
            BQX.run("report", "--html", html.toString(), "--verification", json.toString()).code())
        .isEqualTo(3);
    assertThat(html).content().contains("w60_bqx_range", "compared bit by bit");

    // The banner is of the range that the report is of.
    Result other =
        BQX.run("report", "--markdown", "--verification", json.toString(), "--family", "reg");
    assertThat(other.code()).isZero();
    assertThat(other.out())
        .contains("**1 of 1 partition verified, 0 differences")
        .doesNotContain("w60_bqx_range");
    for (String range : List.of("--from=2024-08", "--to=2024-06")) {
      assertThat(BQX.run("report", "--markdown", "--verification", json.toString(), range).out())
          .contains("0 of 0 partitions verified")
          .doesNotContain("w60_bqx_range");
    }

    assertThat(BQX.run("backfill", "--force").code()).isZero();
    assertThat(
            BQX.run("report", "--html", html.toString(), "--verification", json.toString()).code())
        .isEqualTo(3);
    assertThat(html)
        .content()
        .contains("\"states\":\"d\",\"proofs\":\"c\"", "Computed since, and not verified")
        .contains("Computed again since, and not verified: 2 partitions");
  }

  @Test
  void whatIsNoVerificationIsRefused() throws Exception {
    Path file = folder.resolve("v.json");
    for (String text :
        new String[] {
          "",
          "{",
          "[]",
          "{\"schema\":1}",
          "{\"schema\":1,\"verify\":{\"planned\":2}}",
          "{\"schema\":2,\"verify\":{}}"
        }) {
      Files.writeString(file, text, StandardCharsets.UTF_8);
      Result result = BQX.run("report", "--markdown", "--verification", file.toString());
      assertThat(result.code()).as(text).isEqualTo(2);
      assertThat(result.err()).contains("is not what verify --json prints");
    }
    Result none = BQX.run("report", "--markdown", "--verification", folder + "/none");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("bqx: cannot read " + folder + "/none: no such file");
  }

  @Test
  void whatCannotBeWrittenIsRefusedBeforeTheWork() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "kept");
    for (String target :
        new String[] {
          folder.toString(), folder + "/none/r.html", file + "/r.html", "/dev/null", "/proc/r.html"
        }) {
      for (String form : new String[] {"--html", "--markdown"}) {
        Result result = BQX.run("report", form, target);
        assertThat(result.code()).as(target).isNotZero();
        assertThat(result.err()).contains("cannot write " + target).doesNotContain("verify");
      }
    }
    assertThat(file).hasContent("kept");
  }

  @Test
  void wrongOptionsAreUsage() {
    assertThat(BQX.run("report").code()).isEqualTo(2);
    assertThat(BQX.run("report", "--markdown", "--pair", "xxxyyy", "--no-verify").code())
        .isEqualTo(2);
    assertThat(BQX.run("report", "--markdown", "--pairs", "xxxyyy", "--no-verify").code())
        .isEqualTo(2);
    assertThat(BQX.run("report", "--markdown", "--month", "July").code()).isEqualTo(2);
    assertThat(BQX.run("report", "--markdown", "--workers", "0").code()).isEqualTo(2);
    assertThat(BQX.run("report", "--markdown", "--no-verify", "--verification", "x").code())
        .isEqualTo(2);
  }

  @Test
  void aSeriesAskedForByNameIsThereOrRefused() {
    assertThat(
            BQX.run(
                    "report",
                    "--markdown",
                    "--no-verify",
                    "--pair",
                    "EUR/USD",
                    "--month",
                    "2024-07")
                .code())
        .isZero();
    Result none = BQX.run("report", "--markdown", "--no-verify", "--pair", "usdjpy");
    assertThat(none.err()).contains("--pair and --month choose what the page of --html draws");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("nothing is computed of usdjpy", "./bqx plan --all");
  }

  @Test
  void withoutAServerItIsFour() {
    assertThat(BQX.runWith(Map.of("PGPORT", "1"), "report", "--markdown").code()).isEqualTo(4);
  }
}
