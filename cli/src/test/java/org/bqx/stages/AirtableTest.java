package org.bqx.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bqx.failure.Failure;
import org.bqx.stages.Airtable.Change;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against a server on loopback that answers as the API's documentation says. */
class AirtableTest {
  private static final String KEY = "patSecret.123";
  private static final String TWO_RECORDS =
      """
      {"records": [
        {"id": "rec1", "fields": {"Stage": "1.5.1", "State": "complete"}},
        {"id": "rec2", "fields": {"Stage": "1.5.4.3"}}]}
      """;

  private record Answer(int status, String body, String retryAfter) {}

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private final List<String> bodies = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private HttpServer server;
  private Airtable airtable;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    airtable =
        new Airtable(
            new AirtableSettings(
                URI.create("http://127.0.0.1:%d/v0".formatted(server.getAddress().getPort())),
                "app42",
                KEY,
                "My stages",
                "Stage",
                "State"),
            pauses::add);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void comparesWithoutWriting() throws InterruptedException {
    answers.add(new Answer(200, TWO_RECORDS, null));
    assertThat(airtable.compare(stages()))
        .containsExactly(
            new Change("1.5.1", "rec1", "complete", "complete"),
            new Change("1.5.4.3", "rec2", null, "in progress (38.3 %)"),
            new Change("1.5.5.3", null, null, "todo"));
    assertThat(requests).containsExactly("GET /v0/app42/My%20stages Bearer " + KEY);
  }

  @Test
  void readsEveryPage() throws InterruptedException {
    answers.add(new Answer(200, "{\"records\": [], \"offset\": \"itr/7\"}", null));
    answers.add(new Answer(200, TWO_RECORDS, null));
    assertThat(airtable.compare(stages()).get(0).record()).isEqualTo("rec1");
    assertThat(requests.get(1)).startsWith("GET /v0/app42/My%20stages?offset=itr%2F7 ");
  }

  @Test
  void writesWhatDiffersAlone() throws InterruptedException {
    answers.add(new Answer(200, "{}", null));
    airtable.write(
        List.of(
            new Change("1.5.1", "rec1", "complete", "complete"),
            new Change("1.5.4.3", "rec2", null, "todo"),
            new Change("1.5.5.3", null, null, "todo")));
    assertThat(requests).containsExactly("PATCH /v0/app42/My%20stages Bearer " + KEY);
    assertThat(bodies.get(0))
        .contains("rec2")
        .contains("\"State\":\"todo\"")
        .doesNotContain("rec1");
  }

  @Test
  void writesTenRecordsARequest() throws InterruptedException {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      changes.add(new Change("1." + i, "rec" + i, null, "todo"));
    }
    answers.add(new Answer(200, "{}", null));
    answers.add(new Answer(200, "{}", null));
    airtable.write(changes);
    assertThat(bodies).hasSize(2);
    assertThat(bodies.get(1)).contains("rec10").doesNotContain("rec9");
  }

  @Test
  void waitsAsLongAsTheServerSaysAndTriesAgain() throws InterruptedException {
    answers.add(new Answer(429, "{}", "7"));
    answers.add(new Answer(503, "down", null));
    answers.add(new Answer(200, TWO_RECORDS, null));
    assertThat(airtable.compare(stages())).hasSize(3);
    assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(14));
  }

  @Test
  void givesUpAfterSixAttemptsAndDoesNotWaitForEver() {
    for (int i = 0; i < 6; i++) {
      answers.add(new Answer(429, "{}", "86400"));
    }
    assertThatThrownBy(() -> airtable.compare(stages()))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("HTTP 429, 6 times");
    assertThat(pauses).hasSize(5).containsOnly(Duration.ofSeconds(60));
  }

  @Test
  void aRefusalIsNotTriedAgainAndDoesNotShowTheKey() {
    answers.add(new Answer(401, "{\"error\": {\"message\": \"bad token " + KEY + "\"}}", null));
    assertThatThrownBy(() -> airtable.compare(stages()))
        .isInstanceOf(Failure.class)
        .hasMessage("airtable, base app42, table My stages: HTTP 401, bad token …")
        .hasNoCause();
    assertThat(requests).hasSize(1);
    assertThat(new AirtableSettings(null, "a", KEY, "t", "s", "f").toString()).doesNotContain(KEY);
  }

  private static List<Stage> stages() {
    return List.of(
        new Stage("1.5.1", "rates", "complete", 100, Instant.EPOCH, 1.0, "28 pairs"),
        new Stage("1.5.4.3", "backfill bqx", "in progress", 38.3412, Instant.EPOCH, 1.0, ""),
        new Stage("1.5.5.3", "backfill reg", "todo", 0, null, null, null));
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(
        "%s %s %s"
            .formatted(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toASCIIString(),
                exchange.getRequestHeaders().getFirst("Authorization")));
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    Answer answer = answers.remove();
    if (answer.retryAfter() != null) {
      exchange.getResponseHeaders().add("Retry-After", answer.retryAfter());
    }
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
