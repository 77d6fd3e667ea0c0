package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Both sides of a quote, files beside what is stored, and where bars may come from. */
class ImportQuotesIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final String HEADER = "time,open,high,low,close,volume\n";
  private static final String BIDS =
      HEADER
          + "2024-07-05T12:30Z,1.10,1.10,1.10,1.10,1\n"
          + "2024-07-05T12:31Z,1.11,1.11,1.11,1.11,1\n";
  private static final String ASKS =
      HEADER
          + "2024-07-05T12:30Z,1.12,1.12,1.12,1.12,1\n"
          + "2024-07-05T12:31Z,1.13,1.13,1.13,1.13,1\n";

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
  void bidIsThePriceAndAskCompletesItWhicheverComesFirst() throws IOException, SQLException {
    write("eurusd-ask.csv", ASKS);
    write("eurusd-bid.csv", BIDS);
    Result result = BQX.run("import", folder.toString());
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("eurusd-bid.csv (iso, utc): eurusd 2 read, 2 inserted")
        .contains("2 completed by a side of the quote, 2 with bid and ask");
    assertThat(bars()).isEqualTo("1.1 1.1 1.12, 1.11 1.11 1.13");
    assertThat(BQX.run("import", folder.toString()).out())
        .contains("eurusd-bid.csv (iso, utc): eurusd 2 read, 0 inserted, 2 unchanged")
        .contains("eurusd-ask.csv (iso, utc): eurusd 2 read, 0 inserted, 2 unchanged");
  }

  @Test
  void anAskAloneIsToldAndTakenWhenSomebodySaysSo() throws IOException, SQLException {
    String asks = write("eurusd-ask.csv", ASKS).toString();
    Result alone = BQX.run("import", asks);
    assertThat(alone.code()).isEqualTo(1);
    assertThat(alone.err()).contains("it has asks alone", "--side none");
    assertThat(bars()).isNull();
    assertThat(BQX.run("import", asks, "--side", "none").out()).contains("2 inserted");
    assertThat(bars()).isEqualTo("1.12, 1.13");
  }

  @Test
  void asksWithoutABarAreRejectedByName() throws IOException, SQLException {
    BQX.run("import", write("eurusd-bid.csv", BIDS).toString());
    Path asks = write("eurusd-ask.csv", ASKS + "2024-07-05T12:32Z,1.13,1.13,1.13,1.13,1\n");
    Result refused = BQX.run("import", asks.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains(":4: no bar of 2024-07-05T12:32Z is there");
    assertThat(BQX.run("import", asks.toString(), "--max-rejects", "1").out())
        .contains("3 read, 0 inserted, 0 unchanged, 0 replaced, 1 rejected, 2 completed");
    assertThat(bars()).isEqualTo("1.1 1.1 1.12, 1.11 1.11 1.13");
  }

  @Test
  void anotherAskIsAConflictLikeAnotherPrice() throws IOException, SQLException {
    BQX.run("import", write("eurusd-bid.csv", BIDS).toString());
    BQX.run("import", write("eurusd-ask.csv", ASKS).toString());
    String other = write("eurusd-ask.csv", ASKS.replace("1.13", "1.14")).toString();
    Result refused = BQX.run("import", other);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("has another ask already: 1.13, not 1.14");
    assertThat(BQX.run("import", other, "--on-conflict", "keep").out()).contains("2 unchanged");
    assertThat(bars()).isEqualTo("1.1 1.1 1.12, 1.11 1.11 1.13");
    assertThat(BQX.run("import", other, "--on-conflict", "replace").out()).contains("1 replaced");
    assertThat(bars()).isEqualTo("1.1 1.1 1.12, 1.11 1.11 1.14");
  }

  @Test
  void aBarWithoutQuotesIsCompletedAndOneWithOthersIsAConflict() throws IOException, SQLException {
    BQX.run("import", write("eurusd.csv", BIDS).toString());
    assertThat(bars()).isEqualTo("1.1, 1.11");
    String quoted =
        BIDS.replace("volume", "volume,bid_close,ask_close")
            .replace("1.10,1\n", "1.10,1,1.10,1.12\n")
            .replace("1.11,1\n", "1.11,1,1.11,1.13\n");
    Result completed = BQX.run("import", write("eurusd.csv", quoted).toString());
    assertThat(completed.out())
        .contains("0 inserted, 0 unchanged, 0 replaced, 0 rejected, 2 completed");
    assertThat(bars()).isEqualTo("1.1 1.1 1.12, 1.11 1.11 1.13");
    assertThat(BQX.run("import", write("eurusd.csv", BIDS).toString()).out())
        .as("a file that says nothing of quotes takes none away")
        .contains("2 unchanged");
    String other = write("eurusd.csv", quoted.replace("1.13", "1.14")).toString();
    assertThat(BQX.run("import", other).code()).isEqualTo(1);
    assertThat(BQX.run("import", other, "--on-conflict", "replace").out()).contains("1 replaced");
    assertThat(bars()).isEqualTo("1.1 1.1 1.12, 1.11 1.11 1.14");
    String price = write("eurusd.csv", BIDS.replace("1.11", "1.2")).toString();
    assertThat(BQX.run("import", price, "--on-conflict", "replace").out()).contains("1 replaced");
    assertThat(bars()).as("quotes of another price").isEqualTo("1.1 1.1 1.12, 1.2");
  }

  @Test
  void aTableMayHaveBothSides() throws SQLException {
    sql.execute("DROP TABLE IF EXISTS public.quotes");
    sql.execute(
        "CREATE TABLE public.quotes AS SELECT '2024-07-05 12:30'::timestamp AS time, 1.1 AS open,"
            + " 1.1 AS high, 1.1 AS low, 1.1 AS close, 1.1 AS bid_close, 1.12 AS \"Ask_Close\"");
    String[] command = {
      "import", "--from-table", "public.quotes", "--pair", "eurusd", "--rejects", folder.toString()
    };
    assertThat(BQX.run(command).out()).contains("1 inserted").contains("1 with bid and ask");
    assertThat(bars()).isEqualTo("1.1 1.1 1.12");
    sql.execute("UPDATE public.quotes SET \"Ask_Close\" = 112");
    assertThat(BQX.run(command).err()).contains("ask 112 is far from close 1.1");
  }

  @Test
  void aTableOfAnotherPeriodIsRefused() throws SQLException {
    sql.execute("DROP TABLE IF EXISTS public.hours");
    sql.execute(
        "CREATE TABLE public.hours AS SELECT '2024-07-04'::timestamp + h * interval '1 hour' AS"
            + " time, 1.1 AS open, 1.1 AS high, 1.1 AS low, 1.1 AS close FROM"
            + " generate_series(0, 9) h");
    String[] command = {"import", "--from-table", "public.hours", "--pair", "eurusd"};
    Result refused = BQX.run(command);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("most bars follow each other by 1 hour", "--period m1");
    assertThat(
            BQX.run("import", "--from-table", "public.hours", "--pair", "eurusd", "--period", "m1")
                .out())
        .contains("10 inserted");
  }

  @Test
  void pricesOfAnotherScaleThanTheBarsBesideThemAreRefused() throws IOException, SQLException {
    BQX.run(
        "import",
        write("usdjpy.csv", HEADER + "2024-07-05T12:30Z,160.5,160.5,160.5,160.5,1\n").toString());
    String later = HEADER + "2024-07-08T12:30Z,160500,160500,160500,160500,1\n";
    String earlier = later.replace("07-08", "07-03");
    for (String text : new String[] {later, earlier}) {
      Result refused = BQX.run("import", write("usdjpy.csv", text).toString());
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err()).contains("is a jump from 160.5, which is there", "--max-jump");
    }
    assertThat(sql.number("SELECT count(*) FROM bqx.m1")).isEqualTo(1);
  }

  @Test
  void aPairThatIsNamedAgainstTheFilesNameIsSaid() throws IOException {
    Result result = BQX.run("import", write("GBPUSD.csv", BIDS).toString(), "--pair", "eurusd");
    assertThat(result.out()).contains("eurusd 2 read, 2 inserted");
    assertThat(result.err()).contains("taken as eurusd, though its name says gbpusd");
  }

  @Test
  void aPipeWithoutBarsIsAnError() {
    for (String text : new String[] {"", HEADER}) {
      Result result =
          BQX.runWithInput(
              text.getBytes(StandardCharsets.UTF_8), "import", "-", "--pair", "eurusd");
      assertThat(result.code()).as(text).isEqualTo(1);
      assertThat(result.err()).contains("cannot read standard input");
    }
  }

  @Test
  void aFileOfSeveralPairsIsOneTransaction() throws IOException, SQLException {
    String text = "time,symbol,open,high,low,close\n2024-07-05T12:30Z,EUR/USD,1,1,1,1\n";
    Path good = write("all.csv", text + "2024-07-05T12:30Z,GBPUSD,1.2,1.2,1.2,1.2\n");
    assertThat(BQX.run("import", good.toString()).out()).contains("eurusd 1 read", "gbpusd 1 read");
    Path unknown =
        write("all.csv", text.replace("12:30", "12:31") + "2024-07-05T12:31Z,EURSEK,1,1,1,1\n");
    Result refused = BQX.run("import", unknown.toString());
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("pair \"EURSEK\" does not exist", "bqx.add_pair('eursek')");
    assertThat(sql.number("SELECT count(*) FROM bqx.m1")).isEqualTo(2);
  }

  @Test
  void aNamedPipeIsReadToItsEnd() throws Exception {
    Path pipe = folder.resolve("eurusd.pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Thread writer =
        new Thread(
            () -> {
              try (OutputStream out = Files.newOutputStream(pipe)) {
                out.write(gzip(BIDS));
                out.flush();
                TimeUnit.MILLISECONDS.sleep(300);
                out.write(gzip("2024-07-05T12:32Z,1.11,1.11,1.11,1.11,1\n"));
              } catch (IOException | InterruptedException broken) {
                throw new IllegalStateException(broken);
              }
            });
    writer.start();
    Result result = BQX.run("import", pipe.toString());
    writer.join();
    assertThat(result.out()).as(result.err()).contains("3 read, 3 inserted");
  }

  @Test
  void linksAreFollowedAndLoopsEnd() throws IOException, SQLException {
    Path real = Files.createDirectories(folder.resolve("real/eurusd"));
    Files.writeString(real.resolve("a.csv"), BIDS);
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.createSymbolicLink(data.resolve("linked"), folder.resolve("real"));
    Files.createSymbolicLink(data.resolve("loop"), data);
    Files.createSymbolicLink(data.resolve("gbpusd.csv"), real.resolve("a.csv"));
    Result result = BQX.run("import", data.toString());
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(sql.column("SELECT pair || count(*) FROM bqx.m1 GROUP BY pair ORDER BY pair"))
        .containsExactly("eurusd2", "gbpusd2");
  }

  @Test
  void rejectsOfFilesOfOneNameDoNotReplaceEachOther() throws IOException {
    for (String day : new String[] {"1", "2"}) {
      Files.createDirectories(folder.resolve("in/eurusd/" + day));
      Files.writeString(folder.resolve("in/eurusd/" + day + "/bars.csv"), BIDS + "hello " + day);
    }
    Path rejects = Files.createDirectories(folder.resolve("rejects"));
    BQX.run("import", folder.resolve("in").toString(), "--rejects", rejects.toString());
    try (var files = Files.list(rejects)) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted())
          .hasSize(2)
          .allSatisfy(
              name -> assertThat(name).matches(".*_eurusd_[12]_bars\\.csv\\.rejects\\.csv"));
    }
    Result nowhere =
        BQX.run("import", folder.resolve("in").toString(), "--rejects", folder + "/missing");
    assertThat(nowhere.code()).isEqualTo(2);
    assertThat(nowhere.err())
        .contains(
            "cannot write into " + folder + "/missing: no such folder",
            "next: name another folder with --rejects");
  }

  private static byte[] gzip(String text) throws IOException {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private String bars() throws SQLException {
    return sql.text(
        "SELECT string_agg(concat_ws(' ', close, bid_close, ask_close), ', ' ORDER BY time)"
            + " FROM bqx.m1");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
