package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.RealBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of bars go in whole, once, or not at all. Where the database is a front, bars are looked at
 * on its node.
 */
abstract class ImportContract {
  private static final String BARS =
      """
      time,open,high,low,close,volume
      2024-06-30T23:59Z,1.0,1.2,0.9,1.0,10
      2024-07-01T00:00Z,1.1,1.3,1.0,1.25,20
      2024-07-01T00:01Z,1.25,1.5,1.2,1.5,30
      """;

  @TempDir private Path folder;
  private final TestDatabase database;
  private final TestDatabase node;
  private final CommandLineRunner bqx;

  /** Of the database that people are given. */
  private SqlSession sql;

  /** Of the one that has the bars: the same, or a front's node. */
  private SqlSession home;

  ImportContract(TestDatabase database) {
    this(database, database, new CommandLineRunner(database));
  }

  ImportContract(TestDatabase database, TestDatabase node, CommandLineRunner bqx) {
    this.database = database;
    this.node = node;
    this.bqx = bqx;
  }

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(database.connect());
    home = node == database ? sql : new SqlSession(node.connect());
    home.execute("DELETE FROM bqx.m1");
    home.execute("DELETE FROM bqx.baseline_rates");
  }

  @AfterEach
  void disconnect() throws SQLException {
    home.close();
    sql.close();
  }

  @Test
  void aFileGoesInWithBaselineAndRateIndexAndASecondTimeChangesNothing()
      throws IOException, SQLException {
    Path file = write(BARS);
    Result first = bqx.run("import", file.toString(), "--pair", "EURUSD");
    assertThat(first.err()).isEmpty();
    assertThat(first.code()).isZero();
    assertThat(first.out())
        .contains("eurusd 3 read, 3 inserted, 0 unchanged, 0 replaced, 0 rejected")
        .contains("2024-06-30T23:59:00Z to 2024-07-01T00:01:00Z");
    assertThat(sql.text("SELECT baseline_rate::text FROM bqx.baseline_rates")).isEqualTo("1.25");
    assertThat(sql.column("SELECT rate_index::text FROM bqx.m1 ORDER BY time"))
        .containsExactly("80", "100", "120");
    String before = state();

    Result second = bqx.run("import", file.toString(), "--pair", "eurusd", "--json");
    assertThat(second.code()).isZero();
    assertThat(second.out())
        .startsWith("{\"schema\":1,")
        .contains("\"inserted\":0,\"unchanged\":3,\"replaced\":0,\"rejected\":0");
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void barsBeforeTheBaselineDateWaitForTheirIndex() throws IOException, SQLException {
    Result early =
        bqx.run("import", write(BARS.lines().limit(2).toList()).toString(), "--pair", "eurusd");
    assertThat(sql.number("SELECT count(*) FROM bqx.m1 WHERE rate_index IS NULL")).isEqualTo(1);
    String told =
        "eurusd has no baseline: its bars end on 2024-06-30, before the baseline date 2024-07-01:"
            + " ./bqx psql -c \"SELECT bqx.set_baseline('eurusd', '2024-06-30')\"";
    assertThat(early.err()).contains(told);
    assertThat(bqx.run("plan").err()).contains(told);
    assertThat(sql.number("SELECT bqx.set_baseline('eurusd', '2024-06-30')")).isEqualTo(1);
    home.execute("DELETE FROM bqx.baseline_rates");
    home.execute("UPDATE bqx.m1 SET rate_index = NULL");
    assertThat(bqx.run("import", write(BARS).toString(), "--pair", "eurusd").err())
        .doesNotContain("baseline");
    assertThat(sql.column("SELECT rate_index::text FROM bqx.m1 ORDER BY time"))
        .containsExactly("80", "100", "120");
  }

  @Test
  void aBaselineOfAnotherBarThanTheFirstIsTold() throws IOException, SQLException {
    String command = "./bqx psql -c \"SELECT bqx.set_baseline('eurusd', '2024-07-01')\"";
    String head = BARS.lines().findFirst().orElseThrow();
    assertThat(
            bqx.run(
                    "import",
                    write(head + BARS.substring(BARS.lastIndexOf("\n2024"))).toString(),
                    "--pair",
                    "eurusd")
                .err())
        .doesNotContain("baseline");
    String earlier =
        "eurusd has its baseline from the bar of 2024-07-01 00:01 UTC, and an earlier one from the"
            + " baseline date 2024-07-01 on, of 2024-07-01 00:00 UTC: "
            + command;
    assertThat(bqx.run("import", write(BARS).toString(), "--pair", "eurusd").err())
        .contains(earlier);
    assertThat(bqx.run("doctor").out().replaceAll("\\s+", " "))
        .contains("1 pair with the baseline of another bar: eurusd", "next: " + command);

    assertThat(sql.number("SELECT bqx.set_baseline('eurusd', '2024-07-01') * 100")).isEqualTo(125);
    assertThat(bqx.run("doctor").out()).doesNotContain("baseline of another bar");
    String corrected = BARS.replace("1.25,20", "1.2,20");
    assertThat(
            bqx.run(
                    "import",
                    write(corrected).toString(),
                    "--pair",
                    "eurusd",
                    "--on-conflict",
                    "replace")
                .err())
        .contains(
            "eurusd has baseline 1.25, and the bar of 2024-07-01 00:00 UTC, which it is from, has"
                + " close 1.2 now: "
                + command);
  }

  /** Whoever brings the bars again from another source may lack the bar that the baseline is of. */
  @Test
  void aBaselineWhoseBarIsGoneIsToldUnlessItWasDropped() throws IOException, SQLException {
    bqx.run("import", write(BARS).toString(), "--pair", "eurusd");
    home.execute("DELETE FROM bqx.m1");
    String later =
        BARS.substring(0, BARS.indexOf('\n')) + "\n2024-08-01T00:01Z,1.25,1.5,1.2,1.5,30\n";
    assertThat(bqx.run("import", write(later).toString(), "--pair", "eurusd").err())
        .contains(
            "eurusd has its baseline from the bar of 2024-07-01 00:00 UTC, which is gone: the first"
                + " from the baseline date 2024-07-01 on is of 2024-08-01 00:01 UTC: "
                + "./bqx psql -c \"SELECT bqx.set_baseline('eurusd', '2024-07-01')\"");
    assertThat(bqx.run("doctor").out()).contains("1 pair with the baseline of another bar: eurusd");
    assertThat(sql.column("SELECT rate_index::text FROM bqx.m1")).containsExactly("120");

    sql.execute("SELECT bqx.drop_months('2024-08-01')");
    assertThat(bqx.run("doctor").out()).doesNotContain("baseline of another bar");
    for (SqlSession one : List.of(sql, home)) {
      one.execute("UPDATE bqx.pair SET kept_from = '-infinity'");
    }
  }

  @Test
  void aBadLineKeepsTheWholeFileOutAndIsNamed() throws IOException, SQLException {
    Path file = write(BARS + "2024-07-01T00:02:30Z,1,1,1,1,1\n2024-07-01T00:03Z,1,1,2,1,1\n");
    Result result = bqx.run("import", file.toString(), "--pair", "eurusd");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains(file + ":5: time is not on the minute")
        .contains(file + ":6: high 1.0 is below low 2.0")
        .contains("2 of 5 lines refused, more than 0.1 %: nothing imported");
    assertThat(sql.number("SELECT count(*) FROM bqx.m1")).isZero();
  }

  @Test
  void anotherBarOfTheSameMinuteIsRefusedKeptOutOrTaken() throws IOException, SQLException {
    bqx.run("import", write(BARS).toString(), "--pair", "eurusd");
    Path other = write(BARS.replace("1.2,1.5,30", "1.2,1.4,30") + "2024-07-01T00:02Z,1,1,1,1,1\n");

    Result refused = bqx.run("import", other.toString(), "--pair", "eurusd");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains(":4: time 2024-07-01T00:01Z is already there with other values");
    assertThat(sql.number("SELECT count(*) FROM bqx.m1")).isEqualTo(3);

    Result kept = bqx.run("import", other.toString(), "--pair", "eurusd", "--on-conflict", "keep");
    assertThat(kept.out()).contains("4 read, 1 inserted, 3 unchanged, 0 replaced");
    assertThat(closeAt("2024-07-01T00:01Z")).isEqualTo("1.5");

    Result taken =
        bqx.run("import", other.toString(), "--pair", "eurusd", "--on-conflict", "replace");
    assertThat(taken.out()).contains("4 read, 0 inserted, 3 unchanged, 1 replaced");
    assertThat(closeAt("2024-07-01T00:01Z")).isEqualTo("1.4");
    assertThat(
            sql.number(
                "SELECT count(*) FROM bqx.m1 WHERE rate_index IS DISTINCT FROM close / 1.25 * 100"))
        .isZero();
  }

  @Test
  void barsOfTheFutureAreTold() throws IOException {
    Path file = write("2098-07-01T00:00Z,1.25,1.25,1.25,1.25,1");
    assertThat(bqx.run("import", file.toString(), "--pair", "eurusd", "--dry-run").err())
        .contains("the last bar of eurusd, 2098-07-01T00:00:00Z, is of the future");
  }

  @Test
  void readsStandardInput() {
    Result result =
        bqx.runWithInput(BARS.getBytes(StandardCharsets.UTF_8), "import", "-", "--pair", "eurusd");
    assertThat(result.out()).contains("3 inserted");
  }

  @Test
  void anUnknownPairIsAUsageError() throws IOException {
    Result result = bqx.run("import", write(BARS).toString(), "--pair", "eurxxx");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("pair \"eurxxx\" does not exist").contains("next: ");
  }

  @Test
  void aPairThatAnotherImportHoldsIsLeftAlone() throws IOException, SQLException {
    home.execute("SELECT pg_advisory_lock(hashtext('bqx.import'), hashtext('eurusd'))");
    Result result = bqx.run("import", write(BARS).toString(), "--pair", "eurusd");
    assertThat(result.code()).isEqualTo(5);
    assertThat(result.err()).contains("another import of eurusd is running");
  }

  @Test
  @RealBars.Required
  void givesTheBarsThatPsqlReads() throws SQLException {
    Path file = RealBars.directory().resolve("usdjpy_2021.csv.gz");
    Result result = bqx.run("import", file.toString(), "--pair", "usdjpy");
    assertThat(result.out()).contains("50,000 read, 50,000 inserted");
    String read =
        node.psql(
                "-c",
                "CREATE TEMP TABLE plain (time timestamptz, o float8, h float8, l float8, c float8,"
                    + " v float8)",
                "-c",
                "\\copy plain FROM PROGRAM 'gzip -dc " + file + "' (FORMAT csv, HEADER)",
                "-c",
                "SELECT count(*), count(m) FROM plain LEFT JOIN bqx.m1 m ON m.pair = 'usdjpy' AND"
                    + " (m.time, open, high, low, close, volume) = (plain.time, o, h, l, c, v)")
            .output();
    assertThat(read).endsWith("50000|50000");
  }

  private String closeAt(String time) throws SQLException {
    return sql.text("SELECT close::text FROM bqx.m1 WHERE time = ?::timestamptz", time);
  }

  /** Bars and their physical versions: a row written again has another xmin. */
  private String state() throws SQLException {
    return home.text(
        "SELECT string_agg(m::text || m.xmin, ';' ORDER BY time) FROM bqx.m1_eurusd m");
  }

  private Path write(Iterable<String> lines) throws IOException {
    return write(String.join("\n", lines));
  }

  private Path write(String text) throws IOException {
    Path file = Files.createTempFile(folder, "bars", ".csv");
    return Files.writeString(file, text);
  }
}
