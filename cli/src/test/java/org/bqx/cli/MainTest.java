package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bqx.cli.CommandLineRunner.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line without a database: exit codes 0, 2 and 4, what is printed and where. */
class MainTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "frobnicate | Unmatched argument at index 0: 'frobnicate' | ./bqx --help",
        "backfill --from 2024 | '2024' is not a month like 2024-07 | ./bqx backfill --help",
        "backfill --workers 0 | --workers 0 is below 1 | ./bqx backfill --help",
        "backfill --from 2024-08 --to 2024-07 | --to 2024-07 is before --from 2024-08 | ./bqx backfill --help",
        "generate --from 2024-07 | Missing required option: '--to=YYYY-MM' | ./bqx generate --help",
        "generate --from 2024-07 --to 2024-07 --workers 0 | --workers 0 is below 1 | ./bqx generate --help",
        "import --pair eurusd | Missing required parameter: 'FILE' | ./bqx import --help",
        "monitor --every 0 | --every 0 is below 1 | ./bqx monitor --help",
        "import x.csv --format mt4 --columns close=7 | the columns of --format mt4 are known | leave one of them out",
        "import --from-table t --pair eurusd --stamp close | takes none of | a timestamp without time zone",
        "stages --yes | --yes goes with --sync | ./bqx stages --help",
        "stages --sync notion | expected one of | ./bqx stages --help",
        "demo --pairs 0 | --pairs and --months start at 1 | ./bqx demo --help",
        "up -h db.example | up takes no connection option | ./bqx up --help",
        "stop --delete --yes -d quant | stop takes no connection option | ./bqx stop --help",
        "-p 5433 self-check | self-check takes no connection option | ./bqx self-check --help",
        "up --color sometimes | expected one of | ./bqx up --help"
      })
  void usageErrorsExitWith2AndNameTheHelp(String line, String message, String next) {
    Result result = run(Map.of(), line.split(" "));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(message).contains("next: " + next).doesNotContain("\tat ");
    assertThat(result.out()).isEmpty();
  }

  /** It is made from less than the commands. */
  @Test
  void theHelpOfAllIsThatOfTheWholeProgram() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Bqx bqx = new Bqx(Map.of(), InputStream.nullInputStream(), nowhere, nowhere);
    assertThat(run(Map.of(), "--help").out())
        .isEqualTo(Main.commandLine(bqx).getUsageMessage())
        .contains("completion");
  }

  @Test
  void noCommandIsAUsageError() {
    assertThat(run(Map.of()).code()).isEqualTo(2);
  }

  @Test
  void noServerExitsWith4AndSaysWhere() throws IOException {
    int port = freePort();
    Result result = run(Map.of("PGHOST", "127.0.0.1", "PGPORT", "" + port), "backfill");
    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err())
        .contains("cannot connect to 127.0.0.1:" + port)
        .contains("[08001]")
        .contains("next: ")
        .doesNotContain("\tat ");
  }

  @Test
  void aHostThatIsNotThereIsCalledSo() {
    Result result = run(Map.of("PGHOST", "no-such-host.invalid"), "status");
    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err()).contains("there is no host of that name", "[08001]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "migrate",
        "migrate --info",
        "import bars.csv",
        "generate --from 2024-07 --to 2024-07",
        "plan",
        "backfill",
        "correlate",
        "correlate --pair-days",
        "monitor --once",
        "status",
        "families",
        "gaps",
        "matrix list",
        "stages",
        "doctor",
        "verify",
        "report --html report.html"
      })
  void everyCommandExitsWith4WhenNoServerAnswers(String command) throws IOException {
    Result result =
        run(Map.of("PGHOST", "127.0.0.1", "PGPORT", "" + freePort()), command.split(" "));
    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err()).contains("cannot connect to").contains("next: ");
  }

  @Test
  void debugAddsTheStackTrace() throws IOException {
    Result result = run(Map.of(), "backfill", "--debug", "-h", "127.0.0.1", "-p", "" + freePort());
    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err()).contains("    at org.bqx.connection.Database.connect");
  }

  @Test
  void connectionOptionsMayComeBeforeTheCommand() throws IOException {
    int port = freePort();
    Result result = run(Map.of("PGPORT", "1"), "-h", "127.0.0.1", "-p", "" + port, "migrate");
    assertThat(result.err()).contains("127.0.0.1:" + port);
    assertThat(result.code()).isEqualTo(4);
  }

  @Test
  void helpGoesToStandardOutput() {
    Result result = run(Map.of(), "backfill", "--help");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("--workers").contains("--family");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void colorIsObeyed() {
    assertThat(run(Map.of(), "--help", "--color", "never").out()).doesNotContain("\u001b");
    assertThat(run(Map.of(), "--color", "always", "--help").out()).contains("\u001b[");
    assertThat(run(Map.of("NO_COLOR", "1"), "--help").out()).doesNotContain("\u001b");
  }

  @Test
  void completionKnowsTheCommands() {
    Result result = run(Map.of(), "completion");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("backfill").contains("complete -F");
  }

  @ParameterizedTest
  @CsvSource({
    "import --on-conflict, fail keep replace",
    "import --weekend, reject keep",
    "import --stamp, open close",
    "export --format, parquet csv",
    "migrate --engine, server client",
    "import, bars.csv other.csv",
    "import bars.csv, bars.csv other.csv",
    "import --rejects, bars.csv other.csv",
    "report --html, bars.csv other.csv"
  })
  void completionKnowsValuesAndFiles(String typed, String offered, @TempDir Path folder)
      throws IOException, InterruptedException {
    Path files = Files.createDirectory(folder.resolve("files"));
    Files.createFile(files.resolve("bars.csv"));
    Files.createFile(files.resolve("other.csv"));
    Files.writeString(folder.resolve("completion"), run(Map.of(), "completion").out());
    String script =
        "shopt -s expand_aliases progcomp; source ../completion; COMP_WORDS=(bqx %s '');"
            + " COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _complete_bqx; printf '%%s\\n' \"${COMPREPLY[@]}\"";
    Process bash =
        new ProcessBuilder("bash", "-c", script.formatted(typed))
            .directory(files.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).isZero();
    assertThat(said.lines()).containsExactlyInAnyOrder(offered.split(" "));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static Result run(Map<String, String> environment, String... arguments) {
    return CommandLineRunner.run(environment, new byte[0], arguments);
  }
}
