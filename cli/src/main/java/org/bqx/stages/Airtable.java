package org.bqx.stages;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sets the stages' states in a table of Airtable: reads the records, finds a stage's by the field
 * that holds its version, writes the states that differ. Records are neither made nor removed.
 */
public final class Airtable {
  private static final int ATTEMPTS = 6;
  private static final int RECORDS_PER_REQUEST = 10;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Waits between two attempts. */
  interface Pause {
    void sleep(Duration duration) throws InterruptedException;
  }

  /**
   * A stage's state here and there.
   *
   * @param stage its version
   * @param record the record's id, null when the table has none for the stage
   * @param from the state in the table, null when it is empty
   * @param to the state to be set
   */
  public record Change(String stage, String record, String from, String to) {
    /** Returns whether there is something to write. */
    public boolean isNeeded() {
      return record != null && !to.equals(from);
    }
  }

  private final AirtableSettings settings;
  private final Pause pause;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** Nothing is sent yet. */
  public Airtable(AirtableSettings settings) {
    this(settings, duration -> Thread.sleep(duration.toMillis()));
  }

  Airtable(AirtableSettings settings, Pause pause) {
    this.settings = settings;
    this.pause = pause;
  }

  /** Returns what the table says of each stage and what it is to say; changes nothing. */
  public List<Change> compare(List<Stage> stages) throws InterruptedException {
    Map<String, JsonNode> records = records();
    List<Change> changes = new ArrayList<>();
    for (Stage stage : stages) {
      JsonNode record = records.get(stage.version());
      changes.add(
          new Change(
              stage.version(),
              record == null ? null : record.path("id").asString(""),
              record == null ? null : text(record, settings.statusField()),
              stage.status()));
    }
    return changes;
  }

  /** Writes the changes that are needed. */
  public void write(List<Change> changes) throws InterruptedException {
    List<Change> needed = changes.stream().filter(Change::isNeeded).toList();
    for (int from = 0; from < needed.size(); from += RECORDS_PER_REQUEST) {
      List<Map<String, Object>> records = new ArrayList<>();
      for (Change change :
          needed.subList(from, Math.min(needed.size(), from + RECORDS_PER_REQUEST))) {
        records.add(
            Map.of("id", change.record(), "fields", Map.of(settings.statusField(), change.to())));
      }
      // typecast: a status field of the kind "single select" learns a choice it lacks.
      String body =
          JsonMapper.shared().writeValueAsString(Map.of("typecast", true, "records", records));
      send(request("").method("PATCH", BodyPublishers.ofString(body)));
    }
  }

  private Map<String, JsonNode> records() throws InterruptedException {
    Map<String, JsonNode> records = new HashMap<>();
    String offset = "";
    do {
      JsonNode page = send(request(offset.isEmpty() ? "" : "?offset=" + encode(offset)).GET());
      for (JsonNode record : page.path("records")) {
        records.putIfAbsent(String.valueOf(text(record, settings.stageField())).strip(), record);
      }
      offset = page.path("offset").asString("");
    } while (!offset.isEmpty());
    return records;
  }

  private HttpRequest.Builder request(String query) {
    URI uri =
        URI.create(
            "%s/%s/%s%s"
                .formatted(
                    settings.url(), encode(settings.base()), encode(settings.table()), query));
    return HttpRequest.newBuilder(uri)
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + settings.key())
        .header("Content-Type", "application/json");
  }

  /** Too many requests, a server's error and a broken connection are tried again, others not. */
  private JsonNode send(HttpRequest.Builder builder) throws InterruptedException {
    HttpRequest request = builder.build();
    Duration wait = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      String problem;
      try {
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        int status = response.statusCode();
        if (status == 200) {
          return JsonMapper.shared().readTree(response.body());
        }
        problem = "HTTP %d%s".formatted(status, error(response.body()));
        if (status != 429 && status < 500) {
          throw failure(problem, status);
        }
        wait = pauseOf(response, wait);
      } catch (IOException broken) {
        problem = String.valueOf(broken);
      } catch (JacksonException notJson) {
        throw failure("the answer is not JSON", 200);
      }
      if (attempt == ATTEMPTS) {
        throw failure("%s, %d times".formatted(problem, ATTEMPTS), 0);
      }
      pause.sleep(wait);
      wait = shorter(wait.multipliedBy(2));
    }
  }

  private static Duration pauseOf(HttpResponse<String> response, Duration otherwise) {
    String seconds = response.headers().firstValue("Retry-After").orElse("");
    return seconds.matches("\\d{1,6}")
        ? shorter(Duration.ofSeconds(Long.parseLong(seconds)))
        : otherwise;
  }

  private static Duration shorter(Duration wanted) {
    return wanted.compareTo(LONGEST_PAUSE) < 0 ? wanted : LONGEST_PAUSE;
  }

  private Failure failure(String problem, int status) {
    String hint =
        switch (status) {
          case 401, 403 -> "check AIRTABLE_API_KEY and what it may do in the base";
          case 404 -> "check AIRTABLE_BASE_ID and --airtable-table";
          case 422 -> "check --airtable-stage-field and --airtable-status-field";
          default -> null;
        };
    return new Failure(
        ExitCode.FAILED,
        "airtable, %s: %s".formatted(settings, problem.replace(settings.key(), "…")),
        hint);
  }

  private static String error(String body) {
    try {
      JsonNode error = JsonMapper.shared().readTree(body).path("error");
      String text = error.isString() ? error.asString("") : error.path("message").asString("");
      return text.isEmpty() ? "" : ", " + Printable.of(text);
    } catch (JacksonException notJson) {
      return "";
    }
  }

  private static String text(JsonNode record, String field) {
    JsonNode value = record.path("fields").path(field);
    return value.isMissingNode() || value.isNull() ? null : value.asString(value.toString());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
