package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code serve}: whom it answers and whom not, what it says, and how it ends. */
class ServeIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final String READER = "bqx_serve_reader";
  private static final String PASSWORD = "serve";
  private static final long LIMIT_SECONDS = 120;

  /** Looks for a third query when two are there. */
  private static final int LOOKS_AFTER = 10;

  @TempDir private static Path folder;

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static SqlSession sql;
  private static Process process;
  private static URI address;

  @BeforeAll
  static void serveToAReader() throws Exception {
    sql = new SqlSession(DATABASE.connect());
    assertThat(BQX.run("migrate").code()).isZero();
    assertThat(
            BQX.run("generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-08").code())
        .isZero();
    assertThat(BQX.run("backfill", "--family", "bqx").code()).isZero();
    sql.execute("DROP ROLE IF EXISTS " + READER);
    sql.execute("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(READER, PASSWORD));
    sql.execute("GRANT bqx_reader TO " + READER);
    process = start("served", "serve");
    address = URI.create(firstLine(process, folder.resolve("served")));
  }

  @AfterAll
  static void end() throws SQLException, InterruptedException {
    process.destroyForcibly();
    process.waitFor();
    sql.execute("DROP OWNED BY " + READER);
    sql.execute("DROP ROLE " + READER);
    sql.close();
  }

  @Test
  void thePageIsThatOfTheReportAndOfNow() throws Exception {
    HttpResponse<String> page = get("");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("bqx report", "\"live\":10", "Not verified");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(page.headers().firstValue("Cross-Origin-Resource-Policy")).contains("same-origin");

    sql.execute(
        "UPDATE bqx.partition_state SET state = 'failed', sqlstate = 'XX000', error = 'torn page'"
            + " WHERE month = '2024-08-01'");
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      while (!get("").body().contains("torn page")) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.sleep(500);
      }
    } finally {
      sql.execute(
          "UPDATE bqx.partition_state SET state = 'done', sqlstate = NULL, error = NULL"
              + " WHERE month = '2024-08-01'");
    }
  }

  @Test
  void columnsComeAsFiguresOfTheDatabase() throws Exception {
    JsonNode panel = json(get("panel?family=bqx&pair=eurusd&month=2024-07"));
    assertThat(panel.path("rows").asLong())
        .isEqualTo(sql.number("SELECT count(*) FROM bqx.bqx_eurusd_2024_07"));
    List<String> columns =
        sql.column(
            "SELECT column_name FROM bqx.feature_column WHERE family = 'bqx' ORDER BY element");
    assertThat(panel.path("columns").size()).isEqualTo(columns.size());
    JsonNode range = panel.path("columns").path(columns.indexOf("w60_bqx_range"));
    assertThat(range.path("highest").asDouble())
        .isCloseTo(
            ((Number) sql.value("SELECT max(w60_bqx_range) FROM bqx.bqx_eurusd_2024_07"))
                .doubleValue(),
            within(1e-9));
    assertThat(range.path("bins").size()).isEqualTo(30);
    assertThat(panel.path("r").size()).isEqualTo(columns.size() * (columns.size() - 1) / 2);

    JsonNode months = json(get("months?family=bqx&pair=eurusd&column=w60_bqx_range"));
    assertThat(months.size()).isEqualTo(2);
    assertThat(months.path(1).path(0).asString()).isEqualTo("2024-08");
    // By a sample: the median of two months lies between quantiles of all that are near it.
    assertThat(months.path(0).path(3).asDouble()).isBetween(quantile(0.3), quantile(0.7));
  }

  private static double quantile(double share) throws SQLException {
    return ((Number)
            sql.value(
                "SELECT percentile_cont(%s) WITHIN GROUP (ORDER BY w60_bqx_range) FROM bqx.bqx_eurusd_2024_07"
                    .formatted(share)))
        .doubleValue();
  }

  @Test
  void whatDoesNotExistIsNamedAndReachesNoStatement() throws Exception {
    assertThat(error("panel?family=nope&pair=eurusd&month=2024-07"))
        .isEqualTo("family \"nope\" is not computed");
    assertThat(error("panel?family=bqx&pair=x'y&month=2024-07"))
        .isEqualTo("pair \"x'y\" does not exist");
    assertThat(error("panel?family=bqx&pair=eurusd&month=July")).isEqualTo("a month is YYYY-MM");
    assertThat(error("months?family=bqx&pair=eurusd&column=ts_utc%22;--"))
        .isEqualTo("bqx has no column \"ts_utc\";--\"");
    assertThat(error("months?" + "x".repeat(500))).isEqualTo("the question is too long");
    assertThat(get("other").statusCode()).isEqualTo(404);
  }

  @Test
  void nobodyWithoutTheAddressIsAnswered() throws Exception {
    String token = address.getPath();
    assertThat(token).matches("/[-_A-Za-z0-9]{32}/");
    for (String path : List.of("/", "/favicon.ico", "/x/", token.substring(0, 32) + "/")) {
      HttpResponse<String> answer =
          send("GET", address.resolve(URI.create("http://127.0.0.1:" + address.getPort() + path)));
      assertThat(answer.statusCode()).as(path).isEqualTo(404);
      assertThat(answer.body()).doesNotContain("bqx report", "eurusd");
    }
  }

  @Test
  void anotherNameOfThisMachineIsRefused() throws Exception {
    for (String host :
        List.of("evil.example", "evil.example:" + address.getPort(), "127.0.0.1", "127.0.0.1:1")) {
      assertThat(raw("GET", host, "")).as(host).startsWith("HTTP/1.1 421");
    }
    assertThat(raw("GET", "localhost:" + address.getPort(), "")).startsWith("HTTP/1.1 200");
    String own = "127.0.0.1:" + address.getPort();
    assertThat(raw("GET", own, "Origin: http://evil.example\r\n")).startsWith("HTTP/1.1 403");
    assertThat(raw("GET", own, "Sec-Fetch-Site: cross-site\r\n")).startsWith("HTTP/1.1 403");
    assertThat(raw("GET", own, "Sec-Fetch-Site: same-origin\r\n")).startsWith("HTTP/1.1 200");
  }

  @Test
  void itListensOnLoopbackAlone() throws Exception {
    for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InetAddress other : Collections.list(one.getInetAddresses())) {
        if (other instanceof Inet4Address && !other.isLoopbackAddress()) {
          assertThat(isAnswered(other)).as(other.toString()).isFalse();
        }
      }
    }
    assertThat(isAnswered(InetAddress.getByName("127.0.0.2"))).isFalse();
    assertThat(isAnswered(InetAddress.getByName("127.0.0.1"))).isTrue();
  }

  private static boolean isAnswered(InetAddress other) {
    try (Socket socket = new Socket(other, address.getPort())) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void nothingIsWritten() throws Exception {
    for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "PATCH")) {
      HttpResponse<String> answer = send(method, address);
      assertThat(answer.statusCode()).as(method).isEqualTo(405);
      assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
    }
    HttpResponse<String> head = send("HEAD", address);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  /** Sessions that wait for a lock on what every page reads: no more than two do. */
  @Test
  void queriesAreFew() throws Exception {
    String waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bqx serve' AND state = 'active'"
            + " AND wait_event_type = 'Lock' AND datname = current_database()";
    List<Thread> asking = new ArrayList<>();
    sql.execute("BEGIN");
    try {
      sql.execute("LOCK TABLE bqx.bqx IN ACCESS EXCLUSIVE MODE");
      for (int i = 0; i < 4; i++) {
        int month = 7 + i % 2;
        Thread thread =
            new Thread(
                () -> {
                  try {
                    get("panel?family=bqx&pair=eurusd&month=2024-0" + month);
                  } catch (IOException | InterruptedException ended) {
                    // Nobody waits for it.
                    Thread.currentThread().interrupt();
                  }
                });
        thread.start();
        asking.add(thread);
      }
      long most = 0;
      try (SqlSession watching = new SqlSession(DATABASE.connect())) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        int after = 0;
        while (after < LOOKS_AFTER && System.nanoTime() < deadline) {
          most = Math.max(most, watching.number(waiting));
          after += most > 1 ? 1 : 0;
          Thread.sleep(100);
        }
      }
      assertThat(most).isEqualTo(2);
    } finally {
      sql.execute("ROLLBACK");
    }
    for (Thread thread : asking) {
      thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
      assertThat(thread.isAlive()).isFalse();
    }
  }

  @Test
  void ctrlCEndsItWith130() throws Exception {
    Process own = start("ended", "serve", "--family", "bqx");
    URI there = URI.create(firstLine(own, folder.resolve("ended")));
    assertThat(
            HTTP.send(HttpRequest.newBuilder(there).build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    CommandLineRunner.interrupt(own);
    assertThat(own.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(own.exitValue()).as(Files.readString(folder.resolve("ended"))).isEqualTo(130);
    assertThat(Files.readString(folder.resolve("ended"))).doesNotContain("Exception");
  }

  @Test
  void whatCannotBeServedIsRefused() {
    assertThat(BQX.run("serve", "--http-port", "70000").code()).isEqualTo(2);
    assertThat(BQX.run("serve", "--from", "2024-08", "--to", "2024-07").code()).isEqualTo(2);
    assertThat(BQX.run("serve", "--pairs", "xxxyyy").code()).isEqualTo(2);
    CommandLineRunner.Result taken = BQX.run("serve", "--http-port", "" + address.getPort());
    assertThat(taken.code()).isEqualTo(1);
    assertThat(taken.err())
        .contains("cannot listen on port " + address.getPort() + " of 127.0.0.1", "./bqx serve");
  }

  private static Process start(String file, String... arguments) throws IOException {
    File output = folder.resolve(file).toFile();
    return new CommandLineRunner(DATABASE, READER, PASSWORD).start(output, arguments);
  }

  /** Returns the line of standard output that is the address. */
  static String firstLine(Process process, Path output) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      String text = Files.exists(output) ? Files.readString(output) : "";
      String line = text.lines().filter(one -> one.startsWith("http://")).findFirst().orElse(null);
      if (line != null && text.contains(line + "\n")) {
        return line;
      }
      assertThat(process.isAlive() && System.nanoTime() < deadline).as(text).isTrue();
      Thread.sleep(100);
    }
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send("GET", URI.create(address.toString() + path.replace("'", "%27")));
  }

  private static HttpResponse<String> send(String method, URI to)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(to)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(LIMIT_SECONDS))
            .build(),
        BodyHandlers.ofString());
  }

  private static String error(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(404);
    return json(answer).path("error").asString();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  /** Sends what no HTTP client sends, and returns the beginning of the answer. */
  private static String raw(String method, String host, String headers) throws IOException {
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), address.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "%s %s HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n"
              .formatted(method, address.getPath(), host, headers)
              .getBytes(StandardCharsets.UTF_8));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(60), StandardCharsets.UTF_8);
    }
  }
}
