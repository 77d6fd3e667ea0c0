package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * README.md from top to bottom on a server of one's own: each command as it stands there, by the
 * role that stands there. Then what a reader may do.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReadmeIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final Path README = Path.of("../README.md");
  private static final String RUNNER = "bqx_readme_alice";
  private static final String READER = "bqx_readme_bob";
  private static final String PASSWORD = "readme";
  private static final String ON_THE_SERVER = " -h db.example -U ";

  @TempDir private static Path folder;

  @Test
  @Order(1)
  void theCommandsOfAServerOfOnesOwn() throws Exception {
    writeBars(folder.resolve("eurusd.csv.gz"));
    List<String> commands =
        block("On your own server and data").filter(line -> line.startsWith("./bqx ")).toList();
    assertThat(commands)
        .hasSizeGreaterThan(5)
        .allSatisfy(line -> assertThat(line).contains(ON_THE_SERVER));
    for (String line : commands) {
      String command = line.replaceFirst(" *#.*", "");
      Result result = run(command);
      assertThat(result.code()).as(command + "\n" + result.out() + result.err()).isZero();
      assertThat(result.err())
          .as(command)
          .doesNotContain("ERROR")
          .doesNotContain("permission denied");
      if (command.startsWith("./bqx migrate")) {
        letIn(RUNNER, "bqx_runner");
        letIn(READER, "bqx_reader");
      }
    }
    assertThat(folder.resolve("report.html")).isNotEmptyFile();
  }

  @Test
  @Order(2)
  void theStatementsOfPsqlReturnWhatWasComputed() throws Exception {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      for (String line : block("From psql").filter(line -> !line.isBlank()).toList()) {
        String statement = line.replaceFirst(" *-- .*", "");
        // The day of README's bars is in another table than the test's.
        sql.execute(statement.replace("usdjpy", "eurusd"));
      }
      assertThat(
              sql.number(
                  "SELECT count(w60_bqx_mean_return) FROM (SELECT * FROM bqx.bqx_eurusd_2024_07"
                      + " ORDER BY ts_utc DESC LIMIT 5) newest"))
          .isEqualTo(5);
    }
  }

  @Test
  @Order(3)
  void whoComputesAndWhoReadsGetAnAnswerFromEveryCommandThatLooks() {
    // The family that psql has enabled.
    assertThat(new CommandLineRunner(DATABASE, RUNNER, PASSWORD).run("backfill").code()).isZero();
    for (String role : List.of(RUNNER, READER)) {
      for (String command :
          List.of(
              "plan",
              "status",
              "monitor --once",
              "families",
              "gaps",
              "stages",
              "doctor",
              "verify",
              "report --html " + folder.resolve(role + ".html"),
              "report --markdown " + folder.resolve(role + ".md"))) {
        Result result = new CommandLineRunner(DATABASE, role, PASSWORD).run(command.split(" "));
        assertThat(result.code())
            .as(role + ": " + command + "\n" + result.out() + result.err())
            .isZero();
        // What a role may not see is unknown to the doctor, and no error.
        assertThat(command.equals("doctor") ? "" : result.out() + result.err())
            .as(role + ": " + command)
            .doesNotContain("permission denied");
      }
    }
  }

  @AfterAll
  static void dropRoles() throws Exception {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("DROP ROLE IF EXISTS %s, %s".formatted(RUNNER, READER));
    }
  }

  /** Runs a line of README on the test's server, as the role that the line names. */
  private static Result run(String command) {
    String role = command.contains("-U postgres") ? null : RUNNER;
    List<String> words =
        new ArrayList<>(Arrays.asList(command.replaceFirst(" -h .*", "").split(" ")));
    words.remove(0);
    words.replaceAll(
        word ->
            word.endsWith(".csv.gz") || word.endsWith(".html")
                ? folder.resolve(word).toString()
                : word.replace("'", ""));
    if (words.get(0).equals("monitor")) {
      words.add("--once");
    }
    CommandLineRunner bqx =
        role == null
            ? new CommandLineRunner(DATABASE)
            : new CommandLineRunner(DATABASE, role, PASSWORD);
    return bqx.run(words.toArray(String[]::new));
  }

  private static void letIn(String role, String member) throws Exception {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(role, PASSWORD));
      sql.execute("GRANT %s TO %s".formatted(member, role));
    }
  }

  /** Returns the lines of the first code block below a heading of README. */
  private static Stream<String> block(String heading) throws Exception {
    return Files.readString(README)
        .split("## " + heading + "\n", 2)[1]
        .lines()
        .dropWhile(line -> !line.startsWith("    "))
        .takeWhile(line -> line.isBlank() || line.startsWith("    "))
        .map(String::strip);
  }

  /** A day of bars on the baseline's date. */
  private static void writeBars(Path file) throws Exception {
    StringBuilder text = new StringBuilder("time,open,high,low,close,volume\n");
    for (int minute = 0; minute < 1200; minute++) {
      double close = 1.25 + (minute % 7) * 1e-4;
      text.append(
          String.format(
              Locale.ROOT,
              "2024-07-01T%02d:%02d:00Z,%.5f,%.5f,%.5f,%.5f,%d%n",
              minute / 60,
              minute % 60,
              close,
              close + 1e-4,
              close - 1e-4,
              close,
              1 + minute % 5));
    }
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
