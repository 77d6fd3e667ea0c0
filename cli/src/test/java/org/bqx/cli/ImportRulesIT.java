package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What an import lets in, what it sets aside, and what it makes stale. */
class ImportRulesIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final long LIMIT_SECONDS = 60;

  /** Friday 2024-07-05 from 12:30 UTC: a header, then each defect once among four good bars. */
  private static final String DEFECTS =
      """
      time,open,high,low,close,volume
      2024-07-05T12:30Z,1.08,1.09,1.07,1.08,1
      hello
      2024-07-05T12:31:30Z,1.08,1.09,1.07,1.08,1
      2024-07-05T12:32Z,1.08,1.07,1.09,1.08,1
      2024-07-05T12:33Z,1.1,1.09,1.07,1.08,1
      2024-07-05T12:34Z,1.08,1.09,1.07,1.06,1
      2024-07-05T12:35Z,0,1.09,0,1.08,1
      2024-07-05T12:36Z,1.08,1.09,-1.07,1.08,1
      2024-07-05T12:37Z,1.08,1.09,1.07,NaN,1
      2024-07-05T12:38Z,1.08,1.09,1.07,1.08,1
      2024-07-05T12:38Z,1.08,1.09,1.07,1.08,1
      2024-07-05T12:38Z,1.08,1.09,1.07,1.085,1
      2024-07-05T12:29Z,1.08,1.09,1.07,1.08,1
      2024-07-05T12:39Z,1080,1090,1070,1080,1
      2024-07-05T12:40Z,1.08,1.09,1.07,1.08,1
      2024-07-06T12:00Z,1.08,1.09,1.07,1.08,1
      2024-07-08T00:00Z,1.08,1.09,1.07,1.08,1
      """;

  @TempDir private Path folder;
  private SqlSession sql;

  @BeforeAll
  static void migrate() {
    assertThat(BQX.run("migrate").code()).isZero();
  }

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
    sql.execute("DELETE FROM bqx.m1");
    sql.execute("DELETE FROM bqx.baseline_rates");
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  @Test
  void eachDefectIsRejectedWithItsLineAndReasonAndTheOthersAreIn()
      throws IOException, SQLException {
    Path file = write("eurusd.csv", DEFECTS);
    Result result = BQX.run("import", file.toString(), "--max-rejects", "90%");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("17 read, 4 inserted, 0 unchanged, 0 replaced, 13 rejected");
    assertThat(sql.column("SELECT to_char(time AT TIME ZONE 'UTC', 'DD HH24:MI') FROM bqx.m1"))
        .containsExactly("05 12:30", "05 12:38", "05 12:40", "08 00:00");
    assertThat(result.err())
        .contains("eurusd.csv: 13 bad rows in " + folder.resolve("eurusd.csv.rejects.csv"));
    assertThat(folder.resolve("eurusd.csv.rejects.csv"))
        .content()
        .isEqualTo(
            """
            line,reason,row
            3,no open,hello
            4,time is not on the minute,"2024-07-05T12:31:30Z,1.08,1.09,1.07,1.08,1"
            5,high 1.07 is below low 1.09,"2024-07-05T12:32Z,1.08,1.07,1.09,1.08,1"
            6,open 1.1 is outside 1.07 to 1.09,"2024-07-05T12:33Z,1.1,1.09,1.07,1.08,1"
            7,close 1.06 is outside 1.07 to 1.09,"2024-07-05T12:34Z,1.08,1.09,1.07,1.06,1"
            8,open 0.0 is not a positive number,"2024-07-05T12:35Z,0,1.09,0,1.08,1"
            9,low -1.07 is not a positive number,"2024-07-05T12:36Z,1.08,1.09,-1.07,1.08,1"
            10,"close ""NaN"" is not a number","2024-07-05T12:37Z,1.08,1.09,1.07,NaN,1"
            15,high 1090.0 is a jump from 1.08,"2024-07-05T12:39Z,1080,1090,1070,1080,1"
            17,"time is on a weekend, when no market is open","2024-07-06T12:00Z,1.08,1.09,1.07,1.08,1"
            12,time 2024-07-05T12:38Z repeats line 11,"2024-07-05T12:38Z,1.08,1.09,1.07,1.08,1"
            13,time 2024-07-05T12:38Z repeats line 11 with other values,"2024-07-05T12:38Z,1.08,1.09,1.07,1.085,1"
            14,time 2024-07-05T12:29Z is out of order: after 2024-07-05T12:38Z,"2024-07-05T12:29Z,1.08,1.09,1.07,1.08,1"
            """);
  }

  @Test
  void pastMaxRejectsNothingOfTheFileIsImported() throws IOException, SQLException {
    Path bad = write("eurusd.csv", DEFECTS);
    Path good = write("gbpusd.csv", "2024-07-05T12:30Z,1.2,1.2,1.2,1.2\n");
    Result result =
        BQX.run("import", bad.toString(), good.toString(), "--max-rejects", "12", "--json");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("13 of 17 lines refused, more than 12: nothing imported");
    assertThat(result.out())
        .contains("\"rejected\":13")
        .contains("\"rejects\":\"" + bad + ".rejects.csv\"")
        .contains("\"error\":\"13 of 17 lines refused, more than 12: nothing imported\"");
    assertThat(sql.column("SELECT DISTINCT pair FROM bqx.m1")).containsExactly("gbpusd");
    assertThat(BQX.run("import", bad.toString()).code()).isEqualTo(1);
  }

  @Test
  void theFactorOfAJumpAndTheWeekendCanBeSet() throws IOException {
    Path file =
        write("eurusd.csv", "2024-07-06T12:30Z,1,1,1,1\n2024-07-06T12:31Z,1.2,1.2,1.2,1.2\n");
    assertThat(BQX.run("import", file.toString()).out()).contains("2 rejected");
    assertThat(BQX.run("import", file.toString(), "--weekend", "keep", "--max-jump", "1.1").err())
        .contains(":2: high 1.2 is a jump from 1.0");
    assertThat(BQX.run("import", file.toString(), "--weekend", "keep").code()).isZero();
    assertThat(BQX.run("import", file.toString(), "--max-jump", "1").code()).isEqualTo(2);
  }

  @Test
  void aDryRunSaysWhatItWouldDoAndLeavesNothing() throws IOException, SQLException {
    Path file = write("eurusd.csv", "2031-07-04T12:30Z,1,1,1,1\n");
    Result result = BQX.run("import", file.toString(), "--dry-run");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("1 inserted").contains(", undone");
    assertThat(sql.number("SELECT count(*) FROM bqx.m1")).isZero();
    assertThat(sql.value("SELECT to_regclass('bqx.m1_eurusd_2031_07')")).isNull();
    assertThat(sql.number("SELECT count(*) FROM bqx.baseline_rates")).isZero();
  }

  @Test
  void aDryRunNamesWhatItWouldRejectAndWritesNoFile() throws IOException {
    Path file = write("eurusd.csv", "2024-07-04T12:30Z,1,1,1,1\nno bar\n");
    Result allowed = BQX.run("import", file.toString(), "--dry-run", "--max-rejects", "1");
    assertThat(allowed.code()).isZero();
    assertThat(allowed.out()).contains("1 rejected, ").contains(", undone");
    assertThat(allowed.err()).contains("eurusd.csv:2: ");
    Result refused = BQX.run("import", file.toString(), "--dry-run");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("eurusd.csv:2: ").contains("next: correct these lines, or");
    assertThat(folder).isDirectoryNotContaining("glob:**.rejects.csv");
    BQX.run("import", file.toString(), "--dry-run", "--rejects", folder.toString());
    assertThat(folder).isDirectoryContaining("glob:**.rejects.csv");
  }

  @Test
  void foldersPatternsAndNamesGiveFilesAndPairs() throws IOException, SQLException {
    Files.createDirectories(folder.resolve("in/2024"));
    write("in/EUR_USD.csv", "2024-07-05T12:30Z,1,1,1,1\n");
    write("in/2024/GBPUSDm.csv", "2024-07-05T12:30Z,1,1,1,1\n");
    write("in/notes.txt", "nothing of interest\n");
    assertThat(BQX.run("import", folder.resolve("in").toString()).code()).isZero();
    assertThat(sql.column("SELECT pair FROM bqx.m1 ORDER BY pair"))
        .containsExactly("eurusd", "gbpusd");
    assertThat(BQX.run("import", folder.resolve("in/*.csv").toString()).out().lines()).hasSize(1);
    Result unknown = BQX.run("import", write("bars.csv", "2024-07-05T12:30Z,1,1,1,1").toString());
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("names no pair").contains("--pair");
  }

  @Test
  void hostileNamesAndContentReachNeitherSqlNorTheTerminal() throws IOException, SQLException {
    String name = "eurusd'); DROP TABLE bqx.m1; --\u001b[2J.csv";
    Path file =
        write(name, "2024-07-05T12:30Z,1,1,1,1\n\u001b]0;x\u0007'; DROP TABLE bqx.m1,1,1,1,1\n");
    Result result = BQX.run("import", file.toString(), "--max-rejects", "1");
    assertThat(result.code()).isZero();
    assertThat(result.out() + result.err()).doesNotContain("\u001b", "\u0007");
    assertThat(sql.number("SELECT count(*) FROM bqx.m1")).isEqualTo(1);
    assertThat(BQX.run("import", file.toString(), "--pair", "'; DROP TABLE bqx.m1; --").code())
        .isEqualTo(2);
    assertThat(
            BQX.run("import", "--from-table", "x'; DROP TABLE bqx.m1; --", "--pair", "eurusd")
                .code())
        .isEqualTo(2);
    assertThat(sql.number("SELECT count(*) FROM bqx.m1")).isEqualTo(1);
  }

  @Test
  void aTablesColumnsAreFoundByTheirNames() throws SQLException {
    sql.execute("CREATE SCHEMA IF NOT EXISTS \"My data\"");
    sql.execute("DROP TABLE IF EXISTS \"My data\".\"Bars\"");
    sql.execute(
        """
        CREATE TABLE "My data"."Bars" AS
        SELECT 'x' AS note, 1.07::numeric AS low, 1.08::float4::numeric AS "Close", 1.09 AS high,
            1.08 AS open, '2024-07-05 12:30Z'::timestamptz + m * interval '1 minute' AS "Time",
            m::int AS volume
        FROM generate_series(0, 199) m
        """);
    String[] command = {
      "import",
      "--from-table",
      "\"My data\".\"Bars\"",
      "--pair",
      "EURUSD",
      "--rejects",
      folder.toString()
    };
    Result first = BQX.run(command);
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).contains("200 read, 200 inserted");
    assertThat(
            sql.number(
                "SELECT count(*) FROM bqx.m1 JOIN \"My data\".\"Bars\" b ON b.\"Time\" = time"
                    + " WHERE (m1.open, m1.high, m1.low, m1.close, m1.volume, rate_index)"
                    + " = (1.08, 1.09, 1.07, 1.08, b.volume, 100)"))
        .isEqualTo(200);
    assertThat(BQX.run(command).out()).contains("0 inserted, 200 unchanged");

    sql.execute("UPDATE \"My data\".\"Bars\" SET high = 1.1 WHERE volume = 7");
    assertThat(BQX.run(command).err())
        .contains(":8: time 2024-07-05T12:37Z is already there with other values");
  }

  @Test
  void aTablesDefectsAreRejectedToo() throws SQLException {
    sql.execute("DROP TABLE IF EXISTS public.bars");
    sql.execute(
        """
        CREATE TABLE public.bars AS
        SELECT '2024-07-05 12:30'::timestamp + m * interval '1 minute' AS time, 1.08 AS open,
            1.09 AS high, 1.07 AS low, 1.08::float8 AS close
        FROM generate_series(0, 39) m
        """);
    for (String change :
        new String[] {
          "SET time = time + interval '7 seconds' WHERE time = '2024-07-05 12:31'",
          "SET high = 1 WHERE time = '2024-07-05 12:32'",
          "SET open = 2 WHERE time = '2024-07-05 12:33'",
          "SET close = 'NaN' WHERE time = '2024-07-05 12:34'",
          "SET low = 0 WHERE time = '2024-07-05 12:35'",
          "SET open = NULL WHERE time = '2024-07-05 12:36'",
          "SET (open, high, low, close) = (1080, 1090, 1070, 1080) WHERE time >= '2024-07-05 12:37'"
              + " AND time < '2024-07-05 12:40'",
          "SET time = '2024-07-06 12:00' WHERE time = '2024-07-05 12:40'",
          "SET time = '2024-07-05 12:42' WHERE time = '2024-07-05 12:41'",
          "SET time = 'infinity' WHERE time = '2024-07-05 12:43'",
          "SET time = NULL WHERE time = '2024-07-05 12:44'"
        }) {
      sql.execute("UPDATE public.bars " + change);
    }
    Result result =
        BQX.run(
            "import",
            "--from-table",
            "public.bars",
            "--pair",
            "eurusd",
            "--max-rejects",
            "13",
            "--rejects",
            folder.toString());
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("40 read, 27 inserted").contains("13 rejected");
    assertThat(result.err())
        .contains(
            "time is not on the minute",
            "high 1 is below low 1.07",
            "open 2 is outside 1.07 to 1.09",
            "close NaN is not a positive number",
            "low 0 is not a positive number",
            "no open",
            "high 1090 is a jump from 1.08",
            "time is on a weekend",
            "time 2024-07-05T12:42Z repeats line 11",
            "time is outside 1970 to 2099",
            "no time");
    assertThat(folder.resolve("public.bars.rejects.csv"))
        .content()
        .contains("no open,\"2024-07-05T12:36Z,,1.09,1.07,1.08", "no time,\",1.08,1.09,1.07,1.08");

    Result none = BQX.run("import", "--from-table", "public.none", "--pair", "eurusd", "--json");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("table \"public.none\" does not exist");
    assertThat(none.out())
        .contains(
            "\"file\":\"public.none\"", "\"error\":\"table \\\"public.none\\\" does not exist");
    assertThat(
            BQX.run(
                    "import",
                    "--from-table",
                    "public.bars",
                    "--pair",
                    "eurusd",
                    "--zone",
                    "utc",
                    "--json")
                .out())
        .as("nothing was come to")
        .isEmpty();
    sql.execute("ALTER TABLE public.bars ALTER close TYPE text");
    assertThat(BQX.run("import", "--from-table", "public.bars", "--pair", "eurusd").err())
        .contains("column close is text");
    sql.execute("ALTER TABLE public.bars DROP close");
    assertThat(BQX.run("import", "--from-table", "public.bars", "--pair", "eurusd").err())
        .contains("there is no column close");
  }

  @Test
  void aTableOfSeveralPairsIsRefused() throws SQLException {
    String[] command = {"import", "--from-table", "public.symbols", "--pair", "eurusd"};
    sql.execute("DROP TABLE IF EXISTS public.symbols");
    sql.execute(
        "CREATE TABLE public.symbols AS SELECT 'EUR/USD' AS \"Symbol\", time, 1.2::float8 AS open,"
            + " 1.2::float8 AS high, 1.2::float8 AS low, 1.2::float8 AS close"
            + " FROM generate_series('2024-07-05 12:30Z'::timestamptz, '2024-07-05 12:39Z', '1 minute') time");
    assertThat(BQX.run(command).out()).contains("10 read, 10 inserted");

    sql.execute(
        "INSERT INTO public.symbols SELECT 'GBPUSD', time + INTERVAL '1 hour', 1.3, 1.3, 1.3, 1.3"
            + " FROM public.symbols");
    Result refused = BQX.run(command);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains(
            "cannot read table public.symbols as eurusd: it has rows of GBPUSD, as its column Symbol"
                + " says",
            "next: make a view of the rows of one pair");
    sql.execute("DELETE FROM public.symbols WHERE \"Symbol\" = 'EUR/USD'");
    assertThat(BQX.run(command).code()).isEqualTo(2);
    assertThat(sql.number("SELECT count(*) FROM bqx.m1 WHERE close = 1.3")).isZero();

    // Who knows which of two that name nothing it is?
    sql.execute(
        "UPDATE public.symbols SET \"Symbol\" = CASE WHEN time < '2024-07-05 13:35Z' THEN '1' ELSE '2' END");
    assertThat(BQX.run(command).err()).contains("it has rows of 1");
    sql.execute("UPDATE public.symbols SET \"Symbol\" = '1'");
    assertThat(BQX.run(command).code()).isZero();

    sql.execute("ALTER TABLE public.symbols ADD \"Close\" float8 NOT NULL DEFAULT 7");
    assertThat(BQX.run(command).err()).contains("there are two columns close, but for case");
  }

  @Test
  void aBaselineThatChangesMeanwhileIsTheOneThatTheIndexIsOf()
      throws IOException, SQLException, InterruptedException {
    StringBuilder bars = new StringBuilder();
    for (int minute = 10; minute < 60; minute++) {
      bars.append("2024-07-05T12:%d:00Z,1.5,1.5,1.5,1.5\n".formatted(minute));
    }
    Path file = write("eurusd.csv", bars.toString());
    BQX.run("import", write("eurusd_0.csv", "2024-07-02T12:30Z,1,1,1,1\n").toString());
    BQX.run("import", write("eurusd_1.csv", "2024-07-03T12:30Z,1.2,1.2,1.2,1.2\n").toString());
    sql.execute("BEGIN");
    sql.execute("SELECT bqx.set_baseline('eurusd', '2024-07-03')");
    CompletableFuture<Result> importing =
        CompletableFuture.supplyAsync(() -> BQX.run("import", file.toString()));
    try (SqlSession observer = new SqlSession(DATABASE.connect())) {
      await(
          observer,
          "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bqx import'"
              + " AND datname = current_database() AND wait_event_type = 'Lock'");
    } finally {
      sql.execute("COMMIT");
    }
    assertThat(importing.join().out()).contains("50 inserted");
    assertThat(sql.column("SELECT DISTINCT rate_index::text FROM bqx.m1 WHERE close = 1.5"))
        .containsExactly("125");
  }

  @Test
  void aCorrectionMakesTheMonthAndTheNextStaleForThatPairAlone() throws IOException, SQLException {
    for (String pair : new String[] {"audusd", "nzdusd"}) {
      BQX.run("generate", "--pairs", pair, "--from", "2024-07", "--to", "2024-09");
    }
    assertThat(BQX.run("backfill", "--family", "reg", "--pairs", "audusd,nzdusd").code()).isZero();
    assertThat(stale()).isEmpty();
    Result corrected =
        BQX.run(
            "import",
            write("audusd.csv", "2024-07-31T12:00Z,0.7,0.7,0.7,0.7,1\n").toString(),
            "--on-conflict",
            "replace");
    assertThat(corrected.out()).contains("0 inserted, 0 unchanged, 1 replaced");
    assertThat(stale())
        .containsExactly("audusd 2024-07-01 bars changed", "audusd 2024-08-01 bars changed");

    assertThat(BQX.run("backfill", "--family", "reg", "--pairs", "audusd").code()).isZero();
    assertThat(stale()).isEmpty();
    Result late =
        BQX.run(
            "import",
            write("nzdusd.csv", "2024-09-29T20:30Z,0.6,0.6,0.6,0.6,1\n").toString(),
            "--max-jump",
            "9");
    assertThat(late.out()).contains("1 inserted");
    assertThat(stale()).containsExactly("nzdusd 2024-09-01 bars changed");

    sql.execute("SELECT bqx.set_baseline('audusd', '2024-08-01')");
    assertThat(stale())
        .contains(
            "audusd 2024-07-01 baseline changed",
            "audusd 2024-08-01 baseline changed",
            "audusd 2024-09-01 baseline changed");
  }

  private java.util.List<String> stale() throws SQLException {
    return sql.column(
        "SELECT concat_ws(' ', pair, month, reason) FROM bqx.progress"
            + " WHERE state = 'stale' ORDER BY pair, month");
  }

  private static void await(SqlSession session, String count)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (session.number(count) == 0) {
      assertThat(System.nanoTime()).as(count).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
