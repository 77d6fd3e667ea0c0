package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bqx.testkit.DocsPage;
import org.bqx.testkit.DocsPage.Example;
import org.bqx.testkit.MadeBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the pages of docs/ have readers type: each command and statement as it stands there, from
 * top to bottom, as the role that the page says, on a database where all is computed. {@link
 * ReadmeIT} does the same with README.md.
 */
class DocsIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final Path DOCS = Path.of("../docs");

  /** They verify, or look ahead, again and again. */
  private static final List<String> LONG_PAGES = List.of("report.md", "train.md");

  /** Typed in DuckDB. */
  private static final Pattern OF_FILES = Pattern.compile("'(out[a-z-]*)/");

  /** What is not typed here, by the reason. */
  private static final Map<String, List<String>> NOT_HERE =
      Map.of(
          "goes on until Ctrl-C: FollowIT, ServeIT",
          List.of(
              "./bqx backfill --follow",
              "./bqx backfill --follow -h db.example -U alice -d quant",
              "./bqx serve",
              "./bqx serve --http-port 8080 --family bqx,reg --from 2024-07",
              "./bqx serve --verification verify.json"),
          "takes Airtable: AirtableTest, StagesIT",
          List.of("./bqx stages --sync airtable", "./bqx stages --sync airtable --yes"),
          "takes pg_cron, which is not of PostgreSQL",
          List.of(
              "SELECT cron.schedule('bqx', '*/5 * * * *', $$CALL bqx.backfill_range(NULL, NULL, '2024-07-01', current_date)$$);"),
          "dumps, restores, names the database, drops roles that all databases share: OperateIT, CopiesIT",
          List.of(
              "pg_dump -Fc -d quant -f quant.dump",
              "pg_restore --create -d postgres quant.dump",
              "pg_dump -Fc -d quant -f bars.dump --exclude-table-data='bqx.(bqx|reg)_*_20*' --exclude-table-data=bqx.partition_state",
              "SELECT sqlj.set_classpath('bqx', '');",
              "SELECT sqlj.remove_jar('bqx_functions', false);",
              "DROP SCHEMA bqx CASCADE;",
              "ALTER DATABASE quant RESET enable_partitionwise_join;",
              "DROP EXTENSION sqljrt;",
              "DROP OWNED BY bqx_front, bqx_runner, bqx_reader, bqx_owner;",
              "DROP ROLE bqx_front, bqx_runner, bqx_reader, bqx_owner;"),
          "needs a front and its nodes: FrontCommandsIT, FrontIT",
          List.of(
              "./bqx psql -h db1 -U postgres -d quant -c '\\password bqx_front' -c 'ALTER ROLE bqx_front LOGIN'",
              "createdb -h front -U postgres quant",
              "./bqx migrate --front -h front -U postgres -d quant",
              "./bqx node add n1 --node-host db1 --node-dbname quant --sslmode verify-full -h front -U postgres -d quant",
              "./bqx node add n2 --node-host db2 --node-dbname quant --sslmode verify-full -h front -U postgres -d quant",
              "./bqx node move audusd n2 -h front -U postgres -d quant"),
          "installs, builds, or runs the tests",
          List.of(
              "mvn -pl migrations flyway:migrate -Dflyway.url=jdbc:postgresql://db.example/quant -Dflyway.user=postgres",
              "packaging/build-deb",
              "sudo apt-get install ./target/packages/*.deb",
              "bqx self-check",
              "docker compose -f packaging/compose.yaml up --detach --wait server",
              "docker compose -f packaging/compose.yaml run --rm bqx migrate",
              "./bqx test",
              "./bqx test faults",
              "./bqx test matrix",
              "./bqx test matrix trixie",
              "PG_CONFIG=/opt/postgres-16/pg_config mvn verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false -Dit.test=ClientEngineIT,ClientAppendIT,ClientBackfillIT"),
          "measures",
          List.of(
              "./bqx bench",
              "./bqx bench --pairs 14 --months 6 --range-rounds 3 --picture docs/performance.svg",
              "./bqx bench --pairs 28 --months 16 --workers 2 --range-rounds 1 --no-rivals",
              "./bqx bench --family all",
              "./bqx bench kernels",
              "./bqx bench growth",
              "./bqx bench settings",
              "./bqx bench reads",
              "./bqx bench --set synchronous_commit=off",
              "./bqx bench front",
              "./bqx bench front --pairs 28 --months 12 --rounds 1",
              "benchmarks/export",
              "benchmarks/import"),
          "has no process to signal: SessionWakerIT",
          List.of("SELECT pg_cancel_backend(pid), pg_log_backend_memory_contexts(pid)"));

  /** Where monitor.md has metrics written. */
  private static final String TEXTFILES = "var/lib/prometheus/node-exporter";

  @TempDir private Path folder;

  @BeforeAll
  static void compute() throws SQLException {
    CommandLineRunner bqx = new CommandLineRunner(DATABASE);
    assertThat(bqx.run("migrate").code()).isZero();
    DocsReader.makeRoles(DATABASE);
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      for (String pair : List.of("audcad", "eurusd", "gbpusd")) {
        // An hour that one pair lacks is a gap.
        String until = pair.equals("eurusd") ? "2024-07-10 23:00Z" : "2024-07-11 00:00Z";
        MadeBars.insert(sql, pair, "2024-07-01 00:00Z", "2024-07-02 00:00Z");
        MadeBars.insert(sql, pair, "2024-07-10 00:00Z", until);
        MadeBars.insert(sql, pair, "2024-07-11 00:00Z", "2024-07-11 02:00Z");
        MadeBars.insert(sql, pair, "2024-08-01 00:00Z", "2024-08-02 00:00Z");
        sql.execute("SELECT bqx.set_baseline(?)", pair);
      }
      sql.execute("SELECT bqx.measure_bars()");
    }
    assertThat(bqx.run("backfill").code()).isZero();
  }

  @AfterAll
  static void dropRoles() throws SQLException {
    DocsReader.dropRoles(DATABASE);
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("DROP ROLE IF EXISTS analyst");
    }
  }

  static List<String> pages() throws IOException {
    try (Stream<Path> files = Files.list(DOCS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".md") && !isGenerated(name))
          .sorted()
          .toList();
    }
  }

  private static boolean isGenerated(String name) {
    return List.of("commands.md", "dictionary.md", "formulas.md").contains(name);
  }

  static List<String> shortPages() throws IOException {
    return pages().stream().filter(name -> !LONG_PAGES.contains(name)).toList();
  }

  static List<String> longPages() {
    return LONG_PAGES;
  }

  @ParameterizedTest
  @MethodSource("shortPages")
  void whatAPageHasReadersTypeWorks(String name) throws Exception {
    type(name);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("longPages")
  void whatALongPageHasReadersTypeWorks(String name) throws Exception {
    type(name);
  }

  private void type(String name) throws Exception {
    DocsPage page = DocsPage.read(DOCS.resolve(name));
    List<Example> here = page.examples().stream().filter(each -> !isNotHere(each)).toList();
    if (here.isEmpty()) {
      return;
    }
    TestDatabase copy = DATABASE.copy();
    try {
      prepare(name, page, copy);
      DocsReader reader = new DocsReader(copy, folder);
      for (Example example : here) {
        if (OF_FILES.matcher(example.text()).find()) {
          assertThat(rowsOfFiles(example.text())).isPositive();
        } else {
          reader.type(example);
        }
      }
    } finally {
      copy.drop();
    }
  }

  @Test
  void whatIsNotTypedHereStandsInThePages() throws IOException {
    List<String> texts = new ArrayList<>();
    for (String name : pages()) {
      DocsPage.read(DOCS.resolve(name)).examples().forEach(example -> texts.add(example.text()));
    }
    assertThat(texts).hasSizeGreaterThan(100);
    assertThat(NOT_HERE.values()).allSatisfy(those -> assertThat(texts).containsAll(those));
  }

  private static boolean isNotHere(Example example) {
    return NOT_HERE.values().stream().anyMatch(texts -> texts.contains(example.text()));
  }

  /** What the page takes for granted: files, tables, a role, a matrix. */
  private void prepare(String name, DocsPage page, TestDatabase copy) throws Exception {
    try (SqlSession sql = new SqlSession(copy.connect())) {
      switch (name) {
        case "import.md" -> {
          DocsReader.writeBars(folder.resolve("EURUSD_2024.csv"), "2024-08-05");
          DocsReader.writeBars(folder.resolve("bars.gz"), "2024-08-06");
          Files.createDirectory(folder.resolve("data"));
          DocsReader.writeBars(folder.resolve("data/gbpusd.csv"), "2024-08-05");
          Files.createDirectory(folder.resolve("more"));
          try (ZipOutputStream zip =
              new ZipOutputStream(Files.newOutputStream(folder.resolve("more/audcad.zip")))) {
            zip.putNextEntry(new ZipEntry("audcad.csv"));
            zip.write(Files.readAllBytes(folder.resolve("data/gbpusd.csv")));
          }
          sql.execute("CREATE SCHEMA quant");
          sql.execute(
              "CREATE TABLE quant.eurusd_m1 AS SELECT time + interval '6 days' AS time, open, high, low, close"
                  + " FROM bqx.m1 WHERE pair = 'eurusd' AND time >= '2024-08-01Z'");
          sql.execute("GRANT USAGE ON SCHEMA quant TO bqx_runner");
          sql.execute("GRANT SELECT ON quant.eurusd_m1 TO bqx_runner");
        }
        case "train.md" -> {
          DocsReader.writeBars(folder.resolve("eurusd.csv.gz"), "2024-08-05");
          Files.writeString(folder.resolve("wide.yaml"), page.block("pairs:"));
          enable(copy, "mom");
        }
        case "export.md" ->
            assertThat(
                    new CommandLineRunner(copy)
                        .run(
                            "matrix",
                            "define",
                            "first",
                            "--pairs",
                            "eurusd",
                            "--columns",
                            "bqx.*",
                            "--target",
                            "w60_h60")
                        .code())
                .isZero();
        case "families.md" -> enable(copy, "trend", "ccy");
        case "monitor.md" -> Files.createDirectories(folder.resolve(TEXTFILES));
        case "performance.md" -> sql.execute("CREATE ROLE analyst");
        default -> {
          // Nothing.
        }
      }
    }
  }

  private static void enable(TestDatabase copy, String... families) {
    CommandLineRunner bqx = new CommandLineRunner(copy);
    assertThat(bqx.run("families", "--enable", String.join(",", families)).code()).isZero();
    assertThat(bqx.run("backfill").code()).isZero();
  }

  private long rowsOfFiles(String query) throws SQLException {
    long rows = 0;
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet result =
            statement.executeQuery(OF_FILES.matcher(query).replaceAll("'" + folder + "/$1/"))) {
      while (result.next()) {
        rows++;
      }
    }
    return rows;
  }
}
