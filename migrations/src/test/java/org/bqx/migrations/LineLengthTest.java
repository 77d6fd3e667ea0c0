package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * How long lines may be in SQL and C, which no formatter looks after; .editorconfig says it too.
 */
class LineLengthTest {
  private static final int SQL = 160;
  private static final int C = 120;

  @Test
  void linesOfSqlFitAScreen() throws IOException {
    // A stage that was released is not edited any more.
    Path stages = Path.of("src/main/resources/org/bqx/migrations/stages");
    List<Path> scripts =
        files(Path.of("src/main/resources"), ".sql").stream()
            .filter(script -> !script.startsWith(stages))
            .toList();
    assertThat(scripts).hasSizeGreaterThan(50);
    assertThat(longer(scripts, SQL)).isEmpty();
  }

  @Test
  void linesOfCFitAScreen() throws IOException {
    List<Path> sources = new ArrayList<>(files(Path.of("../sqljrt"), ".c"));
    sources.addAll(files(Path.of("../sqljrt"), ".h"));
    sources.removeIf(source -> source.endsWith("classes.h"));
    assertThat(sources).hasSizeGreaterThan(5);
    assertThat(longer(sources, C)).isEmpty();
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  private static List<String> longer(List<Path> files, int limit) throws IOException {
    List<String> longer = new ArrayList<>();
    for (Path file : files) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).length() > limit) {
          longer.add("%s:%d has %d characters".formatted(file, i + 1, lines.get(i).length()));
        }
      }
    }
    return longer;
  }
}
