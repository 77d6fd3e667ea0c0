package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.faults.SmallMonths;
import org.bqx.testkit.SmallDisk;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files of an export, read by DuckDB, beside the tables. */
class ExportIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  private static final String TARGET = "w60_target_h60";

  private static final DateTimeFormatter CSV_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssx");

  @TempDir private Path folder;
  private SqlSession sql;

  @BeforeAll
  static void compute() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession session = new SqlSession(DATABASE.connect())) {
      SmallMonths.insert(session, 2, 2, 700);
      assertThat(BQX.run("backfill").code()).isZero();
      session.execute(
          """
          SELECT bqx.define_matrix('small', '{audcad,audchf}', '{bqx.w60_*,reg.w60_*,m1.rate_index}',
              related => '{same}', related_columns => '{bqx.w60_bqx_return}', lags => '{60}',
              train_until => '2024-07-01 08:00Z', validate_until => '2024-08-01 06:00Z', embargo => 10)
          """);
    }
  }

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
    sql.execute("SET timezone = 'UTC'");
    assertThat(BQX.run("backfill").code()).isZero();
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  @Test
  void parquetHasEveryBitOfTheMatrix() throws Exception {
    export("small");
    assertThat(data()).hasSize(4);
    List<String> types =
        duck("DESCRIBE SELECT * FROM '" + folder + "/audcad_2024_07.parquet'").stream()
            .map(row -> row.get(0) + " " + row.get(1))
            .toList();
    assertThat(types)
        .startsWith("pair VARCHAR", "ts_utc TIMESTAMP WITH TIME ZONE", "w60_bqx_return DOUBLE")
        .contains(
            "rate_index DOUBLE",
            "w60_bqx_return_lag60 DOUBLE",
            "audchf_w60_bqx_return DOUBLE",
            TARGET + " DOUBLE",
            TARGET + "_time TIMESTAMP WITH TIME ZONE",
            TARGET + "_sign INTEGER")
        .endsWith("split VARCHAR");
    List<String> names =
        sql.column("SELECT column_name FROM bqx.matrix_column('small') ORDER BY \"position\"");
    assertThat(types.stream().map(type -> type.substring(0, type.indexOf(' ')))).isEqualTo(names);
    for (String pair : List.of("audcad", "audchf")) {
      List<List<Object>> expected = table(pair);
      assertThat(expected).hasSize(1400);
      assertThat(expected.stream().flatMap(List::stream).filter(value -> value == null).count())
          .isPositive();
      List<List<Object>> read =
          duck("SELECT * FROM '%s/%s_*.parquet' ORDER BY ts_utc".formatted(folder, pair));
      assertThat(read).isEqualTo(expected);
    }
    assertThat(
            duck(
                "SELECT decode(value) FROM parquet_kv_metadata('%s/audcad_2024_07.parquet') WHERE key = 'bqx'"
                    .formatted(folder)))
        .singleElement()
        .asString()
        .contains("sha256", "w60_bqx_return_lag60");
  }

  @Test
  void csvHasEveryBitOfTheMatrix() throws Exception {
    export("small", "--format=csv");
    for (String pair : List.of("audcad", "audchf")) {
      List<List<Object>> expected = table(pair);
      List<List<Object>> read = new ArrayList<>();
      for (String month : List.of("2024_07", "2024_08")) {
        for (List<Object> texts :
            duck(
                "SELECT * FROM read_csv('%s/%s_%s.csv', header = true, all_varchar = true)"
                    .formatted(folder, pair, month))) {
          List<Object> model = expected.get(read.size());
          List<Object> row = new ArrayList<>();
          for (int i = 0; i < texts.size(); i++) {
            row.add(value((String) texts.get(i), model.get(i)));
          }
          read.add(row);
        }
      }
      assertThat(read).isEqualTo(expected);
    }
  }

  /** As the docs say, where a Python has pandas. */
  @Test
  void pandasReadsEveryBitAsTheDocsSay() throws Exception {
    String python =
        Stream.of("python3", "/usr/bin/python3")
            .filter(each -> run(folder, each, "-c", "import pandas").code() == 0)
            .findFirst()
            .orElse(null);
    assumeTrue(python != null, "pandas is not installed: apt-get install python3-pandas");
    String docs = Files.readString(Path.of("../docs/export.md"));
    String reading =
        docs.substring(docs.indexOf("    import glob, pandas"), docs.indexOf("A linear model with"))
            .stripTrailing()
            .stripIndent();
    Path out = folder.resolve("out-csv");
    assertThat(
            BQX.run("export", "small", "--format=csv", "--split-dirs", "--out", out.toString())
                .code())
        .isZero();
    Result read =
        run(
            folder,
            python,
            "-c",
            reading
                + "\nfor pair, time, value in zip(rows.pair, rows.ts_utc, rows.w60_bqx_return):"
                + "\n    if value == value: print(pair, int(time.timestamp()), value.hex())");
    assertThat(read.code()).as(read.err()).isZero();
    List<String> expected = new ArrayList<>();
    for (List<Object> row :
        duck(
            "SELECT pair, epoch(ts_utc)::BIGINT, w60_bqx_return FROM read_csv('%s/train/*.csv') WHERE w60_bqx_return IS NOT NULL"
                .formatted(out))) {
      expected.add(row.get(0) + " " + row.get(1) + " " + Double.toHexString((Double) row.get(2)));
    }
    assertThat(expected).hasSizeGreaterThan(500);
    // Python writes 13 digits of a mantissa, Java no 0 at its end.
    assertThat(read.out().lines().map(line -> line.replaceFirst("0*p\\+?", "p")))
        .containsExactlyInAnyOrderElementsOf(
            expected.stream().map(line -> line.replaceFirst("0*p", "p")).toList());
  }

  private static Result run(Path folder, String... command) {
    try {
      Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), out, err);
    } catch (IOException missing) {
      return new Result(-1, "", missing.getMessage());
    } catch (InterruptedException ended) {
      throw new IllegalStateException(ended);
    }
  }

  @Test
  void theManifestKnowsFilesSplitsAndWhatScalesTheTrainingRows() throws Exception {
    String summary = export("small", "--split-dirs").out();
    assertThat(data())
        .containsExactly(
            "test/audcad_2024_08.parquet",
            "test/audchf_2024_08.parquet",
            "train/audcad_2024_07.parquet",
            "train/audchf_2024_07.parquet",
            "validation/audcad_2024_07.parquet",
            "validation/audcad_2024_08.parquet",
            "validation/audchf_2024_07.parquet",
            "validation/audchf_2024_08.parquet");
    JsonNode manifest = manifest();
    long rows = 0;
    long purged = 0;
    for (JsonNode month : manifest.get("months")) {
      assertThat(month.get("rows").asLong()).isEqualTo(700);
      purged += month.get("splits").path("none").asLong();
      for (JsonNode file : month.get("files")) {
        byte[] bytes = Files.readAllBytes(folder.resolve(file.get("file").asString()));
        assertThat(file.get("bytes").asLong()).isEqualTo(bytes.length);
        assertThat(file.get("sha256").asString())
            .isEqualTo(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        rows += file.get("rows").asLong();
      }
    }
    assertThat(rows + purged).isEqualTo(2800);
    assertThat(summary).contains("(%,d rows of no split in no file)".formatted(purged));
    assertThat(purged).isPositive();
    assertThat(
            duck(
                "SELECT DISTINCT split FROM '%s/train/*.parquet' WHERE split <> 'train' OR %s_time >= '2024-07-01 08:00:00Z'"
                    .formatted(folder, TARGET)))
        .isEmpty();

    Map<String, DescriptiveStatistics> train = new TreeMap<>();
    List<String> names =
        sql.column("SELECT column_name FROM bqx.matrix_column('small') ORDER BY \"position\"");
    for (String pair : List.of("audcad", "audchf")) {
      for (List<Object> row : table(pair)) {
        for (int i = 0; i < row.size(); i++) {
          if ("train".equals(row.get(row.size() - 1)) && row.get(i) instanceof Double value) {
            train
                .computeIfAbsent(names.get(i), name -> new DescriptiveStatistics())
                .addValue(value);
          }
        }
      }
    }
    assertThat(manifest.get("medianOfEvery").asInt()).isEqualTo(1);
    assertThat(train).hasSizeGreaterThan(20);
    for (JsonNode scaler : manifest.get("scalers")) {
      DescriptiveStatistics values = train.remove(scaler.get("column").asString());
      if (values == null) {
        assertThat(scaler.get("rows").asLong()).isZero();
        continue;
      }
      assertThat(scaler.get("rows").asLong()).isEqualTo(values.getN());
      near(scaler.get("mean"), values.getMean());
      near(scaler.get("sd"), values.getStandardDeviation());
      double median = values.getPercentile(50);
      near(scaler.get("median"), median);
      DescriptiveStatistics distances = new DescriptiveStatistics();
      for (double value : values.getValues()) {
        distances.addValue(Math.abs(value - median));
      }
      near(scaler.get("mad"), distances.getPercentile(50));
    }
    assertThat(train).isEmpty();
  }

  @Test
  void theCheckReadsTheManifestOfAnExport() throws Exception {
    export("small");
    String manifest = folder.resolve("manifest.json").toString();
    Result same = BQX.run("matrix", "check", "small", "--sample=0", "--against", manifest);
    assertThat(same.code()).as(same.out() + same.err()).isZero();
    sql.execute("UPDATE bqx.matrix SET embargo = 11 WHERE name = 'small'");
    Result other = BQX.run("matrix", "check", "small", "--sample=0", "--against", manifest);
    sql.execute("UPDATE bqx.matrix SET embargo = 10 WHERE name = 'small'");
    assertThat(other.code()).isEqualTo(3);
    assertThat(other.out()).contains("trainUntil=2024-07-01T08:00:00Z", "(manifest: splits)");
  }

  @Test
  void whatIsThereIsLeftAndWhatHasChangedIsWrittenAgain() throws Exception {
    export("small");
    String scalers = manifest().get("scalers").toString();
    Map<String, FileTime> before = times();
    assertThat(export("small").out()).startsWith("0 files written, 4 left as they were");
    assertThat(times()).isEqualTo(before);

    Files.write(folder.resolve("audcad_2024_07.parquet"), new byte[10]);
    Files.write(folder.resolve(".audcad_2024_07.parquet.part"), new byte[10]);
    Result repaired = export("small");
    assertThat(repaired.out()).startsWith("1 file written, 3 left as they were");
    assertThat(repaired.err())
        .contains("audcad 2024-07 is written again: its file is gone or has changed");
    assertThat(folder.resolve(".audcad_2024_07.parquet.part")).doesNotExist();
    assertThat(manifest().get("scalers").toString()).isEqualTo(scalers);

    sql.execute(
        "UPDATE bqx.m1 SET close = close + 0.001 WHERE pair = 'audchf' AND time >= '2024-08-01Z'");
    Result stale = BQX.run("export", "small", "--out", folder.toString());
    assertThat(stale.code()).isEqualTo(1);
    assertThat(stale.err())
        .contains("bqx audchf 2024-08 (stale: bars changed)")
        .contains("--allow-stale");
    Path other = folder.resolve("stale");
    assertThat(BQX.run("export", "small", "--allow-stale", "--out", other.toString()).code())
        .isZero();
    assertThat(Files.readString(other.resolve("manifest.json")))
        .contains("bqx audchf 2024-08 (stale: bars changed)");
    // The same rows as before, which are no longer what the bars would give.
    assertThat(export("small", "--allow-stale").out())
        .startsWith("0 files written, 4 left as they were")
        .contains(", 3 months stale in ");
    assertThat(Files.readString(folder.resolve("manifest.json")))
        .contains("bqx audchf 2024-08 (stale: bars changed)");

    assertThat(BQX.run("backfill").code()).isZero();
    // Related columns of the other pair have changed, and targets that reach into the month.
    Result again = export("small");
    assertThat(again.out()).startsWith("3 files written, 1 left as they were");
    assertThat(again.err())
        .contains(
            "audcad 2024-08 is written again: its rows or its columns have changed",
            "audchf 2024-07 is written again",
            "audchf 2024-08 is written again");
    assertThat(duck("SELECT * FROM '%s/audcad_*.parquet' ORDER BY ts_utc".formatted(folder)))
        .isEqualTo(table("audcad"));
  }

  @Test
  void aKilledExportLeavesNoHalfFileAndGoesOn() throws Exception {
    File output = folder.resolve("output").toFile();
    try (SqlSession other = new SqlSession(DATABASE.connect())) {
      other.execute("BEGIN");
      other.execute("LOCK TABLE bqx.reg_audchf_2024_08 IN ACCESS EXCLUSIVE MODE");
      Process process = BQX.start(output, "export", "small", "--out", folder.toString());
      try {
        // A cold start on a busy machine takes its time.
        Path third = folder.resolve("audchf_2024_07.parquet");
        for (int i = 0; i < 1200 && process.isAlive() && !Files.exists(third); i++) {
          TimeUnit.MILLISECONDS.sleep(100);
        }
        other.await(
            1,
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'bqx.reg_audchf_2024_08'::regclass");
        Result second = BQX.run("export", "small", "--out", folder.toString());
        assertThat(second.code()).isEqualTo(5);
        assertThat(second.err()).contains("another export writes into " + folder);
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertThat(folder.resolve("manifest.json")).doesNotExist();
      assertThat(data())
          .containsExactly(
              "audcad_2024_07.parquet", "audcad_2024_08.parquet", "audchf_2024_07.parquet");
      other.execute("ROLLBACK");
    }
    assertThat(export("small").out()).startsWith("1 file written, 3 left as they were");
    assertThat(duck("SELECT count(*) FROM '%s/*.parquet'".formatted(folder)))
        .isEqualTo(List.of(List.of(2800L)));
    assertThat(folder.resolve("manifest.unfinished.json")).doesNotExist();
  }

  /** In the middle of a file, some of whose rows the scalers have seen already. */
  @ParameterizedTest
  @ValueSource(strings = {"parquet", "csv"})
  void anExportWhoseBackendIsKilledGoesOn(String format) throws Exception {
    sql.execute(
        """
        CREATE FUNCTION public.pause(ts_utc timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN
            IF ts_utc = '2024-07-01 06:00Z' THEN
                PERFORM pg_advisory_xact_lock_shared(6);
            END IF;
            RETURN false;
        END
        $$
        """);
    String query = sql.text("SELECT pg_get_functiondef('bqx.matrix_query'::regproc)");
    String pausing =
        query.replace("'CASE WHEN ", "'CASE WHEN public.pause(f1.ts_utc) THEN NULL WHEN ");
    assertThat(pausing).isNotEqualTo(query);
    sql.execute(pausing);
    Path undisturbed = folder.resolve("undisturbed");
    Path disturbed = folder.resolve("disturbed");
    String[] command = {"export", "small", "--format", format, "--out"};
    try (SqlSession holder = new SqlSession(DATABASE.connect())) {
      Result whole = BQX.run(with(command, undisturbed));
      assertThat(whole.code()).as(whole.err()).isZero();
      holder.execute("SELECT pg_advisory_lock(6)");
      CompletableFuture<Result> export =
          CompletableFuture.supplyAsync(() -> BQX.run(with(command, disturbed)));
      sql.await(1, "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'");
      assertThat(
              sql.number(
                  "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                      + " WHERE application_name = 'bqx export' AND datname = current_database()"))
          .isPositive();
      holder.execute("SELECT pg_advisory_unlock(6)");
      Result result = export.get(60, TimeUnit.SECONDS);
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.out()).startsWith("4 files written, 0 left as they were");
      assertThat(disturbed.resolve("manifest.json"))
          .hasSameTextualContentAs(undisturbed.resolve("manifest.json"));
    } finally {
      sql.execute(query);
      sql.execute("DROP FUNCTION public.pause");
    }
  }

  private static String[] with(String[] command, Path folder) {
    return Stream.concat(Stream.of(command), Stream.of(folder.toString())).toArray(String[]::new);
  }

  @Test
  void aFolderThatCannotBeUsedIsWrongUsage() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "kept");
    Result refused = BQX.run("export", "small", "--out", file.toString());
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains(
            "cannot write into " + file + ": it is no folder",
            "next: name another folder with --out");
    assertThat(file).hasContent("kept");
  }

  @Test
  void aFullDiskLeavesNoHalfFile() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder, "400k", DATABASE.assumeLocal().data())) {
      Result full = BQX.run("export", "small", "--out", disk.path().toString());
      assertThat(full.code()).as(full.err()).isEqualTo(1);
      assertThat(full.err())
          .contains("cannot write into " + disk.path(), "No space left on device")
          .contains("next: make room");
      try (Stream<Path> files = Files.list(disk.path())) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .noneMatch(name -> name.endsWith(".part"))
            .doesNotContain("manifest.json");
      }
      disk.resize("16m");
      assertThat(BQX.run("export", "small", "--out", disk.path().toString()).code()).isZero();
      assertThat(duck("SELECT count(*) FROM '%s/*.parquet'".formatted(disk.path())))
          .isEqualTo(List.of(List.of(2800L)));
    }
  }

  @Test
  void familiesGoWithoutAMatrix() throws Exception {
    Result done = export("--family=bqx,reg", "--pairs=AUDCAD", "--from=2024-08", "--to=2024-09");
    assertThat(done.err()).contains("audcad 2024-09 has no bars: no file");
    assertThat(data()).containsExactly("audcad_2024_08.parquet");
    List<String> columns = new ArrayList<>();
    for (String family : List.of("bqx", "reg")) {
      columns.addAll(
          sql.column(
              "SELECT column_name FROM bqx.feature_column WHERE family = ? ORDER BY element",
              family));
    }
    String query =
        "SELECT b.pair, b.ts_utc, b.rate_index, %s FROM bqx.bqx b JOIN bqx.reg r USING (pair, ts_utc) WHERE pair = 'audcad' AND ts_utc >= '2024-08-01Z' ORDER BY ts_utc"
            .formatted(String.join(", ", columns));
    assertThat(duck("SELECT * FROM '%s/*.parquet' ORDER BY ts_utc".formatted(folder)))
        .isEqualTo(rows(sql.connection(), query));
    JsonNode manifest = manifest();
    assertThat(manifest.get("name").asString()).isEqualTo("bqx,reg");
    assertThat(manifest.get("columns")).hasSize(columns.size() + 3);
    assertThat(manifest.get("scalers")).isEmpty();

    Result others = BQX.run("export", "small", "--pairs=audcad", "--out", folder.toString());
    assertThat(others.code()).isEqualTo(1);
    assertThat(others.err()).contains("has an export of bqx,reg, this one is of small");
    Result fewer =
        BQX.run("export", "--family=bqx,reg", "--pairs=audchf", "--out", folder.toString());
    assertThat(fewer.code()).isEqualTo(1);
    assertThat(fewer.err()).contains("has audcad_2024_08.parquet, which is not of this export");
  }

  @Test
  void whatAMatrixHasNoRowsOfIsSaid() throws Exception {
    sql.execute(
        """
        SELECT bqx.define_matrix('late', '{audcad,eurusd}', '{bqx.w60_*}', from_time => '2024-08-01Z',
            train_until => '2024-08-01 06:00Z', validate_until => '2024-08-01 08:00Z')
        """);
    Result done = export("late", "--from=2024-07");
    sql.execute("SELECT bqx.drop_matrix('late')");
    assertThat(data()).containsExactly("audcad_2024_08.parquet");
    assertThat(done.err())
        .contains("the scalers are of the rows for training among these alone")
        .contains(
            "audcad has bars in 1 month outside of the matrix's own range: no file",
            "eurusd has no bars in this range: no file");

    sql.execute("SELECT bqx.enable_family('ccy')");
    Result market = BQX.run("export", "--family=bqx,ccy", "--out", folder.toString());
    Result all = BQX.run("export", "--family=all", "--allow-stale", "--out", folder + "/all");
    sql.execute("SELECT bqx.enable_family('ccy', false)");
    assertThat(market.code()).isEqualTo(2);
    assertThat(market.err()).contains("family \"ccy\" has rows of the market, and none of a pair");
    assertThat(all.code()).as(all.err()).isZero();
    assertThat(all.err())
        .contains("family \"ccy\" has rows of the market, and none of a pair: left out");
  }

  @Test
  void anExportWithoutTrainingRowsSaysSo() throws Exception {
    sql.execute(
        """
        SELECT bqx.define_matrix('untrained', '{audcad}', '{bqx.w60_*}', train_until => '2024-07-01Z',
            validate_until => '2024-08-01Z')
        """);
    Result done = export("untrained");
    sql.execute("SELECT bqx.drop_matrix('untrained')");
    assertThat(done.err()).contains("no row is for training: the manifest has no scalers");
    assertThat(manifest().get("scalers")).isEmpty();
  }

  /** Nothing is made of bid and ask where there are none, and nobody is to wonder where it is. */
  @Test
  void monthsWithoutQuotesAreNamed() throws Exception {
    String quotes = " WHERE pair = 'audcad' AND time < '2024-08-01Z'";
    sql.execute("UPDATE bqx.m1 SET bid_close = close, ask_close = close * 1.0001" + quotes);
    sql.execute("SELECT bqx.enable_family('spread')");
    try {
      assertThat(BQX.run("backfill").code()).isZero();
      Result defined =
          BQX.run(
              "matrix",
              "define",
              "quoted",
              "--pairs=audcad",
              "--columns=bqx.w60_bqx_return,spread.spread_quoted",
              "--related=audchf",
              "--related-columns=spread.spread_quoted");
      assertThat(defined.err())
          .contains(
              "months without rows: 1 of audcad; no bar of theirs has the bid and ask that spread is made of");
      Result checked = BQX.run("matrix", "check", "quoted", "--sample=0");
      assertThat(checked.code()).isEqualTo(3);
      assertThat(checked.out())
          .contains(
              "warning: spread audchf 2024-07: found no quotes",
              "difference: spread audcad 2024-08: found no quotes")
          .doesNotContain("spread audcad 2024-07: found");

      assertThat(export("quoted").err())
          .contains(
              "audcad has no bid and ask, which spread is made of, in 2024-08: no file",
              "columns are NULL where no bar has bid and ask: spread audchf 2024-07 (no quotes)");
      assertThat(data()).containsExactly("audcad_2024_07.parquet");
      String other = folder + "/families";
      assertThat(BQX.run("export", "--family=bqx,spread", "--out", other).err())
          .contains("audchf has no bid and ask, which spread is made of, in 2024-07, 2024-08");
      assertThat(Path.of(other)).isDirectoryContaining("glob:**audcad_2024_07.parquet");
      Result none = BQX.run("export", "--family=spread", "--pairs=audchf", "--out", other);
      assertThat(none.code()).isEqualTo(1);
      assertThat(none.err())
          .contains("no bar of this range has the bid and ask that spread is made of");
    } finally {
      sql.execute("DELETE FROM bqx.matrix WHERE name = 'quoted'");
      sql.execute("SELECT bqx.enable_family('spread', false)");
      sql.execute("UPDATE bqx.m1 SET bid_close = NULL, ask_close = NULL" + quotes);
    }
  }

  @Test
  void rowsWhoseBarsAreGoneAreStale() throws Exception {
    sql.execute("CREATE TEMP TABLE gone AS SELECT * FROM bqx.m1 WHERE pair = 'audchf'");
    sql.execute("DELETE FROM bqx.m1 WHERE pair = 'audchf' AND time >= '2024-08-01Z'");
    try {
      Result refused = BQX.run("export", "small", "--pairs=audcad", "--out", folder.toString());
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err())
          .contains("bqx audchf 2024-08 (no bars: its bars are gone, its rows are not)");
    } finally {
      sql.execute("INSERT INTO bqx.m1 SELECT * FROM gone WHERE time >= '2024-08-01Z'");
    }
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    sql.execute("DROP TABLE bqx.reg_audcad_2024_08");
    sql.execute(
        "DELETE FROM bqx.partition_state WHERE family = 'reg' AND pair = 'audcad' AND month = '2024-08-01'");
    String out = folder.toString();
    Result refused = BQX.run("export", "small", "--allow-stale", "--out", out);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains("reg audcad 2024-08 (missing)")
        .contains("next: ./bqx backfill");
    assertThat(data()).isEmpty();
    assertThat(BQX.run("export", "--out", out).code()).isEqualTo(2);
    assertThat(BQX.run("export", "none", "--out", out).code()).isEqualTo(2);
    assertThat(BQX.run("export", "small", "--family=bqx", "--out", out).code()).isEqualTo(2);
    assertThat(BQX.run("export", "small", "--pairs=audnzd", "--out", out).code()).isEqualTo(2);
    assertThat(BQX.run("export", "small").code()).isEqualTo(2);
  }

  private Result export(String... arguments) {
    List<String> all = new ArrayList<>(List.of("export"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--out", folder.toString()));
    Result result = BQX.run(all.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  private JsonNode manifest() throws IOException {
    return JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("manifest.json")));
  }

  /** The files of rows, by their paths in the folder. */
  private List<String> data() throws IOException {
    return times().keySet().stream().toList();
  }

  private Map<String, FileTime> times() throws IOException {
    Map<String, FileTime> times = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".parquet")).toList()) {
        times.put(folder.relativize(file).toString(), Files.getLastModifiedTime(file));
      }
    }
    return times;
  }

  /** The rows of the matrix of a pair, by psql's way: no COPY. */
  private List<List<Object>> table(String pair) throws SQLException {
    return rows(sql.connection(), sql.text("SELECT bqx.matrix_query('small', ?)", pair));
  }

  private static List<List<Object>> duck(String query) throws SQLException {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
      return rows(duck, query);
    }
  }

  /** Doubles are equal here when their bits are; a time is an instant. */
  private static List<List<Object>> rows(Connection connection, String query) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          boolean isTime =
              result.getMetaData().getColumnTypeName(i).regionMatches(true, 0, "timestamp", 0, 9);
          OffsetDateTime time = isTime ? result.getObject(i, OffsetDateTime.class) : null;
          row.add(isTime ? time == null ? null : time.toInstant() : result.getObject(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** Reads a text as what the table has there. */
  private static Object value(String text, Object model) {
    if (text == null || model == null) {
      return text;
    }
    if (model instanceof Double) {
      return Double.valueOf(text);
    }
    if (model instanceof Integer) {
      return Integer.valueOf(text);
    }
    return model instanceof Instant ? OffsetDateTime.parse(text, CSV_TIME).toInstant() : text;
  }

  private static void near(JsonNode value, double expected) {
    assertThat(value.asDouble()).isCloseTo(expected, within(1e-9 * Math.abs(expected) + 1e-12));
  }
}
