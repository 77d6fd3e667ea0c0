package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Passwords and keys appear in no output, log, process list or table, however they are given: each
 * command is a process of its own, as those of people are.
 */
class SecretsSecurityIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final String SECRET = "Zyxw-secret-9876";
  private static final long LIMIT_SECONDS = 60;

  @TempDir private Path folder;

  private record Ended(int code, String output) {}

  @BeforeAll
  static void makeBars() {
    assertThat(BQX.run("migrate").code()).isZero();
    assertThat(
            BQX.run("generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07").code())
        .isZero();
  }

  @Test
  void aPasswordThatIsRefused() throws Exception {
    Map<String, String> server = new HashMap<>(BQX.environment());
    server.remove("PGPASSWORD");
    String entry =
        "%s:%s:*:%s:%s%n"
            .formatted(server.get("PGHOST"), server.get("PGPORT"), server.get("PGUSER"), SECRET);
    String section =
        "[secret]%nhost=%s%nport=%s%ndbname=%s%nuser=%s%npassword=%s%n"
            .formatted(
                server.get("PGHOST"),
                server.get("PGPORT"),
                server.get("PGDATABASE"),
                server.get("PGUSER"),
                SECRET);
    for (Map<String, String> given :
        List.of(
            Map.of("PGPASSWORD", SECRET),
            Map.of("PGPASSFILE", secretFile("pgpass", entry)),
            Map.of("PGSERVICEFILE", secretFile("services", section), "PGSERVICE", "secret"))) {
      Map<String, String> environment = new HashMap<>(server);
      environment.putAll(given);
      for (List<String> command :
          List.of(
              List.of("status", "--debug"),
              List.of("backfill", "--debug"),
              List.of("psql", "-c", "SELECT 1"))) {
        Ended ended = run(environment, command);
        assertThat(ended.code()).as("%s", ended).isIn(4, 2);
        assertThat(ended.output()).contains("password authentication failed");
        assertNowhere(SECRET, ended);
      }
    }
  }

  @Test
  void thePasswordThatIsRight() throws Exception {
    String password = BQX.environment().get("PGPASSWORD");
    assertThat(password).hasSizeGreaterThan(8);
    for (List<String> command :
        List.of(
            List.of("backfill", "--force", "--debug"),
            List.of("doctor", "--json"),
            List.of("verify", "--json"),
            List.of("psql", "-c", "SELECT pg_sleep(0.5)"))) {
      Ended ended = run(BQX.environment(), command);
      assertThat(ended.code()).as("%s", ended).isIn(0, 1);
      assertNowhere(password, ended);
    }
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      assertThat(sql.column("SELECT r::text FROM bqx.run r"))
          .isNotEmpty()
          .allSatisfy(run -> assertThat(run).doesNotContain(password));
    }
  }

  @Test
  void aConnectionStringIsNotTakenForAName() {
    for (String name :
        List.of("postgresql://me:" + SECRET + "@127.0.0.1/bqx", "dbname=bqx password=" + SECRET)) {
      for (CommandLineRunner.Result result :
          List.of(
              BQX.run("status", "--debug", "-d", name),
              BQX.runWith(Map.of("PGDATABASE", name), "status", "--debug"))) {
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out() + result.err()).contains("~/.pgpass").doesNotContain(SECRET);
      }
    }
  }

  @Test
  void aKeyThatAirtableNeverGets() throws Exception {
    for (String key : List.of(SECRET, SECRET + "\n", SECRET + "\u0000\u001b", SECRET + "é")) {
      CommandLineRunner.Result result =
          BQX.runWith(
              Map.of("AIRTABLE_API_KEY", key, "AIRTABLE_BASE_ID", "app1"),
              "stages",
              "--sync",
              "airtable",
              "--airtable-url",
              // A path that URI refuses once the base is appended would be printed with its cause.
              "bad-scheme://127.0.0.1:1",
              "--debug");
      assertThat(result.code()).as("%s", result).isIn(1, 2);
      assertThat(result.out() + result.err()).doesNotContain(SECRET);
    }
  }

  /** Runs a command, looking all the while at what the machine's process list shows. */
  private Ended run(Map<String, String> environment, List<String> arguments) throws Exception {
    File output = Files.createTempFile(folder, "output", "").toFile();
    ProcessBuilder builder = new ProcessBuilder(BQX.command(arguments.toArray(String[]::new)));
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).redirectOutput(output).start();
    process.getOutputStream().close();
    TreeSet<String> commandLines = new TreeSet<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    do {
      commandLines.addAll(commandLines());
      assertThat(System.nanoTime()).as("%s has not ended", arguments).isLessThan(deadline);
    } while (!process.waitFor(20, TimeUnit.MILLISECONDS));
    assertThat(commandLines).anyMatch(line -> line.contains(String.join(" ", arguments)));
    return new Ended(
        process.exitValue(), Files.readString(output.toPath()) + String.join("\n", commandLines));
  }

  private static List<String> commandLines() throws IOException {
    List<String> commandLines = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
        try {
          commandLines.add(
              new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8)
                  .replace('\0', ' '));
        } catch (IOException ended) {
          continue;
        }
      }
    }
    return commandLines;
  }

  private static void assertNowhere(String secret, Ended ended) throws IOException {
    assertThat(ended.output()).doesNotContain(secret);
    assertThat(Files.readString(DATABASE.assumeLocal().log())).doesNotContain(secret);
  }

  private String secretFile(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file.toString();
  }
}
