package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What can be known of the images without an engine that builds them. */
class ComposeTest {
  private static final Path ROOT = Path.of("..");
  private static final Path DOCKERFILE = ROOT.resolve("packaging/Dockerfile");
  private static final Pattern STAGE = Pattern.compile("(?m)^FROM (\\S+) AS (\\S+)$");

  @Test
  void servicesAreOfStagesThatThereAre() throws IOException {
    JsonNode compose =
        new YAMLMapper().readTree(Files.readString(ROOT.resolve("packaging/compose.yaml")));
    Set<String> stages = new TreeSet<>();
    Matcher stage = STAGE.matcher(Files.readString(DOCKERFILE));
    while (stage.find()) {
      stages.add(stage.group(2));
    }
    assertThat(stages).contains("server", "server-pljava", "cli");
    for (JsonNode service : compose.get("services")) {
      JsonNode build = service.get("build");
      assertThat(stages).contains(build.get("target").asString().replaceAll(".*:-|}", ""));
      assertThat(ROOT.resolve("packaging").resolve(build.get("context").asString())).isDirectory();
      assertThat(ROOT.resolve(build.get("dockerfile").asString())).isRegularFile();
    }
    // Reached from this machine alone.
    compose
        .get("services")
        .get("server")
        .get("ports")
        .forEach(port -> assertThat(port.asString()).startsWith("127.0.0.1:"));
  }

  @Test
  void whatIsCopiedIntoAnImageIsThere() throws IOException {
    List<String> copied =
        Files.readAllLines(DOCKERFILE).stream()
            .filter(line -> line.startsWith("COPY ") && !line.contains("--from="))
            .map(line -> line.split(" ")[1])
            .toList();
    assertThat(copied).isNotEmpty().allSatisfy(path -> assertThat(ROOT.resolve(path)).exists());
  }
}
