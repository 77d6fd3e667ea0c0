package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.monitor.MetricText;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** monitor, status and stages on a database that is partly computed. */
class MonitorIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final long LIMIT_SECONDS = 60;
  private static final Path DOCS = Path.of("../docs");

  @TempDir private Path folder;
  private SqlSession sql;

  @BeforeAll
  static void generate() {
    assertThat(BQX.run("migrate").code()).isZero();
    assertThat(
            BQX.run("generate", "--pairs", "eurusd,gbpusd", "--from", "2024-07", "--to", "2024-08")
                .code())
        .isZero();
    assertThat(BQX.run("backfill", "--family", "reg", "--to", "2024-07").code()).isZero();
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
  void statusCountsWhatTheTablesHold() throws SQLException {
    JsonNode status = json("status", "status", "--json");
    assertThat(status.get("all").get("done").asInt()).isEqualTo(2);
    assertThat(status.get("all").get("total").asInt()).isEqualTo(8);
    JsonNode reg = status.get("families").get(1);
    assertThat(reg.get("family").asString()).isEqualTo("reg");
    assertThat(reg.get("done").asInt()).isEqualTo(2);
    assertThat(reg.get("total").asInt()).isEqualTo(4);
    assertThat(reg.get("percent").asDouble()).isEqualTo(50);
    assertThat(reg.get("rows").asLong()).isEqualTo(sql.number("SELECT count(*) FROM bqx.reg"));
    assertThat(reg.get("bytes").asLong())
        .isEqualTo(
            sql.number(
                "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class"
                    + " WHERE relkind = 'r' AND relname ~ '^reg_......_20'"));
    assertThat(status.get("partitions").size()).isEqualTo(8);
    assertThat(status.get("lastFinished").size()).isEqualTo(2);
    assertThat(status.get("maxConnections").asInt())
        .isEqualTo((int) sql.number("SELECT current_setting('max_connections')::int"));
  }

  @Test
  void whileATableIsLockedTheSizesOfTheOtherFamiliesAreTold() throws SQLException {
    try (SqlSession holder = new SqlSession(DATABASE.connect())) {
      holder.connection().setAutoCommit(false);
      holder.execute("LOCK TABLE bqx.reg_eurusd_2024_07 IN ACCESS EXCLUSIVE MODE");
      JsonNode families = json("status", "status", "--json").get("families");
      assertThat(families.get(0).get("family").asString()).isEqualTo("bqx");
      assertThat(families.get(0).get("bytes").asLong()).isZero();
      assertThat(families.get(1).get("family").asString()).isEqualTo("reg");
      assertThat(families.get(1).get("bytes").isNull()).isTrue();
    }
  }

  @Test
  void whoHoldsAPartitionsLockIsAWorkerWithThePartitionsName() throws SQLException {
    sql.execute("SELECT pg_advisory_lock(bqx.partition_lock('bqx', 'gbpusd', '2024-08-01'))");
    JsonNode status = json("status", "status", "--json");
    JsonNode worker = status.get("workers").get(0);
    assertThat(worker.get("backendPid").asLong()).isEqualTo(sql.number("SELECT pg_backend_pid()"));
    assertThat(worker.get("partition").asString()).isEqualTo("bqx gbpusd 2024-08");
    assertThat(status.get("stalestHeartbeat")).isEqualTo(worker);
    DATABASE.assumeLocal();
    assertThat(worker.get("memoryBytes").asLong()).isGreaterThan(1 << 20);
  }

  @Test
  void aForcedRunHasToDoWhatIsDone() throws SQLException {
    try (SqlSession run = new SqlSession(DATABASE.connect())) {
      int runId =
          (int)
              run.number(
                  "SELECT bqx.start_run('{\"family\": [\"reg\"], \"pairs\": [\"eurusd\"], \"from\": null,"
                      + " \"to\": \"2024-07\", \"workers\": 2, \"force\": true}', 100)");
      JsonNode status = json("status", "status", "--json");
      JsonNode reg = status.get("families").get(1);
      assertThat(reg.get("done").asInt()).isEqualTo(1);
      assertThat(reg.get("again").asInt()).isEqualTo(1);
      assertThat(reg.get("etaSeconds").asDouble()).isGreaterThanOrEqualTo(1);
      assertThat(status.get("all").get("etaSeconds").asDouble()).isGreaterThanOrEqualTo(1);
      String text = BQX.run("status").out();
      assertThat(text.replaceAll("\\s+", " "))
          .contains("run " + runId + " of ")
          .contains("--family reg --pairs eurusd --to 2024-07 --workers 2 --force")
          .contains("6 partitions not done that no run computes: not in the ETA");
      assertThat(text).contains("eurusd .o..");
    }
    assertThat(json("status", "status", "--json").get("families").get(1).get("done").asInt())
        .as("the run's session is gone")
        .isEqualTo(2);
  }

  @Test
  void metricsAreThoseThatPrometheusTakes() throws IOException, InterruptedException {
    Result status = BQX.run("status", "--prometheus");
    assertThat(status.code()).as(status.err()).isZero();
    Map<String, Double> samples = MetricText.parse(status.out().lines().toList());
    assertThat(samples)
        .containsEntry("bqx_partitions{family=\"reg\",state=\"done\"}", 2.0)
        .containsEntry("bqx_pairs_without_baseline", 0.0)
        .containsKey("bqx_newest_bar_timestamp_seconds{pair=\"eurusd\"}");
    String documented = Files.readString(DOCS.resolve("monitor.md"));
    assertThat(samples.keySet())
        .allSatisfy(
            sample -> assertThat(documented).contains("`" + sample.replaceAll("\\{.*", "") + "`"));
    assertThat(BQX.run("status", "--prometheus", "--json").code()).isEqualTo(2);

    Assumptions.assumeTrue(
        isInstalled("promtool", "--version"),
        "promtool is not installed, it was not asked: apt-get install prometheus");
    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    promtool.getOutputStream().write(status.out().getBytes(StandardCharsets.UTF_8));
    promtool.getOutputStream().close();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
  }

  @Test
  void aReaderMayRunTheQueriesOfTheDashboard() throws IOException, SQLException {
    JsonNode dashboard =
        JsonMapper.shared().readTree(Files.readString(DOCS.resolve("grafana/bqx.json")));
    sql.execute("SET ROLE bqx_reader");
    int queries = 0;
    for (JsonNode panel : dashboard.get("panels")) {
      for (JsonNode target : panel.get("targets")) {
        String query =
            target
                .get("rawSql")
                .asString()
                .replaceAll(
                    "\\$__timeFilter\\((\\w+)\\)", "$1 BETWEEN now() - interval '6 h' AND now()");
        sql.execute(query);
        queries++;
      }
    }
    assertThat(queries).isGreaterThan(10);
  }

  @Test
  void aFailureIsShownWithItsMessage() throws SQLException {
    sql.execute(
        "SELECT bqx.record_failure('bqx', 'eurusd', '2024-07-01', 'QX005', 'three bars are bad')");
    Result status = BQX.run("status", "--color", "never");
    assertThat(status.code()).isZero();
    assertThat(status.out())
        .contains("bqx eurusd 2024-07  three bars are bad")
        .contains("eurusd !#..");
    sql.execute("DELETE FROM bqx.partition_state WHERE state = 'failed'");
  }

  @Test
  void pipedTheMonitorPrintsOnceAndEnds() throws IOException, InterruptedException {
    File output = folder.resolve("monitor.txt").toFile();
    Process process = BQX.start(output, "monitor");
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(Files.readString(output.toPath()))
        .contains("reg        2/4  50.0")
        .doesNotContain("\u001b");
  }

  @Test
  void colorIsObeyed() {
    assertThat(BQX.run("monitor", "--once", "--color", "always").out()).contains("\u001b[32m");
    assertThat(BQX.run("monitor", "--once").out()).doesNotContain("\u001b");
  }

  @Test
  void stagesSayWhatIsDoneAndWhatItMade() throws SQLException {
    JsonNode stages = json("stages", "stages", "--json");
    List<String> states = new ArrayList<>();
    stages.forEach(
        stage -> states.add(stage.get("version").asString() + " " + stage.get("state").asString()));
    assertThat(states)
        .containsExactly(
            "1.5.1 complete",
            "1.5.2 complete",
            "1.5.2.1 complete",
            "1.5.2.2 complete",
            "1.5.2.3 complete",
            "1.5.4.1 complete",
            "1.5.4.2 complete",
            "1.5.4.3 todo",
            "1.5.5.1 complete",
            "1.5.5.2 complete",
            "1.5.5.3 in progress",
            "1.5.5.4 complete",
            "1.5.6 complete",
            "1.5.7 complete",
            "1.5.7.1 todo",
            "1.5.8 complete",
            "1.5.9 complete",
            "2.1 complete",
            "2.1.1 todo",
            "2.1.2 todo",
            "2.1.3 todo",
            "2.1.4 todo",
            "2.1.5 todo",
            "2.1.6 todo",
            "2.2 complete",
            "2.2.1 todo",
            "2.2.2 todo",
            "2.2.3 todo",
            "2.2.4 todo",
            "2.2.5 todo",
            "2.3 complete",
            "2.3.1 todo",
            "2.3.2 todo",
            "2.3.3 todo");
    String text = BQX.run("stages").out();
    assertThat(text)
        .contains("in progress (50.0 %)")
        .contains("28 pairs, 2 baselines")
        .contains("table bqx.bqx, 57 columns")
        .contains("nothing of an older layout was there")
        .contains("in 2 of 4 partitions");
    assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  @Test
  void syncNeedsAKeyAndABase() {
    Result sync = BQX.run("stages", "--sync", "airtable");
    assertThat(sync.code()).isEqualTo(2);
    assertThat(sync.err()).contains("AIRTABLE_BASE_ID is not set");
  }

  @Test
  void syncSaysWhatItWouldDoAndDoesItWithYes() throws IOException {
    List<String> requests = new ArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.add(exchange.getRequestMethod());
          byte[] body =
              "{\"records\":[{\"id\":\"rec1\",\"fields\":{\"Stage\":\"1.5.5.3\"}}]}"
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      Map<String, String> variables =
          Map.of("AIRTABLE_API_KEY", "patSecret", "AIRTABLE_BASE_ID", "app42");
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      String[] dry = {"stages", "--sync", "airtable", "--airtable-url", url};
      Result said = BQX.runWith(variables, dry);
      assertThat(said.out()).contains("1.5.5.3  empty -> in progress (50.0 %)");
      assertThat(said.err())
          .contains("the table has no record of stage 1.5.1")
          .contains("1 stages would be set; --yes sets them")
          .doesNotContain("patSecret");
      assertThat(said.code()).isEqualTo(1);
      assertThat(requests).containsExactly("GET");

      String[] yes = {"stages", "--sync", "airtable", "--airtable-url", url, "--yes"};
      assertThat(BQX.runWith(variables, yes).err()).contains("1 stages set");
      assertThat(requests).containsExactly("GET", "GET", "PATCH");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aReaderSeesTheSameStatus() throws SQLException {
    String role = DATABASE.name() + "_reader";
    sql.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'reader' IN ROLE bqx_reader");
    try {
      Result status =
          BQX.runWith(Map.of("PGUSER", role, "PGPASSWORD", "reader"), "status", "--json");
      assertThat(status.code()).as(status.err()).isZero();
      JsonNode seen = JsonMapper.shared().readTree(status.out()).get("status");
      JsonNode own = json("status", "status", "--json");
      // The time that is left is another a moment later.
      for (JsonNode facts : List.of(seen, own)) {
        facts.get("families").forEach(each -> ((ObjectNode) each).remove("etaSeconds"));
      }
      assertThat(seen.get("families")).isEqualTo(own.get("families"));
      assertThat(seen.get("connections").asInt()).isPositive();
    } finally {
      sql.execute("DROP ROLE " + role);
    }
  }

  @Test
  void ctrlCLeavesTheTerminalAsItWas() throws IOException, InterruptedException {
    Tmux tmux = new Tmux(folder.resolve("tmux"));
    try {
      tmux.start(80, 40, BQX.environment(), BQX.command("monitor"));
      tmux.await("q quits");
      tmux.type("C-c");
      assertThat(tmux.await("ended 130")).doesNotContain("bqx monitor");
    } finally {
      tmux.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 200})
  void theDashboardFillsARealTerminalAndLeavesItAsItWas(int columns)
      throws IOException, InterruptedException {
    Tmux tmux = new Tmux(folder.resolve("tmux"));
    try {
      tmux.start(columns, 40, BQX.environment(), BQX.command("monitor", "--every", "1"));
      String screen = tmux.await("q quits");
      assertThat(screen)
          .contains("bqx monitor")
          .contains("reg        2/4  50.0")
          .contains("eurusd .#..")
          .contains("gbpusd .#..");
      assertThat(tmux.awaitChange(screen)).contains("q quits");
      tmux.type("f");
      tmux.await("a cell a month: bqx\n");
      tmux.type("f");
      tmux.await("a cell a month: reg\n");
      tmux.resize(columns, 12);
      tmux.await("lines 1-11 of ");
      tmux.type("Down");
      tmux.await("lines 2-12 of ");
      tmux.type("End");
      tmux.await("gbpusd #.");
      tmux.type("Home");
      tmux.await("lines 1-11 of ");
      tmux.resize(100, 30);
      assertThat(tmux.await("q quits").lines().count()).isLessThanOrEqualTo(30);
      tmux.type("q");
      assertThat(tmux.await("ended 0")).doesNotContain("bqx monitor");
    } finally {
      tmux.stop();
    }
  }

  private static boolean isInstalled(String program, String option) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(program, option).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  private static JsonNode json(String name, String... arguments) {
    Result result = BQX.run(arguments);
    assertThat(result.code()).as(result.err()).isZero();
    JsonNode object = JsonMapper.shared().readTree(result.out());
    assertThat(object.get("schema").asInt()).isEqualTo(1);
    return object.get(name);
  }

  /** A terminal of its own: a tmux server on a socket of the test's folder. */
  private record Tmux(Path socket) {

    void start(int columns, int rows, Map<String, String> environment, List<String> command)
        throws IOException, InterruptedException {
      Assumptions.assumeTrue(
          isInstalled("tmux", "-V"),
          "tmux is not installed, the dashboard was not driven: apt-get install tmux");
      List<String> arguments =
          new ArrayList<>(
              List.of("-f", "/dev/null", "new-session", "-d", "-x", "" + columns, "-y", "" + rows));
      environment.forEach((name, value) -> arguments.addAll(List.of("-e", name + "=" + value)));
      StringBuilder line = new StringBuilder();
      command.forEach(word -> line.append('\'').append(word).append("' "));
      arguments.add(line + "; echo ended $?; read wait");
      run(arguments);
    }

    String await(String text) throws IOException, InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      String screen = screen();
      while (!screen.contains(text)) {
        assertThat(System.nanoTime()).as(screen).isLessThan(deadline);
        TimeUnit.MILLISECONDS.sleep(100);
        screen = screen();
      }
      return screen;
    }

    /** The clock in the first line moves on with each refresh. */
    String awaitChange(String before) throws IOException, InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      String screen = screen();
      while (screen.equals(before)) {
        assertThat(System.nanoTime()).as(screen).isLessThan(deadline);
        TimeUnit.MILLISECONDS.sleep(100);
        screen = screen();
      }
      return screen;
    }

    String screen() throws IOException, InterruptedException {
      return run(List.of("capture-pane", "-p"));
    }

    void resize(int columns, int rows) throws IOException, InterruptedException {
      run(List.of("resize-window", "-x", "" + columns, "-y", "" + rows));
    }

    void type(String keys) throws IOException, InterruptedException {
      run(List.of("send-keys", keys));
    }

    void stop() throws IOException, InterruptedException {
      if (Files.exists(socket)) {
        run(List.of("kill-server"));
      }
    }

    private String run(List<String> arguments) throws IOException, InterruptedException {
      List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString()));
      command.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().keySet().removeIf(name -> name.startsWith("TMUX"));
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes());
      assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
      return output;
    }
  }
}
