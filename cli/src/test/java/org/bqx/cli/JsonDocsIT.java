package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.nodes.NodeDifference;
import org.bqx.nodes.NodeFact;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The keys that docs/json.md has of a command are those that the command prints. */
class JsonDocsIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (?:\\*(\\w+)\\*)?.*\\|");
  private static final String NODE = "node";
  private static final long LIMIT_SECONDS = 60;

  /** Keys by heading; those of a type alone under its name. */
  private static final Map<String, Map<String, String>> DOCUMENTED = documented();

  private static final Map<String, JsonNode> PRINTED = new LinkedHashMap<>();

  @TempDir private static Path folder;

  @BeforeAll
  static void runEachCommand() throws Exception {
    print("migrate --json", 0, "migrate", "--json");
    print("migrate --info --json", 0, "migrate", "--info", "--json");
    print(
        "generate --json",
        0,
        "generate",
        "--pairs=eurusd,gbpusd",
        "--from=2024-07",
        "--to=2024-07",
        "--json");
    Path bars = folder.resolve("bars.csv");
    StringBuilder lines = new StringBuilder("time,open,high,low,close,volume\n");
    for (String time : List.of("00:00", "00:01", "00:02", "00:03", "03:00")) {
      lines.append("2024-07-01T%s:00Z,160,160,160,160,1\n".formatted(time));
    }
    Files.writeString(bars, lines);
    print("import --json", 0, "import", bars.toString(), "--pair=usdjpy", "--json");
    print("gaps --json", 0, "gaps", "--json");
    print("plan --json", 0, "plan", "--family=bqx", "--json");
    try (SqlSession session = new SqlSession(DATABASE.connect())) {
      session.execute("DELETE FROM bqx.baseline_rates WHERE pair = 'gbpusd'");
      print("backfill --json", 1, "backfill", "--family=bqx", "--json");
      assertThat(BQX.run("families", "--enable", "fwd").code()).isZero();
      assertThat(BQX.run("backfill", "--family=fwd", "--pairs=eurusd").code()).isZero();
      print("families --json", 0, "families", "--json");
      session.execute(
          "SELECT bqx.start_run('{\"family\": [\"reg\"], \"pairs\": [\"eurusd\"]}', 9)");
      session.execute("SELECT pg_advisory_lock(bqx.partition_lock('reg', 'eurusd', '2024-07-01'))");
      print("status --json", 0, "status", "--json");
    }
    follow();
    print("verify --json", 3, "verify", "--family=bqx", "--json");
    print(
        "correlate --json",
        0,
        "correlate",
        "--features=bqx.w60_bqx_return",
        "--windows=60",
        "--pairs=eurusd",
        "--json");
    print(
        "correlate --pair-days --json", 0, "correlate", "--pair-days", "--from=2025-01", "--json");
    assertThat(
            BQX.run("matrix", "define", "m", "--pairs=eurusd", "--columns=bqx.w60_bqx_return")
                .code())
        .isZero();
    print("matrix list --json", 0, "matrix", "list", "--json");
    print("matrix show NAME --json", 0, "matrix", "show", "m", "--json");
    print("matrix check NAME --json", 0, "matrix", "check", "m", "--json");
    print(
        "export --json",
        0,
        "export",
        "--family=bqx",
        "--pairs=eurusd",
        "--out=" + folder.resolve("export"),
        "--json");
    print("stages --json", 0, "stages", "--json");
    sync();
    PRINTED.put("doctor --json", JsonMapper.shared().readTree(BQX.run("doctor", "--json").out()));
  }

  static Set<String> commands() {
    return PRINTED.keySet();
  }

  @Test
  void everyCommandThatPrintsJsonIsDocumented() {
    assertThat(
            DOCUMENTED.keySet().stream()
                .filter(heading -> heading.endsWith("--json") && !heading.startsWith(NODE))
                .toList())
        .containsExactlyInAnyOrderElementsOf(PRINTED.keySet());
    Set<String> names = new TreeSet<>(Set.of(NODE));
    PRINTED.keySet().forEach(heading -> names.add(heading.substring(0, heading.indexOf(' '))));
    assertThat(names).containsExactlyElementsOf(new TreeSet<>(withJson()));
  }

  /** A node takes further servers; its keys are those of records. */
  @Test
  void keysOfNodesAreThoseOfTheirRecords() {
    assertThat(DOCUMENTED.get("node list --json").keySet())
        .containsExactlyElementsOf(keys("nodes[].", NodeFact.class));
    assertThat(DOCUMENTED.get("node check --json").keySet())
        .containsExactlyElementsOf(keys("differences[].", NodeDifference.class));
  }

  private static List<String> keys(String prefix, Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(component -> prefix + component.getName())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void documentedKeysAreThosePrinted(String command) {
    Set<String> printed = new TreeSet<>();
    Set<String> empty = new TreeSet<>();
    Map<String, String> documented = expanded(command);
    collect(PRINTED.get(command), "", printed, empty);
    Set<String> maps = new TreeSet<>();
    documented.keySet().stream()
        .filter(key -> key.endsWith(".*"))
        .forEach(key -> maps.add(key.substring(0, key.length() - 1)));
    printed.removeIf(key -> maps.stream().anyMatch(key::startsWith));
    printed.remove("schema");

    assertThat(documented.keySet()).as("documented").containsAll(printed);
    assertThat(documented.keySet())
        .filteredOn(key -> !key.endsWith(".*"))
        .filteredOn(key -> empty.stream().noneMatch(key::startsWith))
        .as("printed")
        .allSatisfy(key -> assertThat(printed).contains(key));
  }

  private static List<String> withJson() {
    return Main.commandLine(
            new Bqx(Map.of(), System.in, new PrintWriter(System.out), new PrintWriter(System.err)))
        .getSubcommands()
        .entrySet()
        .stream()
        .filter(
            entry ->
                entry.getValue().getCommandSpec().findOption("--json") != null
                    || entry.getValue().getSubcommands().values().stream()
                        .anyMatch(each -> each.getCommandSpec().findOption("--json") != null))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static void print(String heading, int code, String... arguments) {
    Result result = BQX.run(arguments);
    assertThat(result.code()).as("%s: %s", heading, result.err()).isEqualTo(code);
    JsonNode object = JsonMapper.shared().readTree(result.out());
    assertThat(object.get("schema").asInt()).isEqualTo(1);
    PRINTED.put(heading, object);
  }

  private static void follow() throws Exception {
    File output = folder.resolve("follow.txt").toFile();
    Process process =
        BQX.start(output, "backfill", "--follow", "--json", "--family=reg", "--pairs=eurusd");
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      while (!Files.readString(output.toPath()).contains("}\n")) {
        assertThat(System.nanoTime()).as(Files.readString(output.toPath())).isLessThan(deadline);
        TimeUnit.MILLISECONDS.sleep(100);
      }
    } finally {
      process.destroy();
      process.waitFor();
    }
    String first =
        Files.readAllLines(output.toPath()).stream()
            .filter(line -> line.startsWith("{"))
            .findFirst()
            .orElseThrow();
    PRINTED.put("backfill --follow --json", JsonMapper.shared().readTree(first));
  }

  private static void sync() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "{\"records\":[]}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      Result result =
          BQX.runWith(
              Map.of("AIRTABLE_API_KEY", "key", "AIRTABLE_BASE_ID", "base"),
              "stages",
              "--sync=airtable",
              "--airtable-url=http://127.0.0.1:" + server.getAddress().getPort(),
              "--json");
      PRINTED.put("stages --sync airtable --json", JsonMapper.shared().readTree(result.out()));
    } finally {
      server.stop(0);
    }
  }

  /**
   * Adds the keys of what is below a key, with {@code []} for elements.
   *
   * @param empty keys of what holds nothing here, so that what is below it cannot be seen
   */
  private static void collect(JsonNode node, String key, Set<String> printed, Set<String> empty) {
    if (node.isObject()) {
      if (node.isEmpty()) {
        empty.add(key);
      }
      node.properties()
          .forEach(
              entry ->
                  collect(
                      entry.getValue(),
                      key.isEmpty() ? entry.getKey() : key + "." + entry.getKey(),
                      printed,
                      empty));
    } else if (node.isArray()) {
      if (node.isEmpty()) {
        empty.add(key + "[]");
      }
      node.forEach(element -> collect(element, key + "[]", printed, empty));
    } else {
      printed.add(key);
      if (node.isNull()) {
        empty.add(key + ".");
      }
    }
  }

  /** Returns a command's keys, those of types written out; a null of a type has none below it. */
  private static Map<String, String> expanded(String command) {
    Map<String, String> keys = new LinkedHashMap<>();
    Set<String> printed = new TreeSet<>();
    collect(PRINTED.get(command), "", printed, new TreeSet<>());
    DOCUMENTED
        .get(command)
        .forEach(
            (key, type) -> {
              if (type == null || printed.contains(key)) {
                keys.put(key, type);
              } else {
                assertThat(DOCUMENTED).containsKey(type);
                DOCUMENTED.get(type).keySet().forEach(below -> keys.put(key + "." + below, null));
              }
            });
    return keys;
  }

  private static Map<String, Map<String, String>> documented() {
    Map<String, Map<String, String>> documented = new LinkedHashMap<>();
    Map<String, String> current = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(Path.of("../docs/json.md"))) {
        Matcher row = ROW.matcher(line);
        if (line.startsWith("## ")) {
          current = new LinkedHashMap<>();
          documented.put(line.substring(3), current);
        } else if (row.matches()) {
          current.put(row.group(1), row.group(2));
        }
      }
    } catch (IOException missing) {
      throw new AssertionError(missing);
    }
    return documented;
  }
}
