package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.terminal.Printable;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Text from people, files and the database reaches no SQL, no path it was not meant for, and no
 * terminal as anything but text.
 */
class HostileTextSecurityIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final String LINE = "2024-07-02T00:0%d:00Z,1.1,1.1,1.1,1.1\n";

  @TempDir private Path folder;
  private SqlSession sql;
  private String before;

  static List<String> hostileTexts() {
    return List.of(
        "eurusd\"; DROP TABLE bqx.m1 CASCADE; --",
        "eurusd'; DROP TABLE bqx.m1 CASCADE; --",
        "$$; DROP TABLE bqx.m1 CASCADE; $$",
        "eurusd\nbqx: all is well",
        "eurusd\r\tbqx",
        "\u001b[2J\u001b[31mred",
        "\u001b]0;title\u0007",
        "\u009b2J",
        "eur\u202edsu\u2066\u200b",
        "\ud800",
        "../../../etc/passwd",
        "=HYPERLINK(\"http://127.0.0.1\")",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "%s%n%1$I{0}${x}\\",
        "x".repeat(10_240));
  }

  @BeforeAll
  static void computeSomething() {
    assertThat(BQX.run("migrate").code()).isZero();
    assertThat(
            BQX.run("generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07").code())
        .isZero();
    assertThat(BQX.run("backfill").code()).isZero();
  }

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
    before = everything();
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  @ParameterizedTest
  @MethodSource("hostileTexts")
  void asAnArgument(String text) throws SQLException, IOException {
    Path bars = Files.writeString(folder.resolve("bars.csv"), LINE.formatted(0));
    List<List<String>> commands = new ArrayList<>();
    for (String command : List.of("plan", "backfill", "verify")) {
      for (String option : List.of("--pairs", "--family", "--from", "--to")) {
        commands.add(List.of(command, option, text));
      }
    }
    commands.add(List.of("generate", "--pairs", text, "--from", "2024-07", "--to", "2024-07"));
    commands.add(List.of("import", bars.toString(), "--pair", text));
    for (String option : List.of("--format", "--zone", "--max-rejects", "--on-conflict")) {
      commands.add(List.of("import", bars.toString(), "--pair", "eurusd", option, text));
    }
    commands.add(List.of("import", "--from-table", text, "--pair", "eurusd"));
    commands.add(List.of("import", folder.resolve("none").toString(), text));
    commands.add(List.of("migrate", "--target", text));
    commands.add(List.of("stages", "--sync", text));
    for (String command : List.of("status", "monitor", "doctor", "stop", "completion", text)) {
      commands.add(List.of(command, text));
    }
    for (String option : List.of("--dbname", "--username", "--service", "--port")) {
      commands.add(List.of("status", option, text));
    }
    for (List<String> command : commands) {
      List<String> arguments = new ArrayList<>(command);
      arguments.add("--debug");
      Result result = BQX.run(arguments.toArray(String[]::new));
      assertThat(result.code()).as("%s: %s", arguments, result).isNotZero();
      assertHarmless(arguments, result);
    }
    assertThat(everything()).isEqualTo(before);
    assertThat(filesBelow(folder)).containsExactly("bars.csv");
  }

  @ParameterizedTest
  @MethodSource("hostileTexts")
  void asTheNameOfAFile(String text) throws SQLException, IOException {
    String name = text.replace("/", "∕").replaceAll("[\\ud800-\\udfff]", "?");
    Path file = folder.resolve(name.substring(0, Math.min(name.length(), 100)) + ".csv");
    Files.writeString(file, LINE.formatted(0) + LINE.formatted(1) + "no bar\n");
    for (String with : List.of("--color=never", "--json", "--debug")) {
      Result result =
          BQX.run(
              "import",
              file.toString(),
              "--pair",
              "gbpusd",
              "--max-rejects",
              "1",
              "--dry-run",
              "--rejects",
              folder.toString(),
              with);
      assertThat(result.code()).as("%s", result).isZero();
      assertHarmless(List.of(with), result);
    }
    assertThat(filesBelow(folder))
        .containsExactlyInAnyOrder(
            file.getFileName().toString(), file.getFileName() + ".rejects.csv");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void asTheContentOfAFile() throws SQLException, IOException {
    StringBuilder content = new StringBuilder(LINE.formatted(0));
    for (String text : hostileTexts()) {
      String line = text.replace('\n', ' ').replace('\r', ' ').replace('\ud800', '\0');
      content.append(line).append('\n');
      content.append("2024-07-02T00:00:00Z,").append(line).append(",1,1,1\n");
    }
    Path file = Files.writeString(folder.resolve("gbpusd.csv"), content);
    Result result =
        BQX.run(
            "import",
            file.toString(),
            "--max-rejects",
            "100",
            "--dry-run",
            "--rejects",
            folder.toString());
    assertThat(result.code()).as("%s", result).isZero();
    assertHarmless(List.of(), result);
    assertThat(result.out()).contains("1 inserted", 2 * hostileTexts().size() + " rejected");
    try (CsvReader<CsvRecord> rejects =
        CsvReader.builder().ofCsvRecord(folder.resolve("gbpusd.csv.rejects.csv"))) {
      List<CsvRecord> rows = rejects.stream().skip(1).toList();
      assertThat(rows)
          .extracting(row -> Integer.valueOf(row.getField(0)))
          .containsExactlyElementsOf(
              Stream.iterate(2, line -> line + 1).limit(2L * hostileTexts().size()).toList());
      for (CsvRecord row : rows) {
        for (String field : row.getFields()) {
          assertThat(field).isEqualTo(Printable.of(field));
          assertThat(field).doesNotMatch("(?s)[=+@-].*");
        }
      }
    }
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void fromTheDatabase() throws SQLException {
    // No database holds half a character.
    String text = String.join(" ", hostileTexts()).replace("\ud800", "");
    sql.execute("SELECT bqx.record_failure('bqx', 'eurusd', '2024-07-01', 'XX000', ?)", text);
    try {
      for (List<String> command :
          List.of(
              List.of("status"),
              List.of("status", "--json"),
              List.of("monitor", "--once", "--color=always"),
              List.of("plan"),
              List.of("plan", "--json"),
              List.of("plan", "--retry"),
              List.of("doctor"),
              List.of("doctor", "--json"),
              List.of("verify"),
              List.of("verify", "--json"))) {
        Result result = BQX.run(command.toArray(String[]::new));
        assertHarmless(command, result);
      }
    } finally {
      sql.execute("DELETE FROM bqx.partition_state WHERE state = 'failed'");
      assertThat(BQX.run("backfill").code()).isZero();
    }
  }

  /** Nothing but text and the ends of its lines; and no exception that nobody foresaw. */
  private static void assertHarmless(List<String> command, Result result) {
    assertThat(result.err()).as("%s", command).doesNotContain("the same with --debug shows where");
    String text = (result.out() + result.err()).replaceAll("\u001b\\[[0-9;]*m", "");
    boolean colored = command.contains("--color=always");
    for (String line : (colored ? text : result.out() + result.err()).split("\n", -1)) {
      assertThat(line).as("%s", command).isEqualTo(Printable.of(line));
      assertThat(line).as("%s", command).isNotEqualTo("bqx: all is well");
    }
  }

  /** A digest of all objects and rows that something hostile could be after. */
  private String everything() throws SQLException {
    return sql.text(
        """
        SELECT concat_ws(' ',
            (SELECT md5(string_agg(oid || relname, ';' ORDER BY oid)) FROM pg_class WHERE relnamespace <> 'pg_toast'::regnamespace
                AND relpersistence = 'p'),
            (SELECT md5(string_agg(oid || proname, ';' ORDER BY oid)) FROM pg_proc),
            (SELECT count(*) FROM bqx.m1), (SELECT sum(revision) FROM bqx.m1_month), (SELECT count(*) FROM bqx.bqx))""");
  }

  private static List<String> filesBelow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).map(f -> folder.relativize(f).toString()).toList();
    }
  }
}
