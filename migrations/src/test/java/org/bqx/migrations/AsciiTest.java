package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is sent to a server is ASCII: other characters are not in every database's encoding. */
class AsciiTest {
  private static final Path SCRIPTS = Path.of("src/main/resources/org/bqx");

  @Test
  void everyScriptIsAscii() throws IOException {
    try (Stream<Path> files = Files.walk(SCRIPTS)) {
      List<Path> scripts = files.filter(file -> file.toString().endsWith(".sql")).toList();
      assertThat(scripts).hasSizeGreaterThan(50);
      for (Path script : scripts) {
        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(Files.readString(script)))
            .as(script.toString())
            .isTrue();
      }
    }
  }
}
